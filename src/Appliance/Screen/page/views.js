// Now, Studies, Alarms, Device: views of one snapshot.
import { texts } from './texts.en.js';
import { byId, make, say, keep, digitsOf, clockOf, secondsOf, kindOf, restOf } from './dom.js';
import { countOf, isRefused, scaleOf, waitingOf } from './progress.js';
import { drawStrip } from './strip.js';
import { glanceAt } from './glance.js';
import { command } from './actions.js';
import { makeWaiting, showWaiting } from './conflicts.js';
import { nameTag, nameShown } from './names.js';

const ANY = ['0.0.0.0', '::', '[::]'];
const RECENT = 3;

export function showNow(status, facts, open) {
  // 1. What is dialled in at the scanner.
  const { listener } = status;
  const addresses = ANY.includes(listener.address) ? facts.addresses : [listener.address];
  say(byId('dial-ae'), listener.ae_title);
  say(byId('dial-address'), addresses.slice(0, 2).join('\n') || facts.host || '–');
  say(byId('dial-port'), listener.open ? String(listener.port) : texts.closed);
  say(byId('dial-spoke'), listener.open_associations > 0 ? texts.speaking
    : listener.last_association ? ago(Date.parse(status.taken_at) - Date.parse(listener.last_association)) : texts.never);

  // 2. Where results go.
  const rows = status.destinations.map(d => ({ name: d.name, ...destinationState(d) }));
  if (rows.length === 0) rows.push({ name: texts.noDestinations, text: '', mark: '' });
  showRows(byId('destinations'), rows);

  // 3. The first alarm; the rest is one touch away.
  const alarm = status.alarms[0];
  byId('first-alarm').hidden = !alarm;
  if (alarm) showAlarm(byId('first-alarm'), alarm);

  // 4. The study in work, and those before it.
  const working = status.studies.find(s => s.state === 'Analysing') ?? status.studies.find(s => s.state === 'Receiving');
  const current = working ?? status.studies[0];
  keep(byId('current'), current ? [current] : [], s => s.key, s => studyCard(s, open), (e, s) => showStudy(e, s, status, facts));
  byId('current').dataset.empty = current ? '' : texts.firstStudy;
  glanceAt(current);
  const others = status.studies.filter(s => s !== current).slice(0, RECENT);
  keep(byId('recent'), others, s => s.key, s => studyRow(s, open), (e, s) => showStudy(e, s, status, facts));
}

export function showStudies(status, facts, open) {
  keep(byId('study-list'), status.studies, s => s.key, s => studyRow(s, open), (e, s) => showStudy(e, s, status, facts));
  byId('study-list').dataset.empty = status.studies.length === 0 ? texts.noStudies : '';
}

export function showAlarms(status) {
  keep(byId('alarm-list'), status.alarms, a => a.name || a.text, alarm => {
    const item = make('li', { class: 'alarm' });
    showAlarm(item, alarm);
    item.seen = make('button', { type: 'button', class: 'key', onclick: () => command('AlarmAck', alarm.name) }, texts.seen);
    item.waiting = makeWaiting();
    item.append(item.seen, item.waiting);
    return item;
  }, (item, alarm) => {
    showAlarm(item, alarm);
    item.seen.disabled = Boolean(alarm.acknowledged);
    say(item.seen, alarm.acknowledged ? texts.seenAt(clockOf(new Date(alarm.acknowledged))) : texts.seen);
    showWaiting(item.waiting, alarm);
  });
  byId('alarm-list').dataset.empty = status.alarms.length === 0 ? texts.noAlarms : '';
  byId('seen-all').hidden = !status.alarms.some(a => !a.acknowledged);
}

export function showDevice(status) {
  const { disk, compute, counters } = status;
  const gib = (disk.free_bytes / 2 ** 30).toFixed(disk.free_bytes < 10 * 2 ** 30 ? 1 : 0);
  showRows(byId('device-list'), [
    { name: texts.version, text: status.version },
    { name: texts.uptime, text: duration(status.uptime_s * 1000) },
    { name: texts.compute, text: compute.device, more: compute.reason },
    ...status.apps.map(a => ({ name: `${texts.app} ${a.name}`, text: a.ready ? texts.appReady : a.trouble, mark: a.ready ? 'good' : 'wait' })),
    {
      name: texts.storage, mark: disk.refuses_objects ? 'bad' : 'good',
      text: disk.refuses_objects ? texts.refusing : texts.free(Math.round(100 - disk.used_percent), gib),
    },
    { name: texts.memory, text: texts.mib(Math.round(counters.resident_bytes / 2 ** 20)) },
  ]);
  showRows(byId('check-list'), status.checks.map(c => ({
    name: texts.checks[c.name] ?? c.name, text: c.text, more: c.remedy, mark: { Pass: 'good', Degraded: 'wait' }[c.verdict] ?? 'bad',
  })));
  showRows(byId('counter-list'), Object.entries(texts.counters).map(([key, name]) => ({ name, text: String(counters[key]) })));
  const keys = [
    { name: status.identify ? texts.keys.identifyOff : texts.keys.identify, verb: status.identify ? 'IdentifyOff' : 'IdentifyOn' },
    { name: texts.keys.lamp, verb: 'LampTest' },
    { name: texts.keys.test, verb: 'SelfTest' },
    ...status.destinations.flatMap(d => [
      { name: texts.keys.echo(d.name), verb: 'DestinationEcho', target: d.name },
      { name: d.paused ? texts.keys.resume(d.name) : texts.keys.pause(d.name), verb: d.paused ? 'DestinationResume' : 'DestinationPause', target: d.name },
    ])];
  keep(byId('device-keys'), keys, k => `${k.verb.replace(/O(n|ff)$/, '')} ${k.target ?? ''}`,
    () => make('button', { type: 'button', class: 'key', onclick: event => command(event.currentTarget.dataset.verb, event.currentTarget.dataset.target) }),
    (element, key) => { element.dataset.verb = key.verb; element.dataset.target = key.target ?? ''; say(element, key.name); });
}

function showRows(list, rows) {
  keep(list, rows, r => r.name, r => make('li', {}, make('span', { class: 'name' }, r.name), make('span', { class: 'value' })), (e, r) => {
    e.dataset.mark = r.mark ?? '';
    say(e.lastChild, r.more ? `${r.text} – ${r.more}` : r.text);
  });
}

function destinationState(d) {
  if (d.paused) return { mark: 'wait', text: texts.destination.paused(d.owed) };
  if (d.reachable === false) return { mark: 'wait', text: texts.destination.down(d.owed) };
  if (d.held > 0) return { mark: 'wait', text: texts.destination.held(d.held) };
  if (d.owed > 0) return { mark: 'good', text: texts.destination.sending(d.owed) };
  return d.reachable ? { mark: 'good', text: texts.destination.good } : { mark: '', text: texts.destination.unknown };
}

function showAlarm(element, alarm) {
  if (!element.firstChild) {
    element.append(make('b'), make('p'), make('span', { class: 'since' }));
  }
  element.dataset.level = alarm.level.toLowerCase();
  say(element.children[0], alarm.text);
  say(element.children[1], alarm.remedy);
  say(element.children[2], texts.since(clockOf(new Date(alarm.since))));
}

/** The study in work: who, how far, in time? */
function studyCard(study, open) {
  return make('article', { class: 'card' },
    make('div', { class: 'who' }, make('b'), make('span', { class: 'what' }), nameTag(study.key), make('span', { class: 'number' }, texts.study(digitsOf(study.key)))),
    make('button', { type: 'button', class: 'open', 'aria-label': texts.open(digitsOf(study.key)), onclick: () => open(study.key) },
      make('canvas', { class: 'strip', 'aria-hidden': 'true' }),
      make('ol', { class: 'steps' }, ...['receive', 'analyse', 'send'].map(step =>
        make('li', { 'data-step': step }, make('i'), make('span', {}, texts.steps[step]), make('em')))),
      make('div', { class: 'budget' }, make('span', {}, texts.budget), make('div', { class: 'bar' }, make('i')), make('b'))),
    make('p', { class: 'why' }));
}

function studyRow(study, open) {
  return make('button', { type: 'button', class: 'row', onclick: () => open(study.key) },
    make('b'), make('span', { class: 'what' }), make('span', { class: 'of' }, make('canvas', { class: 'strip', 'aria-hidden': 'true' }), make('span', { class: 'stage-of' }), make('span', { class: 'patient', 'data-name-of': study.key }, nameShown(study.key))),
    make('span', { class: 'tail' }), make('span', { class: 'number' }, digitsOf(study.key)));
}

/** Nothing is sent where nobody is to have it. */
const stateOf = (study, status) => texts.states[study.state === 'Sent' && status.destinations.length === 0 ? 'Kept' : study.state] ?? study.state;

function showStudy(element, study, status, facts) {
  element.dataset.state = study.state;
  const state = stateOf(study, status);
  if (element.tagName === 'BUTTON') element.setAttribute('aria-label', texts.row(digitsOf(study.key), state, study.modality, countOf(study), nameShown(study.key)));
  say(element.querySelector('b'), state);
  say(element.querySelector('.what'), `${study.modality} ${countOf(study)}`.trim());
  drawStrip(element.querySelector('.strip'), study);
  const over = ['Receiving'].includes(study.state) ? 0
    : study.tail_ms ?? (study.state === 'Sent' ? 0 : Date.parse(status.taken_at) - Date.parse(study.last_arrival));
  const tail = element.querySelector('.tail');
  if (tail) {
    const left = study.budget_left_ms;
    tail.dataset.late = String(left != null && left < 0);
    say(tail, left != null ? texts.left(secondsOf(left)) : over > 0 ? `${secondsOf(over)} s` : clockOf(new Date(study.first_arrival)));
    say(element.querySelector('.stage-of'), stageOf(study) || doneOf(study));
    return;
  }
  showSteps(element, study, state);
  element.querySelector('.budget').hidden = isRefused(study); // nothing was to be in time
  showBudget(element.querySelector('.budget'), study.budget_left_ms, over, facts.tail_ms);
  say(element.querySelector('.why'), !study.refused ? '' : isRefused(study) ? texts.why(restOf(study.refused.why))
    : texts.whyPart(texts[kindOf(study.modality)](study.originals_not_analysed), restOf(study.refused.why)));
}

/** While an analysis runs: what is left of its time, and the bar empties. Before and after: what has gone since the last slice. */
function showBudget(budget, left, over, all) {
  budget.dataset.late = left == null ? over > all : left < 0;
  say(budget.firstChild, left == null ? texts.budget : texts.budgetLeft);
  budget.querySelector('i').style.width = `${Math.max(0, Math.min(100, (100 * (left ?? over)) / all))}%`;
  say(budget.querySelector('b'), left == null ? texts.ofSeconds(secondsOf(over), all / 1000) : texts.ofSeconds(secondsOf(left), all / 1000));
}

const percent = study => (study.progress == null || study.progress === 1 ? '' : ` ${Math.round(100 * study.progress)} %`);

/** The stage that runs, and how far it is. */
const stageOf = study => (study.stage ? `${texts.stages[study.stage] ?? study.stage}${percent(study)}` : '');

/** How much is analysed, as long as some is and some is not. */
const doneOf = study => (study.originals_analysed > 0 && waitingOf(study) > 0 ? texts.doneOf(study.originals_analysed, study.originals) : '');

const ORDER = { Receiving: 0, Analysing: 1, Delivering: 2, NotAnalysed: 2, Held: 2, Sent: 3 };

function showSteps(card, study, state) {
  const at = ORDER[study.state] ?? 0;
  const details = [
    String(study.originals),
    isRefused(study) ? texts.notAnalysed : doneOf(study) || stageOf(study) || (at === 1 ? texts.stages.Segment : study.results > 0 ? texts.objects(study.results) : ''),
    study.owed > 0 ? texts.destination.sending(study.owed) : at === 3 ? state : '',
  ];
  [...card.querySelectorAll('.steps li')].forEach((step, i) => {
    step.dataset.now = i === 1 ? analyseStep(study, at) : i === at ? 'here' : i < at ? 'done' : '';
    step.firstChild.style.width = `${100 * fillOf(study, i, at)}%`;
    say(step.lastChild, details[i]);
  });
}

/** It begins with the first slices, long before all have come. */
const analyseStep = (study, at) => (isRefused(study) ? 'skipped' : waitingOf(study) === 0 && at > 1 ? 'done'
  : at > 0 || study.originals_analysed > 0 ? 'here' : '');

/** Of the bar over a step. While it is not known how many will come, both run along the ruler of the strip, and analysing never leads. */
function fillOf(study, step, at) {
  if (step === 2) return at >= 2 ? 1 : 0;
  if (at === 0) return (step === 0 ? study.originals : study.originals_analysed) / scaleOf(study.originals);
  return step === 0 || isRefused(study) ? 1 : 1 - waitingOf(study) / study.originals;
}

function ago(ms) {
  const s = Math.max(0, Math.round(ms / 1000));
  return s < 60 ? texts.ago.s(s) : s < 3600 ? texts.ago.min(Math.floor(s / 60))
    : s < 86_400 ? texts.ago.h(Math.floor(s / 3600)) : texts.ago.d(Math.floor(s / 86_400));
}

function duration(ms) {
  const s = Math.floor(ms / 1000);
  const parts = [Math.floor(s / 86_400), Math.floor(s / 3600) % 24, Math.floor(s / 60) % 60, s % 60];
  const two = n => String(n).padStart(2, '0');
  return `${parts[0] ? `${parts[0]} d ` : ''}${two(parts[1])}:${two(parts[2])}:${two(parts[3])}`;
}
