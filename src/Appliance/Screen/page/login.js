// The login of whoever does not sit at the box.
import { texts } from './texts.en.js';
import { byId, say, sayAll, post } from './dom.js';

sayAll(texts);

byId('login').addEventListener('submit', async event => {
  event.preventDefault();
  const button = event.target.querySelector('button');
  button.disabled = true;
  say(byId('login-told'), '');
  try {
    const answer = await post('/v1/login', { name: byId('name').value, password: byId('password').value });
    const said = await answer.json();
    if (said.done) { location.replace('/'); return; }
    say(byId('login-told'), said.wait_s > 0 ? texts.loginWait(said.wait_s) : texts.loginWrong);
  } catch { // nobody answers
    say(byId('login-told'), texts.say.lost);
  }
  byId('password').value = '';
  byId('password').focus();
  button.disabled = false;
});
byId('name').focus();
