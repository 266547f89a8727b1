// Lines over time, in SVG.

import { h, s } from './dom.js';

const LEAST = 280;
const MOST = 900;
const H = 150;
const LEFT = 62;
const BOTTOM = 22;

/** A round figure above a value, in the steps that people count bytes (1024) or things (1000) in. */
function ceiling(most, base) {
  if (!(most > 0)) return 1;
  const unit = base === 1024 ? 1024 ** Math.floor(Math.log(most) / Math.log(1024)) : 1;
  const m = most / unit;
  const p = 10 ** Math.floor(Math.log10(m));
  return [1, 1.5, 2, 3, 4, 5, 7.5, 10].map((k) => k * p).find((k) => k >= m) * unit;
}

/**
 * A figure that is drawn anew by update(x, series): x in ms, ascending; series [{name, values, area}]; cap: a line that is named.
 * options: {title, unit (text of a value), base, xText (text of an x)}
 */
export function timeChart({ title, unit, base = 1000, xText }) {
  const svg = s('svg', { class: 'chart', role: 'img', height: H });
  const keys = h('span', { class: 'legend' });
  const readout = h('span', { class: 'readout' });
  const figure = h('figure', { class: 'chart-box' }, h('figcaption', null, h('strong', null, title), keys, readout), svg);
  let drawn = null;

  function update(x, series, { bands, least = 0 } = {}) {
    drawn = { x, series };
    const W = Math.round(Math.min(MOST, Math.max(LEAST, svg.getBoundingClientRect().width)));
    drawn.W = W;
    svg.setAttribute('viewBox', `0 0 ${W} ${H}`);
    const most = Math.max(least, ...series.flatMap((one) => one.values));
    const top = ceiling(most, base);
    const [x0, x1] = [x[0] ?? 0, Math.max(x.at(-1) ?? 1, (x[0] ?? 0) + 1)];
    const px = (v) => LEFT + (W - LEFT - 6) * (v - x0) / (x1 - x0);
    const py = (v) => H - BOTTOM - (H - BOTTOM - 8) * v / top;
    drawn.px = px;
    drawn.x0 = x0;
    drawn.x1 = x1;
    const parts = [];
    for (const part of [0, 0.5, 1]) {
      parts.push(s('line', { class: 'grid', x1: LEFT, x2: W - 6, y1: py(top * part), y2: py(top * part) }),
        s('text', { x: LEFT - 8, y: py(top * part) + 4, 'text-anchor': 'end' }, unit(top * part)));
    }
    if (x.length) parts.push(s('text', { x: LEFT, y: H - 5 }, xText(x0)), s('text', { x: W - 6, y: H - 5, 'text-anchor': 'end' }, xText(x1)));
    if (bands) bands.forEach((on, i) => { if (on && i > 0) parts.push(s('rect', { class: 'band', x: px(x[i - 1]), width: px(x[i]) - px(x[i - 1]), y: 8, height: H - BOTTOM - 8 })); });
    series.forEach((one, k) => {
      if (one.values.length < 1) return;
      const points = one.values.map((v, i) => px(x[i]).toFixed(1) + ' ' + py(v).toFixed(1));
      if (one.area) parts.push(s('path', { class: 'area s' + (k + 1), d: 'M' + px(x[0]) + ' ' + py(0) + 'L' + points.join('L') + 'L' + px(x.at(-1)) + ' ' + py(0) + 'Z' }));
      parts.push(s('path', { class: 'line s' + (k + 1), d: 'M' + points.join('L') }));
    });
    drawn.cursor = s('line', { class: 'now', y1: 8, y2: H - BOTTOM, visibility: 'hidden' });
    svg.replaceChildren(...parts, drawn.cursor);
    keys.replaceChildren(...(series.length > 1 ? series.map((one, k) => h('span', { class: 'key' }, h('i', { class: 'c' + (k + 1) }), one.name)) : []));
    const last = series.map((one) => (series.length > 1 ? one.name + ' ' : '') + (one.values.length ? unit(one.values.at(-1)) : 'nothing')).join(', ');
    svg.setAttribute('aria-label', `${title}: now ${last}; at most ${unit(Math.max(0, ...series.flatMap((one) => one.values)))}`);
    if (!readout.dataset.held) readout.textContent = 'now ' + last;
  }

  svg.addEventListener('pointermove', (e) => {
    if (!drawn || !drawn.x.length) return;
    const box = svg.getBoundingClientRect();
    const at = drawn.x0 + ((e.clientX - box.left) * drawn.W / box.width - LEFT) / (drawn.W - LEFT - 6) * (drawn.x1 - drawn.x0);
    let best = 0;
    drawn.x.forEach((v, i) => { if (Math.abs(v - at) < Math.abs(drawn.x[best] - at)) best = i; });
    drawn.cursor.setAttribute('x1', drawn.px(drawn.x[best]));
    drawn.cursor.setAttribute('x2', drawn.px(drawn.x[best]));
    drawn.cursor.setAttribute('visibility', 'visible');
    readout.dataset.held = '1';
    readout.textContent = xText(drawn.x[best]) + ': ' + drawn.series.map((one) => (drawn.series.length > 1 ? one.name + ' ' : '') + unit(one.values[best])).join(', ');
  });
  svg.addEventListener('pointerleave', () => {
    delete readout.dataset.held;
    drawn?.cursor.setAttribute('visibility', 'hidden');
  });
  return { element: figure, update };
}
