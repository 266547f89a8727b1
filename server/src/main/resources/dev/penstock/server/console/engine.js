// What all queries share: memory, pressure, threads, disk, tables.

import { attr, card, h, keyed, say } from './dom.js';
import { get, poll } from './api.js';
import { bytes, count, line, time } from './format.js';
import { timeChart } from './chart.js';

const EVERY_MILLIS = 2000;
const MOST_HOLDERS = 8;

const ago = (ms) => (ms === 0 ? 'now' : time(-ms) + ' ago');

export function show(main, params, signal) {
  const memory = meterCard('Memory of queries and tables');
  const heap = meterCard('Heap of the JVM');
  const disk = meterCard('Spill disk');
  const pool = meterCard('Queries and threads');
  const holders = h('ul', { class: 'holders' });
  const updateHolders = keyed(holders, (x) => x.key, holder);
  const noHolders = h('p', { class: 'muted' }, 'Nothing is held.');
  const charts = {
    memory: timeChart({ title: 'Memory', unit: bytes, base: 1024, xText: ago }),
    heap: timeChart({ title: 'Heap', unit: bytes, base: 1024, xText: ago }),
    queries: timeChart({ title: 'Queries', unit: (n) => String(Math.round(10 * n) / 10), xText: ago }),
    disk: timeChart({ title: 'On disk', unit: bytes, base: 1024, xText: ago }),
  };
  const pressure = h('p', { class: 'muted' });
  const sources = h('tbody');
  const sourceTable = h('table', null, h('thead', null, h('tr', null, h('th', { scope: 'col' }, 'Name'), h('th', { scope: 'col' }, 'Kind'), h('th', { scope: 'col', class: 'num' }, 'Rows'), h('th', { scope: 'col' }, 'Columns'))), sources);
  const noSources = h('div', { class: 'empty', hidden: true }, h('strong', null, 'No tables have names'), h('p', null, 'Start the server with --data or --catalog, or use CREATE TABLE. Files can be queried by their paths.'));
  main.append(
    h('div', { class: 'head' }, h('h1', { tabindex: '-1' }, 'Engine')),
    h('div', { class: 'tiles' }, memory.element, heap.element, disk.element, pool.element),
    card('Who holds memory', null, h('div', { class: 'body' }, holders, noHolders)),
    card('The last ten minutes', null, h('div', { class: 'body' }, pressure), h('div', { class: 'body two' }, Object.values(charts).map((c) => c.element))),
    card('Sources', null, h('div', { class: 'scroll-x', tabindex: '0', role: 'region', 'aria-label': 'Sources' }, sourceTable), noSources));

  poll(EVERY_MILLIS, async () => {
    const [e, list] = await Promise.all([get('/v1/engine', signal), get('/v1/queries?ended=0', signal)]);
    memory.update(bytes(e.memory.usedBytes), 'of ' + bytes(e.memory.capBytes) + ', peak ' + bytes(e.memory.peakBytes), e.memory.usedBytes / e.memory.capBytes);
    heap.update(bytes(e.heap.usedBytes), 'of ' + bytes(e.heap.maxBytes) + (e.heap.tight ? ': tight' : ''), e.heap.usedBytes / e.heap.maxBytes, e.heap.tight);
    updateDisk(disk, e.spill);
    pool.update(count(e.queries.running), e.queries.queued + ' wait, at most ' + e.queries.most + ' · ' + e.workers + ' threads · up ' + time(e.upMillis) + ' · Java ' + e.java, null);
    updateMemory(e, list.running);
    updateCharts(e);
  }, signal);

  function updateMemory(e, running) {
    const queries = running.map((q) => ({ key: 'q' + q.id, name: 'Query ' + q.id, text: line(q.text, 80), href: '#/queries/' + q.id, held: q.memoryBytes }));
    const rest = e.memory.usedBytes - queries.reduce((sum, q) => sum + q.held, 0);
    const all = [...queries.sort((a, b) => b.held - a.held).slice(0, MOST_HOLDERS), ...(rest > 0 ? [{ key: 'rest', name: 'Tables in memory and others', text: '', held: rest }] : [])].filter((x) => x.held > 0);
    updateHolders(all.map((x) => ({ ...x, share: x.held / e.memory.capBytes })));
    noHolders.hidden = all.length > 0;
  }

  function updateCharts(e) {
    const p = e.history;
    const n = p.memoryBytes.length;
    const x = p.memoryBytes.map((_, i) => (i - n + 1) * p.everyMillis);
    charts.memory.update(x, [{ name: 'held', values: p.memoryBytes, area: true }]);
    charts.heap.update(x, [{ name: 'used', values: p.heapBytes, area: true }], { bands: p.tight });
    charts.queries.update(x, [{ name: 'running', values: p.running, area: true }, { name: 'waiting for memory', values: p.queued }], { least: 2 });
    charts.disk.update(x, [{ name: 'spilled', values: p.spilledBytes, area: true }]);
    say(pressure, e.heap.timesTight === 0
      ? 'The heap was not tight so far. It counts as tight from ' + bytes(e.heap.tightBytes) + ' of ' + (e.heap.pool || 'its old pool') + ' after a collection.'
      : 'The heap was tight ' + e.heap.timesTight + (e.heap.timesTight === 1 ? ' time, ' : ' times, ') + time(e.heap.tightMillis) + ' in all (shaded in its chart). What is opened meanwhile lies outside of the heap, and operators spill.');
  }

  tables(sources, sourceTable, noSources, signal);
  return 'Engine';
}

function meterCard(label) {
  const value = h('div', { class: 'value' }, '–');
  const under = h('div', { class: 'muted' });
  const fill = h('div', { class: 'fill' });
  const meter = h('div', { class: 'meter', 'aria-hidden': 'true' }, fill);
  return {
    element: h('div', { class: 'card tile' }, h('div', { class: 'label' }, label), value, meter, under),
    update(text, more, share, warns) {
      say(value, text);
      say(under, more);
      meter.hidden = share === null;
      attr(meter, 'class', 'meter' + (warns ? ' warn' : ''));
      fill.style.width = 100 * Math.min(1, share ?? 0) + '%';
    },
  };
}

function updateDisk(place, spill) {
  if (!spill) {
    place.update('off', 'no folder to spill to', null);
    return;
  }
  const where = [spill.directory, spill.overflow ? 'then ' + spill.overflow : ''].filter(Boolean).join(', ');
  const room = spill.quotaBytes ?? (spill.freeBytes === null ? null : spill.freeBytes + spill.heldBytes);
  const bound = spill.quotaBytes !== null ? 'quota ' + bytes(spill.quotaBytes) : spill.freeBytes === null ? 'no quota' : 'no quota, ' + bytes(spill.freeBytes) + ' free';
  place.update(bytes(spill.heldBytes), bound + ' · ' + bytes(spill.writtenBytes) + ' written so far' + (where ? ' · ' + where : ''), room === null ? null : spill.heldBytes / room);
}

function holder(first) {
  const amount = h('span', { class: 'num' });
  const fill = h('div', { class: 'fill' });
  const name = first.href ? h('a', { href: first.href }, first.name) : first.name;
  return {
    element: h('li', null, h('span', { class: 'clip' }, name, first.text ? h('span', { class: 'muted mono' }, '  ' + first.text) : null), amount, h('div', { class: 'meter', 'aria-hidden': 'true' }, fill)),
    update(x) {
      say(amount, bytes(x.held));
      fill.style.width = 100 * x.share + '%';
    },
  };
}

async function tables(body, table, none, signal) {
  let list;
  try {
    list = (await get('/v1/tables?columns=true', signal)).tables;
  } catch {
    return; // the poll tells what is wrong
  }
  table.hidden = list.length === 0;
  none.hidden = list.length > 0;
  body.append(...list.map((t) => h('tr', null, h('td', { class: 'mono' }, t.name), h('td', null, t.kind), h('td', { class: 'num' }, count(t.rows)),
    h('td', null, t.error ? h('span', { class: 'muted' }, t.error.message)
      : t.columns ? h('details', null, h('summary', null, t.columns.length + ' columns'), h('ul', null, t.columns.map((c) => h('li', null, h('span', { class: 'mono' }, c.name), ' ', h('span', { class: 'muted' }, c.type))))) : ''))));
}
