// Figures for people.

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'];

/** Bytes, powers of 1024, three digits. */
export function bytes(n) {
  if (n === null || n === undefined) return '';
  let value = n;
  let unit = 0;
  while (Math.abs(value) >= 1000 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return (unit === 0 || value >= 100 ? Math.round(value) : value >= 10 ? value.toFixed(1) : value.toFixed(2)) + ' ' + UNITS[unit];
}

/** A count with thin groups: 1,234,567. */
export const count = (n) => (n === null || n === undefined ? '' : Math.round(n).toLocaleString('en'));

/** A count in three digits: 1.23 M. */
export function short(n) {
  if (n === null || n === undefined || n < 0) return '';
  if (n < 10000) return count(n);
  for (const [size, letter] of [[1e12, 'T'], [1e9, 'G'], [1e6, 'M'], [1e3, 'k']]) {
    if (n >= size) return (n / size).toPrecision(3) + ' ' + letter;
  }
  return count(n);
}

/** Milliseconds as people say them. */
export function time(ms) {
  if (ms === null || ms === undefined) return '';
  const late = ms < 0 ? '-' : '';
  const t = Math.abs(ms);
  if (t === 0) return '0 ms';
  if (t < 1) return late + t.toFixed(2) + ' ms';
  if (t < 1000) return late + (t < 10 ? t.toFixed(1) : Math.round(t)) + ' ms';
  if (t < 60000) return late + (t / 1000).toFixed(1) + ' s';
  const sec = Math.floor(t / 1000);
  if (sec < 3600) return late + Math.floor(sec / 60) + ' min ' + String(sec % 60).padStart(2, '0') + ' s';
  const min = Math.floor(sec / 60);
  return min < 48 * 60 ? late + Math.floor(min / 60) + ' h ' + String(min % 60).padStart(2, '0') + ' min' : late + Math.floor(min / 1440) + ' d';
}

export const percent = (share) => Math.round(share * 100) + ' %';

/** When, in the time of who looks; with the day where it is another. */
export function clock(iso) {
  if (!iso) return '';
  const at = new Date(iso);
  const today = at.toDateString() === new Date().toDateString();
  return (today ? '' : at.toLocaleDateString() + ' ') + at.toLocaleTimeString();
}

/** The text of a query in one line. */
export function line(text, most = 200) {
  const one = text.trim().replaceAll(/\s+/g, ' ');
  return one.length > most ? one.slice(0, most - 1) + '…' : one;
}

export const stateName = (state) => state.replace('-', ' ');
export const isEnded = (q) => ['done', 'failed', 'cancelled', 'timed-out'].includes(q.state);
