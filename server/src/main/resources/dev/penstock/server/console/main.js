// The frame: which page, whose session, which colours.

import { announce, h } from './dom.js';
import { get, session } from './api.js';
import { askToken } from './dialogs.js';
import * as queries from './queries.js';
import * as query from './query.js';
import * as engine from './engine.js';
import * as workbench from './workbench.js';

const main = document.getElementById('content');
let leaving = new AbortController();
let shownBefore = false;

const PAGES = [
  [/^#\/queries\/(\d+)$/, query, '#/queries'],
  [/^#\/queries$/, queries, '#/queries'],
  [/^#\/engine$/, engine, '#/engine'],
  [/^#\/workbench$/, workbench, '#/workbench'],
];

function show() {
  leaving.abort();
  leaving = new AbortController();
  const found = PAGES.map(([pattern, page, tab]) => [location.hash.match(pattern), page, tab]).find(([m]) => m);
  if (!found) {
    location.replace('#/queries');
    return;
  }
  const [match, page, tab] = found;
  for (const link of document.querySelectorAll('.bar nav a')) {
    if (link.getAttribute('href') === tab) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  main.replaceChildren();
  const title = page.show(main, match.slice(1), leaving.signal);
  document.title = title + ' · Penstock';
  if (shownBefore) {
    scrollTo(0, 0);
    main.querySelector('h1')?.focus({ preventScroll: true });
    announce(title);
  }
  shownBefore = true;
}

// ---- the session

let asking = false;

async function signIn() {
  if (asking) return;
  asking = true;
  let wrong = session.token ? 'This token is not known here.' : '';
  session.token = '';
  leaving.abort();
  for (;;) {
    const token = await askToken(wrong);
    if (token === null) {
      asking = false;
      main.replaceChildren(h('section', { class: 'card empty' }, h('strong', null, 'Not signed in'),
        h('p', null, h('button', { type: 'button', class: 'main', onclick: signIn }, 'Sign in'))));
      return;
    }
    session.token = token;
    try {
      await who();
      break;
    } catch (e) {
      session.token = '';
      wrong = e.status === 401 ? 'This token is not known here.' : e.message;
    }
  }
  asking = false;
  show();
}

async function who() {
  const { caller } = await get('/v1/engine');
  const signedIn = session.token !== '';
  document.getElementById('who').textContent = signedIn ? caller.name + ' (' + caller.role + ')' : '';
  document.getElementById('sign-out').hidden = !signedIn;
}

addEventListener('penstock-unauthorized', () => signIn());
document.getElementById('sign-out').addEventListener('click', () => {
  session.token = '';
  location.reload();
});

// ---- colours

const theme = document.getElementById('theme');
theme.value = document.documentElement.dataset.theme ?? 'auto';
theme.addEventListener('change', () => {
  if (theme.value === 'auto') {
    localStorage.removeItem('penstock.theme');
    delete document.documentElement.dataset.theme;
  } else {
    localStorage.setItem('penstock.theme', theme.value);
    document.documentElement.dataset.theme = theme.value;
  }
});

addEventListener('hashchange', show);
document.querySelector('.skip').addEventListener('click', (e) => {
  e.preventDefault(); // the address is the page's
  main.focus();
});
show();
who().catch(() => { /* the page tells */ });
