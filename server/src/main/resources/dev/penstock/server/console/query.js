// One query: what it does, what is slow, what holds memory.

import { attr, card, h, say } from './dom.js';
import { change, get, poll, told } from './api.js';
import { bytes, clock, count, isEnded, percent, short, stateName, time } from './format.js';
import { askCancel, askExtend, toast } from './dialogs.js';
import { draw, ratesOf, standouts, tables } from './graph.js';
import { operators, plans } from './plans.js';
import { timeChart } from './chart.js';
import { handOver } from './handover.js';

const EVERY_MILLIS = 1000;

const FIGURES = [
  ['Owner', (q) => q.owner || 'no owner'],
  ['Begun', (q) => clock(q.begun)],
  ['Took', (q) => time(q.elapsedMillis), 'Age'],
  ['Deadline', (q) => (q.deadline ? (isEnded(q) ? clock(q.deadline) : 'in ' + time(Date.parse(q.deadline) - Date.now())) : 'none')],
  ['Planning', (q) => time(q.planningMillis)],
  ['Waited for memory', (q) => time(q.queuedMillis)],
  ['Rows read by its client', (q) => count(q.rows)],
  ['Compute time', (q) => time(q.busyMillis)],
  ['Memory', (q) => (isEnded(q) ? 'peak ' + bytes(q.peakMemoryBytes) : bytes(q.memoryBytes) + ', peak ' + bytes(q.peakMemoryBytes))],
  ['Spilled', (q) => bytes(q.spilledBytes) + (q.diskBytes ? ', ' + bytes(q.diskBytes) + ' on disk' : '')],
];

export function show(main, [id], signal) {
  let before = null;
  let latest = null;
  let planned = '';
  const badge = h('span', { class: 'badge' });
  const stop = h('button', { type: 'button', class: 'danger', onclick: () => askCancel(latest) }, 'Cancel');
  const extend = h('button', { type: 'button', onclick: () => askExtend(latest) }, 'Extend deadline');
  const priority = h('select', { 'aria-label': 'Priority', onchange: setPriority }, ['low', 'normal', 'high'].map((p) => h('option', { value: p }, p + ' priority')));
  const again = h('button', { type: 'button', onclick: () => handOver(latest.plan === latest.text ? 'plan' : 'sql', latest.text) }, 'Open in workbench');
  const analyze = h('button', { type: 'button', title: 'Runs it again, and tells how long each operator took', onclick: () => handOver('sql', 'EXPLAIN ANALYZE ' + latest.text) }, 'Explain analyze');
  const asked = h('pre', { class: 'asked', tabindex: '0', role: 'region', 'aria-label': 'Text of the query' });
  const error = h('p', { class: 'notice bad', hidden: true });
  const figures = FIGURES.map(([name]) => [h('dt', null, name), h('dd')]);
  const fill = h('div', { class: 'fill' });
  const bar = h('div', { class: 'meter', role: 'progressbar', 'aria-label': 'Progress', 'aria-valuemin': '0', 'aria-valuemax': '100' }, fill);
  const far = h('div', { class: 'sub muted' });
  const progress = h('div', { class: 'progress' }, bar, far);
  const glance = h('p', { class: 'glance' });
  const place = h('div', { class: 'graph', tabindex: '0', role: 'region', 'aria-label': 'Graph' });
  const asTables = h('details', null, h('summary', null, 'The graph as tables'), h('div', { class: 'scroll-x' }));
  const memory = timeChart({ title: 'Memory', unit: bytes, base: 1024, xText: time });
  const rows = timeChart({ title: 'Rows scanned a second', unit: short, xText: time });
  const charts = h('div', { class: 'body two' }, memory.element, rows.element);
  const noCharts = h('div', { class: 'empty' }, h('strong', null, 'Too short for a time line'), h('p', null, 'A sample is taken each second while a query runs.'));
  const ops = h('div');
  const planPlace = h('div');

  async function setPriority() {
    try {
      await change(id, { priority: priority.value });
      toast('Query ' + id + ' has ' + priority.value + ' priority.');
    } catch (e) {
      toast(told(e), true);
    }
  }

  const legend = h('span', { class: 'legend' }, [['heap', 'c1'], ['mapped', 'c2'], ['object store', 'c3'], ['disk', 'c4']].map(([name, c]) => h('span', { class: 'key' }, h('i', { class: c }), name)));
  main.append(
    h('div', { class: 'head' }, h('h1', { tabindex: '-1' }, 'Query ' + id), badge, h('div', { class: 'end' }, stop, extend, priority, analyze, again)),
    error,
    h('section', { class: 'card', 'aria-label': 'Text and figures' }, asked,
      h('div', { class: 'body' }, progress), h('div', { class: 'body' }, h('dl', { class: 'figures' }, figures.map((f) => h('div', null, f))))),
    card('Graph', [legend], h('div', { class: 'body' }, glance), place, asTables),
    card('Time line', null, charts, noCharts),
    card('Operators', null, ops),
    card('Plan', null, planPlace));

  function render(q) {
    const ended = isEnded(q);
    attr(badge, 'class', 'badge ' + q.state);
    say(badge, stateName(q.state));
    for (const control of [stop, extend, priority]) control.hidden = ended;
    stop.disabled = q.state === 'cancelling';
    analyze.hidden = !ended || q.plan === q.text || /^\s*(explain|create|insert|update|delete|copy|drop)\b/i.test(q.text);
    if (document.activeElement !== priority) priority.value = q.priority;
    say(asked, q.text);
    error.hidden = !q.error;
    say(error, q.error ? q.error.message : '');
    FIGURES.forEach(([name, text, other], i) => {
      say(figures[i][0], !ended && other ? other : name);
      say(figures[i][1], text(q));
    });
    const known = q.progress.share !== null;
    progress.parentElement.hidden = ended;
    attr(bar, 'class', 'meter' + (known ? '' : ' unknown'));
    attr(bar, 'aria-valuenow', known ? Math.round(100 * q.progress.share) : null);
    fill.style.width = known ? 100 * q.progress.share + '%' : '100%';
    say(far, known ? percent(q.progress.share) + (q.progress.leftMillis === null ? '' : ', about ' + time(q.progress.leftMillis) + ' left') : 'how far it is cannot be known');
    renderGraph(q, ended);
    renderCharts(q.samples);
    ops.replaceChildren(operators(q.graph, ended));
    const sign = q.planHash + q.rewriting.text.length;
    if (sign !== planned || !planPlace.firstChild) {
      planned = sign;
      planPlace.replaceChildren(plans(q));
    }
  }

  function renderGraph(q, ended) {
    const g = q.graph;
    if (!g.nodes.length) {
      place.replaceChildren(h('div', { class: 'empty' }, h('strong', null, 'No graph'), h('p', null, ended ? 'The query ended so soon that its graph was not kept, or before it ran.' : 'It shows up when the query runs.')));
      glance.parentElement.hidden = true;
      asTables.hidden = true;
      return;
    }
    const kept = [place.scrollLeft, place.scrollTop];
    draw(place, g, ratesOf(before, g), ended, place.clientWidth);
    [place.scrollLeft, place.scrollTop] = kept;
    before = g;
    const { busy, slow, big, peak, waits } = standouts(g);
    glance.parentElement.hidden = false;
    const parts = [];
    const part = (label, name, text) => parts.push(h('span', null, label + ' ', h('strong', null, name), text));
    if (slow) part('Busiest:', slow.name, ', ' + percent(slow.busyNanos / busy) + ' of the compute time');
    if (!ended && big) part('Holds most memory:', big.name, ', ' + bytes(big.memoryBytes));
    if (ended && peak) part('Held most memory:', peak.name, ', ' + bytes(peak.peakMemoryBytes));
    if (!ended && waits) part('Waits most:', bytes(waits.bytesWaiting), ' in ' + waits.name);
    glance.replaceChildren(...parts);
    asTables.hidden = false;
    if (asTables.open) asTables.lastChild.replaceChildren(...tables(g));
  }
  asTables.addEventListener('toggle', () => { if (asTables.open && latest) asTables.lastChild.replaceChildren(...tables(latest.graph)); });

  function renderCharts(samples) {
    const enough = samples !== null && samples.elapsedMillis.length > 1;
    charts.hidden = !enough;
    noCharts.hidden = enough;
    if (!enough) return;
    const x = samples.elapsedMillis;
    const rates = samples.rows.map((n, i) => {
      const ms = i === 0 ? x[0] : x[i] - x[i - 1];
      return ms > 0 ? Math.max(0, 1000 * (n - (i === 0 ? 0 : samples.rows[i - 1])) / ms) : 0;
    });
    memory.update(x, [{ name: 'memory', values: samples.memoryBytes, area: true }, ...(samples.spilledBytes.some((n) => n > 0) ? [{ name: 'spilled so far', values: samples.spilledBytes }] : [])]);
    rows.update(x, [{ name: 'rows', values: rates, area: true }]);
  }

  let width = innerWidth;
  addEventListener('resize', () => { if (latest && innerWidth !== width) { width = innerWidth; renderGraph(latest, isEnded(latest)); } }, { signal });

  poll(EVERY_MILLIS, async () => {
    const wasEnded = latest !== null && isEnded(latest);
    latest = await get('/v1/queries/' + id, signal);
    render(latest);
    return wasEnded ? Infinity : EVERY_MILLIS; // once more after its end: the last sample comes a little later
  }, signal);
  return 'Query ' + id;
}
