// The few lines that stand in for a framework.

export const byId = id => document.getElementById(id);

/** An element with properties and children; a property named like an attribute is set as one. */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'class') element.className = value;
    else if (value !== false && value != null) element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children);
  return element;
}

/** Puts the page's fixed words in their places. */
export function sayAll(texts) {
  for (const element of document.querySelectorAll('[data-text]')) element.textContent = texts[element.dataset.text];
  for (const element of document.querySelectorAll('[data-label]')) element.setAttribute('aria-label', texts[element.dataset.label]);
}

/** Tells the box something. Rejects where nobody answers; what the answer says is for the caller. */
export const post = (path, what = {}) =>
  fetch(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(what) });

/** Sets a text only where it differs: a screen reader is not told what has not changed. */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Keeps one element for each item, in the order of the items; elements live as long as their item, so focus stays. */
export function keep(parent, items, keyOf, create, update) {
  parent.kept ??= new Map();
  const wanted = new Set(items.map(keyOf));
  for (const [key, element] of parent.kept) {
    if (!wanted.has(key)) { element.remove(); parent.kept.delete(key); }
  }
  items.forEach((item, i) => {
    const key = keyOf(item);
    let element = parent.kept.get(key);
    if (!element) parent.kept.set(key, element = create(item));
    if (parent.children[i] !== element) parent.insertBefore(element, parent.children[i] ?? null);
    update(element, item);
  });
}

/** What objects of a modality are called: those that cut a body into slices, and all others, of which one may be a film. */
export const kindOf = modality => (['CT', 'MR', 'PT'].includes(modality) ? 'slices' : 'images');

/** A sentence as the rest of another one; it keeps the capitals of what is said in capitals. */
export const restOf = sentence => sentence.replace(/^[A-Z](?=[a-z ])/, first => first.toLowerCase());

/** The beginning of a study's key, a hash, in portions that can be read aloud. */
export const digitsOf = key => `${key.slice(0, 4)} ${key.slice(4, 8)}`;

export const clockOf = date => date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', hour12: false });

export const secondsOf = ms => (ms / 1000).toFixed(ms < 9950 ? 1 : 0);
