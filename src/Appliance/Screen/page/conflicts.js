// Objects that came with other content under a UID that was there: each waits for somebody to decide. As appliancectl conflicts.
import { texts } from './texts.en.js';
import { make, say, keep, post, clockOf } from './dom.js';
import { command, confirm } from './actions.js';

export const makeWaiting = () => make('ul', { class: 'waiting', hidden: true });

/** Asks what waits when the alarm says something else than before. */
export async function showWaiting(list, alarm) {
  if (alarm.event !== 'ContentConflict' || list.said === alarm.text) return;
  list.said = alarm.text;
  try {
    const answer = await post('/v1/command', { verb: 'ConflictList', target: alarm.study });
    const { conflicts } = answer.ok ? await answer.json() : { conflicts: [] };
    keep(list, conflicts, targetOf, makeRow, (row, o) => say(row.firstChild, texts.conflicts.one(o.object, sizeOf(o.bytes), clockOf(new Date(o.came)))));
    list.hidden = conflicts.length === 0;
  } catch { // nobody answers, or whoever looks may not act: the alarm says what to do
    list.said = '';
  }
}

/** By which it is decided on. */
const targetOf = o => `${o.study} ${o.object}`;

const sizeOf = bytes => (bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} KB` : `${(bytes / 1e6).toFixed(1)} MB`);

function makeRow(o) {
  const decide = (verb, words) => make('button', {
    type: 'button', class: 'key', 'data-verb': verb, onclick: async () => { if (await confirm({ ...words, title: words.title(o.object) })) await command(verb, targetOf(o)); },
  }, words.name);
  return make('li', {}, make('span'), decide('ConflictDiscard', texts.conflicts.discard), decide('ConflictAccept', texts.conflicts.accept));
}
