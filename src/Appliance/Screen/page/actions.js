// What may be done from the page. Each is a command of the box; what changes something asks first.
import { texts } from './texts.en.js';
import { byId, make, say, post } from './dom.js';

let mayAct = false;

export function allowActions(allowed) {
  mayAct = allowed;
  document.body.dataset.mayAct = String(allowed);
}

/** Asks the box to do something; says in a sentence what came of it. */
export async function command(verb, target = '') {
  try {
    const answer = await post('/v1/command', { verb, target });
    const said = answer.ok ? await answer.json() : { done: false, text: answer.status === 403 ? texts.notAllowed : texts.notDone };
    tell(said.text, said.done);
    return said.done;
  } catch { // nobody answers: whoever touched the button sees that nothing came of it
    tell(texts.notDone, false);
    return false;
  }
}

/** A question over everything: what will happen, and two answers. */
export function confirm(question) {
  const dialog = byId('question');
  say(byId('question-title'), question.title);
  say(byId('question-text'), question.text);
  say(byId('question-yes'), question.yes);
  dialog.showModal();
  // Answered by the touch itself: the dialog's close event comes later, and may meet the next question.
  return new Promise(done => {
    dialog.querySelector('form').onsubmit = touch => done(touch.submitter?.value === 'yes');
    dialog.oncancel = () => done(false);
  });
}

let telling = 0;

export function tell(text, isGood) {
  const place = byId('told');
  place.dataset.good = String(isGood);
  place.hidden = false;
  say(place, text);
  clearTimeout(telling);
  telling = setTimeout(() => { place.hidden = true; say(place, ''); }, 6000);
}

/** The buttons of an opened study, when each is possible, and what may be missing for it on this box. */
export function actionsOf(key) {
  const actions = [
    ['StudyResend', texts.actions.resend, study => study.state === 'Sent', hasDestinations => (hasDestinations ? '' : texts.actions.resend.nowhere)],
    ['StudyReanalyse', texts.actions.reanalyse, study => study.state !== 'Receiving' && study.state !== 'Analysing'],
    ['StudyCancel', texts.actions.cancel, study => study.state === 'Receiving' || study.state === 'Analysing'],
  ].map(([verb, words, isPossible, missing = () => '']) => ({
    isPossible, missing,
    button: make('button', {
      type: 'button', 'data-verb': verb,
      onclick: async () => { if (await confirm(words)) await command(verb, key); },
    }, words.name),
  }));
  const element = make('div', { class: 'actions', role: 'group', 'aria-label': texts.actions.title }, ...actions.map(a => a.button));
  return {
    element,
    show(study, hasDestinations) {
      for (const { button, isPossible, missing } of actions) {
        button.title = missing(hasDestinations);
        button.disabled = !mayAct || !study || button.title !== '' || !isPossible(study);
      }
    },
  };
}
