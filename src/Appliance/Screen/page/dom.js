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

export const clockOf = date => date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', hour12: false });

export const secondsOf = ms => (ms / 1000).toFixed(ms < 9950 ? 1 : 0);
