// A table of any length: only the rows that can be seen are elements.

import { h, s } from './dom.js';
import { count } from './format.js';

const ROW = 28;
const HEAD = 44;
const NUMBER = 96; // pixels: nine digits
const SPARE = 8;
const LEAST = 110;
const SHARE = 0.56; // of the window
const SAMPLE = 200;
const CHARACTER = 7.7;

const NUMBERS = /^(int|float|decimal|uint|double|bigint|hugeint)/;
export const isNumber = (type) => NUMBERS.test(type);

/** A value as it is shown; decimals with all their digits. */
export function cellText(value, type = '') {
  if (value === null || value === undefined) return 'null';
  const scale = /^decimal\(\d+,\s*(\d+)\)$/.exec(type)?.[1];
  if (scale > 0 && /^-?\d+(\.\d*)?$/.test(value)) {
    const [whole, part = ''] = String(value).split('.');
    return whole + '.' + part.padEnd(Number(scale), '0');
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Shows rows (see rows.js); {element, update()}. */
export function grid(rows) {
  const body = h('div', { class: 'tall', role: 'rowgroup' });
  const heads = h('div', { class: 'heads', role: 'row', 'aria-rowindex': '1' });
  const element = h('div', { class: 'grid', role: 'table', 'aria-label': 'Rows of the result', tabindex: '0' }, h('div', { role: 'rowgroup', class: 'head-group' }, heads), body);
  const shown = new Map();
  let widths = null;
  let sampled = 0;
  let dropped = 0;
  let pending = 0;

  function measure() {
    const columns = rows.columns;
    const most = columns.map((c) => Math.max(c.name.length, c.type.length - 2, 4));
    sampled = Math.min(SAMPLE, rows.lines.length);
    for (let n = rows.dropped; n < rows.dropped + sampled; n++) {
      const row = rows.row(n);
      columns.forEach((c, i) => { most[i] = Math.max(most[i], Math.min(60, cellText(row[c.name], c.type).length)); });
    }
    widths = most.map((m) => Math.round(Math.min(440, m * CHARACTER + 42)));
    heads.replaceChildren(cell('columnheader', '', 'at', NUMBER), ...columns.map((c, i) => {
      const head = cell('columnheader', c.name, isNumber(c.type) ? 'n' : '', widths[i]);
      head.append(h('small', null, c.type));
      return head;
    }));
    element.setAttribute('aria-colcount', columns.length + 1);
  }

  function cell(role, text, kind, width) {
    const one = h('div', { class: 'cell ' + kind, role }, text);
    one.style.width = width + 'px';
    return one;
  }

  function makeRow(n) {
    const values = rows.row(n);
    if (values === null) return null;
    const row = h('div', { class: 'row', role: 'row', 'aria-rowindex': n + 2 }, cell('rowheader', count(n + 1), 'at', NUMBER),
      rows.columns.map((c, i) => {
        const value = values[c.name];
        const text = cellText(value, c.type);
        const one = cell('cell', text, (value === null ? 'null ' : '') + (isNumber(c.type) ? 'n' : ''), widths[i]);
        if (text.length * CHARACTER > widths[i]) one.title = text.slice(0, 2000);
        return one;
      }));
    return row;
  }

  function render() {
    pending = 0;
    if (!rows.columns) return;
    if (!widths || (sampled < SAMPLE && rows.lines.length > sampled)) {
      measure();
      shown.forEach((row) => row.remove());
      shown.clear();
    }
    if (rows.dropped !== dropped) {
      // what was above is gone: what is looked at stays where it is
      const by = (rows.dropped - dropped) * ROW;
      dropped = rows.dropped;
      if (element.scrollTop > 0) element.scrollTop = Math.max(0, element.scrollTop - by);
      shown.forEach((row, n) => place(row, n));
    }
    body.style.height = rows.lines.length * ROW + 'px';
    element.style.height = Math.max(LEAST, Math.min(rows.lines.length * ROW + HEAD + 16, SHARE * innerHeight)) + 'px';
    element.setAttribute('aria-rowcount', rows.state === 'done' ? rows.seen + 1 : -1);
    const first = Math.max(rows.dropped, rows.dropped + Math.floor(element.scrollTop / ROW) - SPARE);
    const last = Math.min(rows.seen, rows.dropped + Math.ceil((element.scrollTop + element.clientHeight - HEAD) / ROW) + SPARE);
    for (const [n, row] of shown) {
      if (n < first || n >= last) {
        row.remove();
        shown.delete(n);
      }
    }
    for (let n = first; n < last; n++) {
      if (shown.has(n)) continue;
      const row = makeRow(n);
      if (!row) continue;
      place(row, n);
      shown.set(n, row);
      body.append(row);
    }
    rows.look(last);
  }

  function place(row, n) { row.style.transform = `translateY(${(n - rows.dropped) * ROW}px)`; }

  function update() {
    if (!pending) pending = requestAnimationFrame(render);
  }

  element.addEventListener('scroll', update, { passive: true });
  return { element, update };
}

const W = 800;
const H = 260;
const MOST_BARS = 40;
const MOST_POINTS = 2000;

/** Which columns can be drawn: {xs, ys}, names; null where there is nothing to draw. */
export function drawable(columns) {
  const ys = columns.filter((c) => isNumber(c.type)).map((c) => c.name);
  return ys.length && columns.length > 1 ? { xs: columns.map((c) => c.name), ys } : null;
}

/** Bars for texts, a line for numbers and times, of the first rows that are kept. */
export function plot(rows, x, y) {
  const column = rows.columns.find((c) => c.name === x);
  const bars = !isNumber(column.type) && !/^(date|time)/.test(column.type);
  const most = Math.min(rows.lines.length, bars ? MOST_BARS : MOST_POINTS);
  const points = [];
  for (let n = rows.dropped; n < rows.dropped + most; n++) {
    const row = rows.row(n);
    const v = Number(row[y]);
    if (row[y] !== null && Number.isFinite(v)) points.push([row[x], v]);
  }
  const [low, high] = [Math.min(0, ...points.map((p) => p[1])), Math.max(0, ...points.map((p) => p[1]))];
  const py = (v) => 10 + (H - 60) * (1 - (v - low) / (high - low || 1));
  const svg = s('svg', { class: 'chart', viewBox: `0 0 ${W} ${H}`, role: 'img', 'aria-label': `${y} by ${x}, ${points.length} ${bars ? 'bars' : 'points'}, from ${low} to ${high}` });
  for (const v of [low, (low + high) / 2, high]) svg.append(s('line', { class: 'grid', x1: 90, x2: W - 8, y1: py(v), y2: py(v) }), s('text', { x: 82, y: py(v) + 4, 'text-anchor': 'end' }, Number(v.toPrecision(4)).toLocaleString('en')));
  const step = (W - 98) / Math.max(1, points.length);
  if (bars) {
    points.forEach(([name, v], i) => {
      svg.append(s('rect', { class: 'bar-mark', x: 90 + i * step + step * 0.12, width: step * 0.76, y: Math.min(py(v), py(0)), height: Math.abs(py(v) - py(0)) }, s('title', null, cellText(name) + ': ' + v)));
      if (points.length <= 14 || i % Math.ceil(points.length / 14) === 0) svg.append(s('text', { x: 90 + (i + 0.5) * step, y: H - 30, 'text-anchor': 'middle' }, cellText(name).slice(0, 12)));
    });
  } else {
    const at = points.map((p) => (isNumber(column.type) ? Number(p[0]) : Date.parse(p[0])));
    const known = at.every(Number.isFinite) && at.length > 1;
    const pairs = points.map((p, i) => [known ? at[i] : i, p[1], p[0]]).sort((a, b) => a[0] - b[0]);
    const [x0, x1] = [pairs[0]?.[0] ?? 0, pairs.at(-1)?.[0] ?? 1];
    const px = (v) => 90 + (W - 98) * (v - x0) / (x1 - x0 || 1);
    if (pairs.length) svg.append(s('path', { class: 'line s1', d: 'M' + pairs.map(([a, b]) => px(a).toFixed(1) + ' ' + py(b).toFixed(1)).join('L') }));
    if (points.length) svg.append(s('text', { x: 90, y: H - 30 }, cellText(pairs[0][2])), s('text', { x: W - 8, y: H - 30, 'text-anchor': 'end' }, cellText(pairs.at(-1)[2])));
  }
  svg.append(s('text', { x: 90, y: H - 8 }, x));
  return { svg, points: points.length, all: most === rows.lines.length };
}
