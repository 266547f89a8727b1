// Elements, made and kept up to date. Texts are always text nodes: nothing here parses HTML.

const SVG = 'http://www.w3.org/2000/svg';

/** An element: h('td', {class: 'num', onclick: f}, 'text', child, null). */
export function h(tag, props, ...children) {
  return fill(document.createElement(tag), props, children);
}

/** The same for SVG. */
export function s(tag, props, ...children) {
  return fill(document.createElementNS(SVG, tag), props, children);
}

function fill(element, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.flat().filter((c) => c !== null && c !== undefined && c !== false));
  return element;
}

/** Changes a text only where it differs: screen readers and selections are left alone. */
export function say(element, text) {
  const now = String(text ?? '');
  if (element.textContent !== now) element.textContent = now;
}

export function attr(element, name, value) {
  if (value === null || value === undefined || value === false) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, String(value));
}

/**
 * Children that stand for items: those that are there stay (and keep the focus), others come and go.
 * make(item) gives {element, update(item)}.
 */
export function keyed(parent, key, make) {
  const known = new Map();
  return (items) => {
    const wanted = new Set(items.map(key));
    for (const [k, part] of known) {
      if (!wanted.has(k)) {
        part.element.remove();
        known.delete(k);
      }
    }
    let at = parent.firstChild;
    for (const item of items) {
      const k = key(item);
      let part = known.get(k);
      if (!part) known.set(k, (part = make(item)));
      part.update(item);
      if (part.element === at) at = at.nextSibling;
      else parent.insertBefore(part.element, at);
    }
  };
}

let later;

/** Tells those who listen to the page. */
export function announce(text) {
  const place = document.getElementById('announcer');
  clearTimeout(later);
  place.textContent = '';
  later = setTimeout(() => { place.textContent = text; }, 50);
}

/** A card with a heading. */
export function card(title, end, ...body) {
  const id = 'h-' + title.toLowerCase().replaceAll(/[^a-z]+/g, '-');
  return h('section', { class: 'card', 'aria-labelledby': id },
    h('header', null, h('h2', { id }, title), end ? h('div', { class: 'end' }, end) : null), ...body);
}

/** One of several, as buttons in a row; change(value) is told of each choice. */
export function choice(legend, name, options, chosen, change) {
  return h('fieldset', { class: 'choice' }, h('legend', { class: 'hidden' }, legend),
    options.map(([value, label]) => h('label', null,
      h('input', { type: 'radio', name, value, checked: value === chosen, onchange: () => change(value) }), label)));
}
