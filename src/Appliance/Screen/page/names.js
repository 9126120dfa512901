// Patient names: asked for by a touch, shown here and nowhere else, and gone when nobody has touched the screen for a while.
import { texts } from './texts.en.js';
import { make, say } from './dom.js';

let idleMs = 30_000;
let patients = null;
let idle = 0;
const tags = new Set();

/** PN: family^given^middle^prefix^suffix, and other scripts behind = (PS3.5 6.2.1.1). */
const spoken = name => name.split('=')[0].split('^').filter(Boolean).join(', ');

function textOf(key) {
  const patient = patients?.[key];
  return patient ? [spoken(patient.name) || texts.names.none, patient.id, patient.born.replace(/^(....)(..)(..)$/, '$1-$2-$3')].filter(Boolean).join(' · ') : '';
}

/** A place for the name of a study's patient: a button as long as it is hidden. */
export function nameTag(key) {
  const tag = make('button', { type: 'button', class: 'tag', onclick: event => { event.stopPropagation(); toggle(); } });
  tag.key = key;
  tags.add(tag);
  show(tag);
  return tag;
}

export const nameShown = key => textOf(key);

function show(tag) {
  say(tag, patients ? textOf(tag.key) || texts.names.none : texts.names.hidden);
  tag.dataset.shown = String(Boolean(patients));
}

function showAll() {
  for (const tag of tags) if (tag.isConnected) show(tag); else tags.delete(tag);
  for (const tag of document.querySelectorAll('[data-name-of]')) say(tag, textOf(tag.dataset.nameOf));
  document.body.dataset.names = String(Boolean(patients));
  dispatchEvent(new Event('names'));
}

export async function toggle() {
  if (patients) { hide(); return; }
  try {
    const answer = await fetch('/v1/patients');
    if (answer.ok) patients = await answer.json();
  } catch { /* the word already says when nobody answers */ }
  rest();
  showAll();
}

function hide() {
  patients = null;
  showAll();
}

function rest() {
  clearTimeout(idle);
  if (patients) idle = setTimeout(hide, idleMs);
}

/** The box says how long names stand without a touch. */
export function hideAfter(ms) {
  if (ms === idleMs) return;
  idleMs = ms;
  rest();
}

for (const touch of ['pointerdown', 'pointermove', 'keydown', 'wheel']) addEventListener(touch, rest, { passive: true });
// Whoever leaves the page, or lets the screen go dark, leaves no name on it.
addEventListener('visibilitychange', () => { if (document.hidden) hide(); });
