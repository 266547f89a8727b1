// The living graph: nodes with heat (their share of the busy time) and memory, pipes with rates and what waits in them.

import { h, s } from './dom.js';
import { bytes, count, percent, short, time } from './format.js';
import { layered } from './layout.js';

const WIDTH = 236;
const HEIGHT = 84;
const STUB = 34;
const NARROW = 720;
const HOT = 0.4;
const WARM = 0.15;

const clip = (text, most) => (text.length > most ? text.slice(0, most - 1) + '…' : text);

/** Which node feeds which, by pipes, and by what one makes and another waits for. */
export function edgesOf(graph) {
  const edges = [];
  const makes = (node, name) => node.makes.split(', ').includes(name);
  for (const pipe of graph.pipes) {
    // what a breaker gathered is taken from it as morsels: its output is no pipe, but it names the one that its end fills
    const from = graph.nodes.filter((n) => n.output === pipe.index || (n.output < 0 && makes(n, pipe.name)));
    const to = graph.nodes.filter((n) => n.inputs.includes(pipe.index));
    for (const a of from) for (const b of to) if (a !== b) edges.push({ from: a.index, to: b.index, pipe });
  }
  for (const node of graph.nodes) {
    for (const gate of node.gates) {
      const maker = graph.nodes.find((n) => n !== node && makes(n, gate));
      const same = maker && edges.find((e) => e.from === maker.index && e.to === node.index);
      if (same?.gate) same.gate += ', ' + gate;
      else if (maker && !same) edges.push({ from: maker.index, to: node.index, gate });
    }
  }
  return edges;
}

/** Rows that went through a node. Where its end is no pipe: what its operators gave, but those that give their rows in a later node. */
function rowsOf(graph, node) {
  const own = (id) => node.operators.includes(id) && !graph.nodes.some((n) => n.index > node.index && n.operators.includes(id));
  return graph.operators.reduce((most, o) => (own(o.id) ? Math.max(most, o.rows) : most), Math.max(node.rowsIn, node.rowsOut));
}

/** Rates between two looks at a graph: rows and bytes a second by pipe, busy cores by node. */
export function ratesOf(before, now) {
  const seconds = before ? (now.elapsedNanos - before.elapsedNanos) / 1e9 : 0;
  const rate = (a, b) => (seconds > 0.05 && a !== undefined && a >= 0 && b >= a ? (b - a) / seconds : null);
  return {
    pipes: now.pipes.map((p, i) => ({ rows: rate(before?.pipes[i]?.rowsIn, p.rowsIn), bytes: rate(before?.pipes[i]?.bytesIn, p.bytesIn), items: rate(before?.pipes[i]?.itemsIn, p.itemsIn) })),
    nodes: now.nodes.map((n, i) => ({ rows: rate(before?.nodes[i] && rowsOf(before, before.nodes[i]), rowsOf(now, n)), busy: rate(before?.nodes[i]?.busyNanos, n.busyNanos) })),
  };
}

/** The busiest node and the one that holds most, if any stands out. */
export function standouts(graph) {
  const busy = graph.nodes.reduce((sum, n) => sum + n.busyNanos, 0);
  const most = (f) => graph.nodes.reduce((best, n) => (best === null || f(n) > f(best) ? n : best), null);
  const slow = most((n) => n.busyNanos);
  const big = most((n) => n.memoryBytes);
  const peak = most((n) => n.peakMemoryBytes);
  const waits = graph.pipes.reduce((best, p) => (best === null || p.bytesWaiting > best.bytesWaiting ? p : best), null);
  return {
    busy,
    slow: busy > 0 ? slow : null,
    big: big?.memoryBytes > 0 ? big : null,
    peak: peak?.peakMemoryBytes > 0 ? peak : null,
    waits: waits?.bytesWaiting > 0 ? waits : null,
  };
}

/** Draws into a place; width is what it has. */
export function draw(place, graph, rates, ended, width) {
  const edges = edgesOf(graph);
  const down = width < NARROW;
  const size = down
    ? { along: HEIGHT, across: WIDTH, gapAlong: 66, gapAcross: 16 }
    : { along: WIDTH, across: HEIGHT, gapAlong: 104, gapAcross: 36 };
  // what waits for another node without taking from it may well stand beside it
  const flows = edges.filter((e) => e.pipe);
  const laid = layered(graph.nodes.length, flows, size);
  const at = (p) => (down ? { x: p.across, y: p.along + STUB } : { x: p.along + STUB + 76, y: p.across });
  const w = (down ? laid.across : laid.along + 2 * STUB + 152);
  const hgt = (down ? laid.along + 2 * STUB : laid.across) + 2;
  const marker = s('marker', { id: 'tip', viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, markerUnits: 'userSpaceOnUse', orient: 'auto-start-reverse' }, s('path', { class: 'tip', d: 'M0 0 8 4 0 8z' }));
  const svg = s('svg', { viewBox: `-1 -1 ${w + 2} ${hgt + 2}`, role: 'img', 'aria-label': summary(graph) }, s('defs', null, marker));
  const scale = Math.min(1, Math.max(down ? 0.6 : 0.66, (width - 32) / w));
  svg.style.width = w * scale + 'px';
  svg.style.height = hgt * scale + 'px';
  const out = (i) => { const p = at(laid.places[i]); return down ? { x: p.x + WIDTH / 2, y: p.y + HEIGHT } : { x: p.x + WIDTH, y: p.y + HEIGHT / 2 }; };
  const into = (i) => { const p = at(laid.places[i]); return down ? { x: p.x + WIDTH / 2, y: p.y } : { x: p.x, y: p.y + HEIGHT / 2 }; };
  const labels = s('g');
  flows.forEach((edge, i) => {
    const bends = laid.bends[i].map((b) => { const p = at(b); return down ? [{ x: p.x + WIDTH / 2, y: p.y }, { x: p.x + WIDTH / 2, y: p.y + HEIGHT }] : [{ x: p.x, y: p.y + HEIGHT / 2 }, { x: p.x + WIDTH, y: p.y + HEIGHT / 2 }]; }).flat();
    wire(svg, labels, [out(edge.from), ...bends, into(edge.to)], edge, rates, ended, down);
  });
  for (const edge of edges.filter((e) => !e.pipe)) svg.append(gate(edge, at(laid.places[edge.from]), at(laid.places[edge.to])));
  for (const pipe of graph.pipes) {
    const fed = edges.some((e) => e.pipe === pipe);
    if (fed) continue;
    for (const n of graph.nodes.filter((x) => x.inputs.includes(pipe.index))) {
      const b = into(n.index);
      wire(svg, labels, [down ? { x: b.x, y: b.y - STUB } : { x: b.x - STUB - 70, y: b.y }, b], { pipe }, rates, ended, down);
    }
    for (const n of graph.nodes.filter((x) => x.output === pipe.index)) {
      const a = out(n.index);
      wire(svg, labels, [a, down ? { x: a.x, y: a.y + STUB } : { x: a.x + STUB + 70, y: a.y }], { pipe }, rates, ended, down);
    }
  }
  const busy = graph.nodes.reduce((sum, n) => sum + n.busyNanos, 0);
  for (const n of graph.nodes) svg.append(box(n, at(laid.places[n.index]), busy, rates.nodes[n.index], ended, rowsOf(graph, n)));
  svg.append(labels);
  place.replaceChildren(svg);
}

/** A dashed line between the sides that face each other. */
function gate(edge, a, b) {
  const above = a.y + HEIGHT <= b.y;
  const beside = !above && b.y + HEIGHT > a.y;
  const left = a.x < b.x;
  const p = beside ? { x: a.x + (left ? WIDTH : 0), y: a.y + HEIGHT / 2 } : { x: a.x + WIDTH / 2, y: a.y + (above ? HEIGHT : 0) };
  const q = beside ? { x: b.x + (left ? 0 : WIDTH), y: b.y + HEIGHT / 2 } : { x: b.x + WIDTH / 2, y: b.y + (above ? 0 : HEIGHT) };
  const mid = { x: (p.x + q.x) / 2, y: (p.y + q.y) / 2 };
  const d = beside ? `M${p.x} ${p.y}C${mid.x} ${p.y} ${mid.x} ${q.y} ${q.x} ${q.y}` : `M${p.x} ${p.y}C${p.x} ${mid.y} ${q.x} ${mid.y} ${q.x} ${q.y}`;
  return s('path', { class: 'wire gate', d, 'marker-end': 'url(#tip)' }, s('title', null, 'waits for ' + edge.gate));
}

function wire(svg, labels, points, edge, rates, ended, down) {
  const { pipe } = edge;
  let d = `M${points[0].x} ${points[0].y}`;
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1], points[i]];
    const mid = down ? (a.y + b.y) / 2 : (a.x + b.x) / 2;
    d += down ? `C${a.x} ${mid} ${b.x} ${mid} ${b.x} ${b.y}` : `C${mid} ${a.y} ${mid} ${b.y} ${b.x} ${b.y}`;
  }
  const rate = rates.pipes[pipe.index];
  const flows = !ended && ((rate.bytes ?? 0) > 0 || (rate.items ?? 0) > 0);
  const full = pipe.capacityBytes > 0 && pipe.bytesWaiting > 0.75 * pipe.capacityBytes;
  const volume = Math.min(7, 1.4 + Math.log10(1 + (flows ? rate.bytes ?? 0 : pipe.bytesIn) / 4096));
  const line = s('path', { class: 'wire' + (flows ? ' flows' : '') + (full ? ' full' : ''), d, 'stroke-width': volume.toFixed(1), 'marker-end': 'url(#tip)' });
  line.append(s('title', null, pipeTitle(pipe, rate)));
  svg.append(line);
  const [a, b] = points.length > 2 ? [points[0], points[1]] : [points[0], points.at(-1)];
  const x = (a.x + b.x) / 2;
  const y = (a.y + b.y) / 2;
  const group = s('g', { class: 'pipe' });
  const text = flowText(pipe, rate, ended);
  if (text) group.append(s('text', { x: down ? x + 10 : x, y: down ? y + 4 : y - 8, 'text-anchor': down ? 'start' : 'middle' }, text));
  if (pipe.bytesWaiting > 0) group.append(pill(pipe, down ? x - 84 : x - 36, y + (down ? -8 : 6)));
  labels.append(group);
}

function flowText(pipe, rate, ended) {
  if (!ended && rate?.rows) return short(rate.rows) + ' rows/s';
  if (!ended && rate?.bytes > 1024 && pipe.rowsIn < 0) return bytes(rate.bytes) + '/s';
  if (pipe.rowsIn >= 0) return short(pipe.rowsIn) + (pipe.rowsIn === 1 ? ' row' : ' rows');
  return pipe.itemsIn > 0 ? short(pipe.itemsIn) + (pipe.ofMorsels ? ' morsel' : ' batch') + (pipe.itemsIn === 1 ? '' : pipe.ofMorsels ? 's' : 'es') : '';
}

function pipeTitle(pipe, rate) {
  const where = pipe.segments.filter((g) => g.bytesWaiting > 0).map((g) => bytes(g.bytesWaiting) + ' ' + g.kind);
  return pipe.name + ': ' + (pipe.rowsIn >= 0 ? count(pipe.rowsIn) + ' rows in, ' + count(pipe.rowsOut) + ' out, ' : '') + bytes(pipe.bytesIn) + ' in, ' + (pipe.rowsWaiting > 0 ? count(pipe.rowsWaiting) + ' rows, ' : '') + bytes(pipe.bytesWaiting) + ' waiting of ' + bytes(pipe.capacityBytes)
    + (where.length ? ' (' + where.join(', ') + ')' : '') + (rate?.bytes ? ', ' + bytes(rate.bytes) + '/s' : '');
}

export const segmentKind = (kind) => ({ heap: 'heap', mapped: 'mapped', chronicle: 'mapped', disk: 'disk', object: 'object' })[kind] ?? 'disk';

/** What waits, and where it lies. */
function pill(pipe, x, y) {
  const width = 72;
  const group = s('g', { transform: `translate(${x} ${y})` }, s('title', null, pipeTitle(pipe, null)),
    s('rect', { class: 'pill', width, height: 17, rx: 4 }), s('text', { x: width / 2, y: 11.5, 'text-anchor': 'middle' }, bytes(pipe.bytesWaiting)));
  let from = 0;
  for (const segment of pipe.segments) {
    const part = width * segment.bytesWaiting / Math.max(1, pipe.bytesWaiting);
    if (part > 0) group.append(s('rect', { class: 'seg-' + segmentKind(segment.kind), x: from, y: 14, width: Math.min(part, width - from), height: 3 }));
    from += part;
  }
  return group;
}

function box(n, p, busy, rate, ended, through) {
  const share = busy > 0 ? n.busyNanos / busy : 0;
  const heat = share >= HOT ? 'hot' : share >= WARM ? 'warm' : '';
  const group = s('g', { class: 'node' + (n.ended ? ' ended' : '') + (heat === 'hot' && share > 0.05 ? ' hot' : ''), transform: `translate(${p.x} ${p.y})`, 'data-node': n.index },
    s('title', null, `${n.name}: ${percent(share)} of the busy time (${time(n.busyNanos / 1e6)}), ${count(n.rowsIn)} rows in, ${count(n.rowsOut)} out, ${count(n.tasks)} tasks, ${bytes(n.memoryBytes)} held, peak ${bytes(n.peakMemoryBytes)}${n.spilledBytes ? ', ' + bytes(n.spilledBytes) + ' spilled' : ''}`),
    s('rect', { class: 'box', width: WIDTH, height: HEIGHT, rx: 8 }));
  const dots = Math.min(n.permits, 8);
  for (let i = 0; i < dots; i++) group.append(s('circle', { class: 'permit' + (!n.ended && i < n.permitsInUse ? ' used' : ''), cx: WIDTH - 14 - 10 * (dots - 1 - i), cy: 16, r: 3.2 }));
  const room = Math.floor((WIDTH - 30 - 10 * dots) / 7);
  const flow = !ended && !n.ended && rate?.rows ? short(rate.rows) + ' rows/s' : through > 0 ? short(through) + (through === 1 ? ' row' : ' rows') : '';
  const memory = ended || n.ended ? 'peak ' + bytes(n.peakMemoryBytes) : bytes(n.memoryBytes) + (n.peakMemoryBytes > n.memoryBytes && !n.spilledBytes ? ' (peak ' + bytes(n.peakMemoryBytes) + ')' : '');
  group.append(
    s('text', { class: 'name', x: 12, y: 20 }, clip(n.name, room)),
    s('text', { class: 'small', x: 12, y: 39 }, percent(share) + ' busy'),
    s('text', { class: 'small', x: WIDTH - 12, y: 39, 'text-anchor': 'end' }, n.ended && !ended ? 'ended' + (flow && ' · ' + flow) : flow),
    s('text', { class: 'small held', x: 12, y: 57 }, memory),
    s('text', { class: 'small', x: WIDTH - 12, y: 57, 'text-anchor': 'end' }, n.spilledBytes ? bytes(n.spilledBytes) + ' spilled' : ''),
    s('rect', { class: 'track', x: 12, y: 67, width: WIDTH - 24, height: 6, rx: 3 }),
    s('rect', { class: 'heat ' + heat, x: 12, y: 67, width: ((WIDTH - 24) * share).toFixed(1), height: 6, rx: 3 }));
  return group;
}

function summary(graph) {
  const { busy, slow, big } = standouts(graph);
  return `Graph of ${graph.nodes.length} nodes and ${graph.pipes.length} pipes.` + (slow ? ` Busiest: ${slow.name}, ${percent(slow.busyNanos / busy)} of the time.` : '')
    + (big ? ` Holds most memory: ${big.name}, ${bytes(big.memoryBytes)}.` : '') + ' The tables below tell the same.';
}

/** The same as tables. */
export function tables(graph) {
  const busy = graph.nodes.reduce((sum, n) => sum + n.busyNanos, 0);
  const head = (...names) => h('thead', null, h('tr', null, names.map((n, i) => h('th', { scope: 'col', class: i ? 'num' : null }, n))));
  const num = (text) => h('td', { class: 'num' }, text);
  const rows = (n) => (n >= 0 ? count(n) : '');
  return [
    h('table', null, h('caption', { class: 'hidden' }, 'Nodes'), head('Node', 'Busy', 'Share', 'Permits', 'Tasks', 'Rows in', 'Rows out', 'Memory', 'Peak', 'Spilled'),
      h('tbody', null, graph.nodes.map((n) => h('tr', null, h('td', null, n.name), num(time(n.busyNanos / 1e6)), num(busy ? percent(n.busyNanos / busy) : ''), num(n.permitsInUse + ' of ' + n.permits), num(count(n.tasks)),
        num(count(n.rowsIn)), num(count(n.rowsOut)), num(bytes(n.memoryBytes)), num(bytes(n.peakMemoryBytes)), num(bytes(n.spilledBytes)))))),
    h('table', null, h('caption', { class: 'hidden' }, 'Pipes'), head('Pipe', 'Batches in', 'Rows in', 'Rows out', 'Bytes in', 'Bytes out', 'Rows waiting', 'Waiting', 'Capacity', 'Where it lies'),
      h('tbody', null, graph.pipes.map((p) => h('tr', null, h('td', null, p.name), num(p.ofMorsels ? '' : count(p.itemsIn)), num(rows(p.rowsIn)), num(rows(p.rowsOut)), num(bytes(p.bytesIn)), num(bytes(p.bytesOut)), num(rows(p.rowsWaiting)), num(bytes(p.bytesWaiting)), num(bytes(p.capacityBytes)),
        num(p.segments.map((g) => g.kind + ' ' + bytes(g.bytesWaiting) + (g.opened > 1 ? ' in ' + g.opened : '')).join(', ')))))),
  ];
}
