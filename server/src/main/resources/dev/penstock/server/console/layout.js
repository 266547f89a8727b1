// Places for the nodes of an acyclic graph: in layers from the sources on (longest path), the order within a layer by the mean place of
// neighbours (Sugiyama's method), edges over more than one layer led through places of their own.

const SWEEPS = 6;

/**
 * nodes: how many; edges: [{from, to}]; size: {along, across, gapAlong, gapAcross}, along being the direction of the flow.
 * Gives {places: [{along, across}], bends: for each edge the places that it goes through, along, across: the extent}.
 */
export function layered(nodes, edges, size) {
  const layer = layersOf(nodes, edges);
  const layers = [];
  const put = (id, l) => (layers[l] ??= []).push(id);
  for (let i = 0; i < nodes; i++) put(i, layer[i]);
  // a place in each layer that an edge crosses
  let next = nodes;
  const links = [];
  const through = edges.map(({ from, to }) => {
    const way = [];
    let last = from;
    for (let l = layer[from] + 1; l < layer[to]; l++) {
      put(next, l);
      links.push([last, next]);
      way.push(next);
      last = next++;
    }
    links.push([last, to]);
    return way;
  });
  order(layers, links);
  const step = size.across + size.gapAcross;
  const most = Math.max(...layers.map((l) => l.length));
  const places = [];
  layers.forEach((ids, l) => {
    const first = (most - ids.length) * step / 2;
    ids.forEach((id, i) => { places[id] = { along: l * (size.along + size.gapAlong), across: first + i * step }; });
  });
  return {
    places: places.slice(0, nodes),
    bends: through.map((way) => way.map((id) => places[id])),
    along: layers.length * (size.along + size.gapAlong) - size.gapAlong,
    across: most * step - size.gapAcross,
  };
}

function layersOf(nodes, edges) {
  const layer = new Array(nodes).fill(0);
  // an edge that leads back would move its end forever: so many rounds are enough without one
  for (let round = 0, moved = true; moved && round < nodes; round++) {
    moved = false;
    for (const { from, to } of edges) {
      if (from !== to && layer[to] < layer[from] + 1 && layer[from] + 1 < nodes) {
        layer[to] = layer[from] + 1;
        moved = true;
      }
    }
  }
  // a source stands next to what it feeds
  for (let i = 0; i < nodes; i++) {
    const out = edges.filter((e) => e.from === i);
    if (out.length && !edges.some((e) => e.to === i)) layer[i] = Math.max(0, Math.min(...out.map((e) => layer[e.to])) - 1);
  }
  return layer;
}

function order(layers, links) {
  const at = new Map();
  const number = () => layers.forEach((ids) => ids.forEach((id, i) => at.set(id, i - ids.length / 2)));
  number();
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const forth = sweep % 2 === 0;
    for (const ids of forth ? layers : layers.toReversed()) {
      const wish = new Map(ids.map((id) => {
        const near = links.filter(([a, b]) => (forth ? b : a) === id).map(([a, b]) => at.get(forth ? a : b));
        return [id, near.length ? near.reduce((x, y) => x + y, 0) / near.length : at.get(id)];
      }));
      ids.sort((a, b) => wish.get(a) - wish.get(b));
      ids.forEach((id, i) => at.set(id, i - ids.length / 2));
    }
  }
}
