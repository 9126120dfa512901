// Objects that came with other content under a UID that was there: each waits for somebody to decide. As appliancectl conflicts.
import { texts } from './texts.en.js';
import { make, say, keep, post, clockOf } from './dom.js';
import { command, confirm } from './actions.js';

const LINE = /^(\S+) (\S+): series (\S+), (\d+) bytes, came (\S+) (\S+)$/;

/** The study whose objects an alarm is about; empty where it is about something else. */
export const studyOf = alarm => (alarm.event === 'ContentConflict' ? alarm.name.split(' ')[1] ?? '' : '');

export const makeWaiting = () => make('ul', { class: 'waiting', hidden: true });

/** Asks what waits when the alarm says something else than before. */
export async function showWaiting(list, alarm) {
  const study = studyOf(alarm);
  if (!study || list.said === alarm.text) return;
  list.said = alarm.text;
  try {
    const answer = await post('/v1/command', { verb: 'ConflictList', target: study });
    const lines = answer.ok ? (await answer.json()).lines ?? [] : [];
    const objects = lines.map(line => LINE.exec(line)).filter(Boolean)
      .map(([, of, object, series, bytes, day, time]) => ({ target: `${of} ${object}`, object, series, bytes: +bytes, came: new Date(`${day}T${time}`) }));
    keep(list, objects, o => o.target, makeRow, (row, o) => say(row.firstChild, texts.conflicts.one(o.object, sizeOf(o.bytes), clockOf(o.came))));
    list.hidden = objects.length === 0;
  } catch { // nobody answers, or whoever looks may not act: the alarm says what to do
    list.said = '';
  }
}

const sizeOf = bytes => (bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} KB` : `${(bytes / 1e6).toFixed(1)} MB`);

function makeRow(o) {
  const decide = (verb, words) => make('button', {
    type: 'button', class: 'key', 'data-verb': verb, onclick: async () => { if (await confirm({ ...words, title: words.title(o.object) })) await command(verb, o.target); },
  }, words.name);
  return make('li', {}, make('span'), decide('ConflictDiscard', texts.conflicts.discard), decide('ConflictAccept', texts.conflicts.accept));
}
