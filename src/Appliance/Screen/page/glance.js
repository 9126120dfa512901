// Two small pictures of the study in work: the middle of what has come so far, plain and with organs.
import { texts } from './texts.en.js';
import { byId, make, say } from './dom.js';
import { endedInRefusal, organsText } from './progress.js';

const PAUSE_MS = 1000; // a picture a second shows that it lives, and costs the box next to nothing

let shown = '';
let asked = 0;
let busy = false;

export async function glanceAt(study) {
  const place = byId('glance');
  const empty = place.querySelector('.annotated p'); // told with each snapshot: its picture comes a moment later
  if (empty && study) say(empty, study.results > 0 ? '' : organsText(study));
  const wanted = study ? `${study.key} ${study.originals} ${study.state} ${study.results > 0}` : '';
  if (busy || wanted === shown || performance.now() - asked < PAUSE_MS || byId('now').hidden) return;
  busy = true;
  asked = performance.now();
  try {
    const answer = study ? await fetch(`/v1/studies/${study.key}`) : null;
    const series = answer?.ok ? (await answer.json()).series[0] : null;
    if (series) await show(place, study, series);
    place.hidden = !series;
    shown = wanted;
  } catch { // nobody answers, or a picture has gone: what is shown stays; the next snapshot asks again
  } finally {
    busy = false;
  }
}

async function show(place, study, series) {
  if (!place.firstChild) {
    place.append(...['original', 'annotated'].map(name => make('figure', { class: name },
      make('p', {}, name === 'annotated' ? organsText(study) : ''), make('img', { alt: '' }), make('img', { alt: '' }), make('figcaption', {}, texts.viewer[name]))));
  }
  const at = `/v1/studies/${study.key}/${series.series}/${Math.floor(series.slices / 2)}`;
  const grey = await load(`${at}?c=${series.centre}&w=${series.width}`);
  const colours = series.organs?.length ? await load(`${at}/colours?of=${series.labelled}`) : '';
  // What nobody analyses has nothing beside it.
  place.dataset.alone = place.lastChild.hidden = endedInRefusal(study) && !colours;
  [...place.children].forEach((figure, i) => {
    const [below, above] = figure.querySelectorAll('img');
    if (i === 0 || colours) below.src = grey; else below.removeAttribute('src');
    if (i === 1 && colours) above.src = colours; else above.removeAttribute('src');
  });
}

/** A picture is changed when it is there, so that nothing flickers. */
async function load(url) {
  const picture = new Image();
  picture.src = url;
  await picture.decode();
  return url;
}
