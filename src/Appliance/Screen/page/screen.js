// The page: it watches the snapshots of the daemon and shows them; it decides nothing.
import { texts } from './texts.en.js';
import { byId, make, say, sayAll, post, clockOf, secondsOf } from './dom.js';
import { countOf } from './progress.js';
import { showNow, showStudies, showAlarms, showDevice } from './views.js';
import { openStudy, closeStudy, studyChanged } from './study.js';
import { allowActions, command } from './actions.js';
import { toggle, hideAfter } from './names.js';

const VIEWS = ['now', 'studies', 'alarms', 'device'];
const SILENCE_MS = 3500; // a snapshot comes each second; three missed ones are no chance
const SENT_SHOWN_MS = 60_000;

let status = null;
let heard = 0;
let facts = { addresses: [], tail_ms: 10_000, host: '' };

sayAll(texts);

for (const view of VIEWS) {
  byId('nav').append(make('button', { type: 'button', 'data-to': view, onclick: () => { location.hash = view; } },
    make('span', {}, texts.views[view]), make('b', { class: 'count', hidden: true })));
}

/** What the word says: the first that holds. */
function wordOf(now) {
  const { device, activity, alarms, studies, lamp } = now;
  if (now.identify) return 'identify';
  if (device === 'Fault' || alarms.some(a => a.level === 'Service')) return 'service';
  if (device === 'Boot' || device === 'SelfTest') return 'starting';
  if (device === 'ShuttingDown') return 'stopping';
  if (device === 'Maintenance') return 'maintenance';
  if (device === 'Updating') return 'updating';
  if (activity.receiving > 0) return 'receiving';
  if (activity.analysing > 0) return 'analysing';
  if (activity.sending) return 'sending';
  if (studies[0]?.state === 'Sent' && now.destinations.length > 0 && Date.parse(now.taken_at) - sentAt(studies[0]) < SENT_SHOWN_MS) return 'sent';
  return lamp.colour === 'Amber' ? 'attention' : 'ready';
}

const sentAt = study => Date.parse(study.last_arrival) + (study.tail_ms ?? 0);

function sentenceOf(word, now) {
  const at = state => now.studies.find(s => s.state === state);
  const tail = study => (study?.tail_ms ? secondsOf(study.tail_ms) : '');
  switch (word) {
    case 'receiving': {
      const study = at('Receiving');
      return texts.say.receiving(study.modality, countOf(study), study.originals_analysed);
    }
    case 'analysing': {
      const study = at('Analysing');
      return texts.say.analysing(study.modality, countOf(study), texts.stages[study.stage]);
    }
    case 'sending': return texts.say.sending(texts.objects(now.destinations.reduce((sum, d) => sum + d.owed, 0)));
    case 'sent': return tail(now.studies[0]) ? texts.say.sent(tail(now.studies[0])) : texts.say.sentPlain;
    case 'attention': case 'service': return now.alarms[0]?.text ?? now.lamp.meaning;
    case 'ready': {
      const last = at('Sent');
      if (last && now.destinations.length === 0) return texts.say.readyKept(clockOf(new Date(sentAt(last))));
      return last ? texts.say.readyLast(clockOf(new Date(sentAt(last))), tail(last)) : texts.say.readyFirst;
    }
    default: return texts.say[word] ?? '';
  }
}

function show() {
  const lost = !status || performance.now() - heard > SILENCE_MS;
  const word = lost ? 'lost' : wordOf(status);
  // Like the lamp itself: whoever hears nothing from the daemon shows amber.
  const lamp = lost ? { colour: 'Amber', pattern: 'Blinking', meaning: texts.say.lost } : status.lamp;
  document.body.dataset.colour = lamp.colour.toLowerCase();
  document.body.dataset.pattern = lamp.pattern.toLowerCase();
  document.body.dataset.word = word;
  byId('lamp').setAttribute('aria-label', texts.lamp(texts.colours[lamp.colour], texts.patterns[lamp.pattern], lamp.meaning));
  say(byId('word'), texts.words[word]);
  say(byId('say'), lost ? texts.say.lost : sentenceOf(word, status));
  if (!status) return;
  showNow(status, facts, open);
  showStudies(status, facts, open);
  showAlarms(status);
  showDevice(status);
  studyChanged(status);
  const count = document.querySelector('[data-to=alarms] .count');
  count.hidden = status.alarms.length === 0;
  say(count, String(status.alarms.length));
}

function open(key) { location.hash = `study/${key}`; }

function goTo() {
  const [view, key] = location.hash.slice(1).split('/');
  const shown = view === 'study' && /^[0-9a-f]+$/.test(key ?? '') ? 'study' : VIEWS.includes(view) ? view : 'now';
  document.body.dataset.shown = shown;
  for (const section of document.querySelectorAll('[data-view]')) section.hidden = section.dataset.view !== shown;
  for (const button of byId('nav').children) {
    const here = button.dataset.to === shown || (shown === 'study' && button.dataset.to === 'studies');
    if (here) button.setAttribute('aria-current', 'page'); else button.removeAttribute('aria-current');
  }
  if (shown === 'study') openStudy(byId('study'), key, status); else closeStudy();
  if (status) show();
}

const sayNames = () => say(byId('names'), document.body.dataset.names === 'true' ? texts.names.hide : texts.names.show);
addEventListener('names', () => { sayNames(); show(); }); // what a screen reader is told of a row has the name as well
sayNames();
byId('names').onclick = toggle;
byId('seen-all').onclick = () => command('AlarmAck', 'all');
byId('leave').onclick = async () => { await post('/v1/logout'); location.replace('/'); };

function tick() {
  say(byId('clock'), clockOf(new Date()));
  if (status && performance.now() - heard > SILENCE_MS) show();
}

async function readFacts() {
  try {
    const answer = await fetch('/v1/screen');
    if (answer.status === 401) { location.replace('/'); return; } // the session is over
    facts = await answer.json();
    say(byId('host'), facts.host);
    allowActions(facts.may_act);
    hideAfter(facts.names_ms);
    byId('leave').hidden = !facts.user;
    say(byId('leave'), facts.user ? texts.leave(facts.user) : '');
  } catch { /* the next minute asks again; the word already says that nobody answers */ }
}

const source = new EventSource('/v1/watch');
source.onmessage = message => {
  status = JSON.parse(message.data);
  heard = performance.now();
  show();
};
source.onerror = () => { if (source.readyState === EventSource.CLOSED) readFacts(); };
addEventListener('hashchange', goTo);
addEventListener('keydown', event => {
  if (event.key === 'Escape' && !document.querySelector('dialog[open]')) location.hash = 'now';
});
setInterval(tick, 500);
setInterval(readFacts, 60_000);
await readFacts();
goTo();
tick();
