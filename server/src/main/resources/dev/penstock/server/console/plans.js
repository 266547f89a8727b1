// A plan before and after rewriting, and what each operator did.

import { h } from './dom.js';
import { bytes, count, short, time } from './format.js';

const FAR_OFF = 10;

/** Lines of b that are not in a, by the longest common subsequence; long texts are not compared. */
function changed(a, b) {
  const [x, y] = [a.split('\n').map((t) => t.trim()), b.split('\n').map((t) => t.trim())];
  if (x.length * y.length > 250000) return null;
  const best = Array.from({ length: x.length + 1 }, () => new Uint16Array(y.length + 1));
  for (let i = x.length - 1; i >= 0; i--) {
    for (let j = y.length - 1; j >= 0; j--) best[i][j] = x[i] === y[j] ? best[i + 1][j + 1] + 1 : Math.max(best[i + 1][j], best[i][j + 1]);
  }
  const [gone, added] = [new Set(), new Set()];
  let i = 0;
  let j = 0;
  while (i < x.length || j < y.length) {
    if (i < x.length && j < y.length && x[i] === y[j]) { i++; j++; }
    else if (j >= y.length || (i < x.length && best[i + 1][j] >= best[i][j + 1])) gone.add(i++);
    else added.add(j++);
  }
  return { gone, added };
}

function listing(text, marked, kind) {
  return h('pre', { tabindex: '0', role: 'region', 'aria-label': kind === 'gone' ? 'Plan as written' : 'Plan after rewriting' },
    text.split('\n').map((line, i) => h('span', { class: marked?.has(i) ? kind : null }, line === '' ? ' ' : line)));
}

export function plans(query) {
  if (!query.plan) return h('div', { class: 'empty' }, h('strong', null, 'No plan yet'), h('p', null, 'It shows up when the text is planned; of a query that was planned long ago, or was long, it is not kept.'));
  const after = query.rewriting.text;
  const marks = after ? changed(query.plan, after) : null;
  const fired = new Map();
  for (const rule of query.rewriting.rules) fired.set(rule, (fired.get(rule) ?? 0) + 1);
  return h('div', null,
    h('div', { class: 'plans' },
      h('section', null, h('h3', { class: 'muted' }, 'As written'), listing(query.plan, marks?.gone, 'gone')),
      h('section', null, h('h3', { class: 'muted' }, 'After rewriting'),
        after ? listing(after, marks?.added, 'new') : h('p', { class: 'muted' }, 'It was not kept: the query was too short, or the plan too long.'))),
    after || fired.size ? h('div', { class: 'plans' }, h('section', null, h('h3', { class: 'muted' }, 'Rules that fired, in this order'),
      fired.size ? h('ol', { class: 'rules' }, [...fired].map(([rule, n]) => h('li', null, rule + (n > 1 ? ' ×' + n : '')))) : h('p', { class: 'muted' }, 'None.'))) : null);
}

/** How far an estimate is off, where it is far. */
function off(estimated, rows) {
  if (estimated < 0) return '';
  const factor = Math.max(estimated, 1) / Math.max(rows, 1);
  return factor > FAR_OFF ? Math.round(factor) + '× too many' : factor < 1 / FAR_OFF ? Math.round(1 / factor) + '× too few' : '';
}

/** EXPLAIN ANALYZE: the operators in the order of the plan. */
export function operators(graph, ended) {
  const list = graph.operators;
  if (!list.length) return h('div', { class: 'empty' }, h('strong', null, 'No figures of operators'), h('p', null, ended ? 'The query ended so soon that they were not kept.' : 'They show up when it runs.'));
  const timed = list.some((o) => o.busyNanos > 0);
  const busyOf = new Map();
  for (const n of graph.nodes) for (const id of n.operators) busyOf.set(id, (busyOf.get(id) ?? 0) + n.busyNanos);
  const num = (text, kind = '') => h('td', { class: 'num ' + kind }, text);
  const read = (o) => [o.readBytes > 0 ? bytes(o.readBytes) : '', o.skippedPieces > 0 ? count(o.skippedPieces) + ' of ' + count(o.readPieces + o.skippedPieces) + ' ' + (o.pieces || 'pieces') + ' skipped' : ''].filter(Boolean).join(', ');
  const names = ['Operator', timed ? 'Time' : 'Time of its nodes', 'Rows', 'Expected', 'Memory', 'Peak', 'Spilled', 'Read'];
  return h('div', { class: 'scroll-x', tabindex: '0', role: 'region', 'aria-label': 'Operators' }, h('table', { class: 'operators' },
    h('thead', null, h('tr', null, names.map((n, i) => h('th', { scope: 'col', class: i ? 'num' : null }, n)))),
    h('tbody', null, list.map((o) => {
      const cell = h('td', { class: 'op', title: o.text }, o.text);
      cell.style.paddingLeft = 16 + 18 * o.depth + 'px';
      return h('tr', null, cell, num(time((timed ? o.busyNanos : busyOf.get(o.id) ?? 0) / 1e6)), num(count(o.rows)),
        h('td', { class: 'num' }, o.estimatedRows < 0 ? '' : short(o.estimatedRows), ended && off(o.estimatedRows, o.rows) ? h('span', { class: 'off' }, ' ' + off(o.estimatedRows, o.rows)) : null),
        num(bytes(o.memoryBytes)), num(bytes(o.peakMemoryBytes)), num(o.spilledBytes ? bytes(o.spilledBytes) : ''), num(read(o)));
    }))));
}
