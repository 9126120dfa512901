// An opened study: original and annotated side by side. The box draws the pictures; here they are only laid over each other.
import { texts } from './texts.en.js';
import { make, say, keep } from './dom.js';

const REST_MS = 200; // who has stopped scrolling looks: then the exact picture comes
const KEPT_PICTURES = 48;
const PRESETS = { soft: [40, 400], lung: [-600, 1500], bone: [400, 1800] };

let opened = null;

class Viewer {
  constructor(section, key) {
    this.key = key;
    this.pictures = new Map();
    this.slice = null;
    this.opacity = 0.8;
    this.colours = true;
    this.build(section);
  }

  build(section) {
    const words = texts.viewer;
    this.views = [words.original, words.annotated].map((name, i) => {
      const canvas = make('canvas', { role: 'img', 'aria-label': name });
      const corner = make('em');
      return { canvas, corner, figure: make('figure', { class: i === 1 ? 'annotated' : 'original' }, canvas, make('figcaption', {}, name), corner) };
    });
    this.range = make('input', { type: 'range', min: 0, max: 0, value: 0, class: 'slices', 'aria-label': words.slice('', ''), oninput: () => this.goTo(+this.range.value) });
    this.place = make('b', { class: 'place', 'aria-live': 'off' });
    this.strength = make('input', { type: 'range', min: 0, max: 100, value: 80, 'aria-label': words.opacity, oninput: () => { this.opacity = this.strength.value / 100; this.draw(); } });
    this.toggle = make('button', { type: 'button', class: 'switch', role: 'switch', 'aria-checked': 'true', onclick: () => this.switchColours() }, words.labels);
    this.organs = make('ul', { class: 'organs rows' });
    this.note = make('p', { class: 'note' }, words.wait);
    section.replaceChildren(
      make('div', { class: 'viewer' },
        make('div', { class: 'pair' }, ...this.views.map(v => v.figure)),
        make('div', { class: 'scroll' }, this.range, this.place)),
      make('aside', {},
        make('h2', {}, `${texts.study(`${this.key.slice(0, 4)} ${this.key.slice(4, 8)}`)} · ${words.organs}`),
        this.organs, this.note,
        make('div', { class: 'controls' },
          make('div', { class: 'blend' }, this.toggle, this.strength),
          make('div', { class: 'presets' }, ...Object.keys(PRESETS).map(name =>
            make('button', { type: 'button', onclick: () => this.setWindow(...PRESETS[name]) }, words.presets[name]))))));
    for (const view of this.views) this.listen(view.canvas);
  }

  listen(canvas) {
    canvas.addEventListener('wheel', event => { event.preventDefault(); this.goTo(this.slice + Math.sign(event.deltaY)); }, { passive: false });
    canvas.addEventListener('pointerdown', event => {
      canvas.setPointerCapture(event.pointerId);
      this.drag = { x: event.clientX, y: event.clientY, centre: this.centre, width: this.width };
    });
    canvas.addEventListener('pointermove', event => {
      if (!this.drag) return;
      // As everywhere: right is wider, down is darker.
      const { x, y, centre, width } = this.drag;
      this.setWindow(Math.round(centre + (event.clientY - y) * 2), Math.max(1, Math.round(width + (event.clientX - x) * 3)));
    });
    for (const end of ['pointerup', 'pointercancel']) canvas.addEventListener(end, () => { this.drag = null; });
  }

  async refresh() {
    if (this.refreshing) return;
    this.refreshing = true;
    try {
      const answer = await fetch(`/v1/studies/${this.key}`);
      const study = answer.ok ? await answer.json() : { series: [] };
      this.show(study.series[0]);
    } catch {
      this.show(null); // the daemon has gone; the next snapshot asks again
    } finally {
      this.refreshing = false;
    }
  }

  show(series) {
    this.series = series;
    if (!series) { say(this.note, texts.viewer.gone); return; }
    this.range.max = series.slices - 1;
    if (this.slice === null) {
      this.slice = Math.floor(series.slices / 2);
      this.setWindow(series.centre, series.width);
    }
    for (const { canvas, figure } of this.views) {
      if (canvas.width !== series.columns || canvas.height !== series.rows) { canvas.width = series.columns; canvas.height = series.rows; }
      figure.style.setProperty('--shape', String((series.columns * series.column_mm) / (series.rows * series.row_mm)));
    }
    keep(this.organs, series.organs ?? [], o => o.name, organ => {
      const chip = make('i', { class: 'chip' });
      chip.style.background = organ.colour;
      return make('li', {}, make('span', {}, chip, organ.name), make('span', { class: 'value' }));
    }, (element, organ) => say(element.lastChild, organ.ml == null ? '' : texts.viewer.volume(organ.ml.toFixed(organ.ml < 99.95 ? 1 : 0))));
    say(this.note, series.organs ? '' : texts.viewer.noLabels);
    this.draw();
  }

  goTo(slice) {
    if (!this.series) return;
    this.slice = Math.max(0, Math.min(this.series.slices - 1, slice));
    this.draw();
  }

  setWindow(centre, width) { this.centre = centre; this.width = width; this.draw(); }

  switchColours() {
    this.colours = !this.colours;
    this.toggle.setAttribute('aria-checked', String(this.colours));
    this.draw();
  }

  /** Asks for what is to be seen now; while an answer is on its way only the newest wish is remembered. */
  async draw() {
    if (!this.series || this.slice === null) return;
    this.range.value = this.slice;
    this.range.setAttribute('aria-valuetext', texts.viewer.slice(this.slice + 1, this.series.slices));
    say(this.place, `${this.slice + 1} / ${this.series.slices}`);
    for (const view of this.views) say(view.corner, texts.viewer.window(Math.round(this.width), Math.round(this.centre)));
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.fetchAndPaint(true), REST_MS);
    await this.fetchAndPaint(false);
  }

  async fetchAndPaint(exact) {
    this.wish = { slice: this.slice, exact };
    if (this.drawing) return;
    this.drawing = true;
    while (this.wish) {
      const { slice, exact: fine } = this.wish;
      this.wish = null;
      const at = `/v1/studies/${this.key}/${this.series.series}/${slice}`;
      const [grey, colours] = await Promise.all([
        this.picture(`${at}?c=${this.centre}&w=${this.width}${fine ? '&exact' : ''}`),
        this.series.organs ? this.picture(`${at}/colours?of=${this.series.labelled}`) : null]);
      if (grey) this.paint(grey, colours);
    }
    this.drawing = false;
  }

  paint(grey, colours) {
    this.frames = (this.frames ?? 0) + 1;
    this.views.forEach(({ canvas }, i) => {
      const context = canvas.getContext('2d');
      context.globalAlpha = 1;
      context.drawImage(grey, 0, 0);
      if (i === 1 && colours && this.colours) {
        context.globalAlpha = this.opacity;
        context.drawImage(colours, 0, 0);
      }
    });
    document.body.dataset.painted = String(this.slice);
  }

  async picture(url) {
    if (this.pictures.has(url)) return this.pictures.get(url);
    try {
      const answer = await fetch(url);
      if (!answer.ok) return null;
      const picture = await createImageBitmap(await answer.blob());
      this.pictures.set(url, picture);
      if (this.pictures.size > KEPT_PICTURES) {
        const [oldest] = this.pictures.keys();
        this.pictures.get(oldest).close();
        this.pictures.delete(oldest);
      }
      return picture;
    } catch {
      return null; // the word already says when nobody answers
    }
  }

  keyDown(event) {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, PageDown: 10, PageUp: -10 }[event.key];
    if (step && event.target.type !== 'range') { event.preventDefault(); this.goTo(this.slice + step); }
  }
}

addEventListener('keydown', event => opened?.viewer.keyDown(event));

export function openStudy(section, key) {
  if (opened?.key === key) return;
  opened = { key, viewer: new Viewer(section, key), seen: '' };
  opened.viewer.refresh();
}

export function closeStudy() { opened = null; }

/** A snapshot: has anything come of the study that is open? */
export function studyChanged(status) {
  if (!opened) return;
  const study = status.studies.find(s => s.key === opened.key);
  const seen = study ? `${study.originals} ${study.state} ${study.results > 0}` : '';
  if (seen !== opened.seen) {
    opened.seen = seen;
    opened.viewer.refresh();
  }
}
