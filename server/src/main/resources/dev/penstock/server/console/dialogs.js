// What is asked before something is done.

import { announce, h } from './dom.js';
import { cancel, change, told } from './api.js';
import { line } from './format.js';

/** Shows a dialog until it is answered; gives the form's data, or null. */
export function ask(title, parts, yes, kind = 'main') {
  return new Promise((resolve) => {
    const form = h('form', { method: 'dialog' }, parts,
      h('div', { class: 'buttons' },
        h('button', { type: 'button', onclick: () => dialog.close() }, 'Back'),
        h('button', { type: 'submit', class: kind, value: 'yes' }, yes)));
    const dialog = h('dialog', { 'aria-labelledby': 'ask-title' }, h('h2', { id: 'ask-title' }, title), form);
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes' ? new FormData(form) : null);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** A line that goes by itself. */
export function toast(text, bad = false) {
  announce(text);
  const note = h('p', { class: 'notice ' + (bad ? 'bad' : 'good') }, text);
  const main = document.getElementById('content');
  main.querySelector(':scope > .notice.passing')?.remove();
  note.classList.add('passing');
  main.querySelector('.head')?.after(note);
  setTimeout(() => note.remove(), 6000);
}

async function tried(action, done) {
  try {
    await action();
    toast(done);
  } catch (e) {
    toast(told(e), true);
  }
}

export async function askCancel(query) {
  const sure = await ask('Cancel query ' + query.id + '?', [h('p', { class: 'text mono' }, line(query.text, 400))], 'Cancel the query', 'danger');
  if (sure) await tried(() => cancel(query.id), 'Query ' + query.id + ' is being cancelled.');
}

const LONGER = [['60', '1 minute from now'], ['600', '10 minutes from now'], ['3600', '1 hour from now'], ['', 'No deadline']];

export async function askExtend(query) {
  const data = await ask('Another deadline for query ' + query.id, [
    h('p', { class: 'text mono' }, line(query.text, 400)),
    h('fieldset', null, h('legend', null, 'It may run until'),
      LONGER.map(([value, label], i) => h('label', null, h('input', { type: 'radio', name: 'seconds', value, checked: i === 1 }), label))),
  ], 'Set the deadline');
  if (!data) return;
  const seconds = data.get('seconds');
  const what = seconds === '' ? { deadline: null } : { timeoutSeconds: Number(seconds) };
  await tried(() => change(query.id, what), 'Query ' + query.id + ' has another deadline.');
}

/** Asks for a token until one is known; null: given up. */
export async function askToken(wrong) {
  const data = await ask('Sign in', [
    h('p', null, 'This server asks for a token. It stays in this tab, and is forgotten when the tab is closed.'),
    wrong ? h('p', { class: 'notice bad', role: 'alert' }, wrong) : null,
    h('label', { class: 'field' }, h('span', null, 'Token'),
      h('input', { type: 'password', name: 'token', autocomplete: 'off', required: true, spellcheck: 'false' })),
  ], 'Sign in');
  return data ? data.get('token').trim() : null;
}
