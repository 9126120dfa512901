// The login of whoever does not sit at the box.
import { texts } from './texts.en.js';
import { byId, say } from './dom.js';

for (const element of document.querySelectorAll('[data-text]')) element.textContent = texts[element.dataset.text];

byId('login').addEventListener('submit', async event => {
  event.preventDefault();
  const button = event.target.querySelector('button');
  button.disabled = true;
  say(byId('login-told'), '');
  try {
    const answer = await fetch('/v1/login', {
      method: 'POST', headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ name: byId('name').value, password: byId('password').value }),
    });
    const said = await answer.json();
    if (said.done) { location.replace('/'); return; }
    say(byId('login-told'), said.wait_s > 0 ? texts.loginWait(said.wait_s) : texts.loginWrong);
  } catch {
    say(byId('login-told'), texts.say.lost);
  }
  byId('password').value = '';
  byId('password').focus();
  button.disabled = false;
});
byId('name').focus();
