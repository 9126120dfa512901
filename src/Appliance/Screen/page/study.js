// An opened study: original beside annotated, three planes, and a view in space. The box draws; here is only what is wished for.
import { texts } from './texts.en.js';
import { make, say, keep, digitsOf, kindOf, restOf } from './dom.js';
import { Link } from './link.js';
import { Pane, SPACE } from './pane.js';
import { actionsOf } from './actions.js';
import { endedInRefusal, organsText } from './progress.js';
import { nameTag } from './names.js';

const REST_MS = 60; // whoever has stopped moving looks: then the exact picture comes
const NEWS_MS = 1000;
const PRESETS = { soft: [40, 400], lung: [-600, 1500], bone: [400, 1800] };
const FLAT = ['compare', 'annotated']; // ways to look that need no volume
const isSmall = matchMedia('(max-width: 1000px), (max-height: 600px)');

let opened = null;

class StudyView {
  constructor(section, key) {
    Object.assign(this, { key, at: null, centre: 40, width: 400, colours: true, strength: 80, turn: 25, tilt: 10, look: 'organs', reading: '' });
    const words = texts.viewer;
    this.panes = [
      new Pane(0, 0, words.original, this), new Pane(1, 0, words.annotated, this),
      new Pane(2, 0, words.planes.axial, this), new Pane(3, 1, words.planes.coronal, this), new Pane(4, 2, words.planes.sagittal, this),
      new Pane(5, SPACE, words.space, this)];
    this.build(section);
    this.link = new Link(news => this.hear(news), (pane, picture, isFine) => this.paint(pane, picture, isFine));
    this.link.open(key);
    this.sizes = new ResizeObserver(() => this.draw());
    for (const pane of this.panes) this.sizes.observe(pane.figure);
    this.setMode(isSmall.matches ? 'annotated' : 'compare');
  }

  close() {
    this.sizes.disconnect();
    this.link.close();
  }

  build(section) {
    const words = texts.viewer;
    const modes = isSmall.matches ? ['annotated', 'coronal', 'sagittal', 'space'] : ['compare', 'planes', 'space'];
    this.modes = modes.map(mode => make('button', { type: 'button', 'data-mode': mode, onclick: () => this.setMode(mode) }, words.modes[mode]));
    this.stage = make('div', { class: 'stage' }, ...this.panes.map(pane => pane.figure));
    this.range = make('input', { type: 'range', min: 0, max: 0, value: 0, class: 'slices', 'aria-label': words.slices, oninput: () => this.goTo(+this.range.value) });
    this.place = make('b', { class: 'place', 'aria-live': 'off' });
    this.scroll = make('div', { class: 'scroll' }, this.range, this.place);
    this.strengthRange = make('input', { type: 'range', min: 5, max: 100, value: 80, 'aria-label': words.opacity, oninput: () => { this.strength = +this.strengthRange.value; this.colours = true; this.draw(); } });
    this.toggle = make('button', { type: 'button', class: 'switch', role: 'switch', 'aria-checked': 'true', onclick: () => { this.colours = !this.colours; this.draw(); } }, words.labels);
    this.blend = make('div', { class: 'blend' }, this.toggle, this.strengthRange);
    this.presets = make('div', { class: 'presets', role: 'group', 'aria-label': words.windowing }, ...Object.keys(PRESETS).map(name =>
      make('button', { type: 'button', onclick: () => this.setWindow(...PRESETS[name]) }, words.presets[name])));
    this.looks = make('div', { class: 'presets', role: 'group', 'aria-label': words.look }, ...Object.keys(words.looks).map(name =>
      make('button', { type: 'button', 'data-look': name, onclick: () => { this.look = name; this.draw(); } }, words.looks[name])));
    this.organs = make('table', { class: 'organs' });
    this.organRows = make('tbody');
    this.organs.append(make('caption', {}, words.organs), this.organRows);
    this.note = make('p', { class: 'note', role: 'status' }, words.wait);
    this.title = make('h2');
    this.what = make('span', { class: 'what' });
    this.actions = actionsOf(this.key);
    section.replaceChildren(
      make('div', { class: 'viewer' },
        make('div', { class: 'bar' }, make('div', { class: 'modes', role: 'group', 'aria-label': words.view }, ...this.modes),
          make('div', { class: 'who' }, nameTag(this.key), this.what)),
        this.stage,
        this.scroll),
      make('aside', {}, this.title, this.organs, this.note,
        make('div', { class: 'controls' },
          this.blend,
          this.presets, this.looks, this.actions.element)));
    say(this.title, texts.study(digitsOf(this.key)));
  }

  /** A snapshot: what may be done with the study now, and whether anything has come. */
  changed(study, hasDestinations) {
    this.actions.show(study, hasDestinations);
    this.study = study;
    const refused = study && endedInRefusal(study) ? study.refused.why : undefined;
    if (this.refused !== refused) {
      this.refused = refused;
      this.showOrgans();
    }
    if (this.series) this.showNote();
    const seen = study ? `${study.originals} ${study.state} ${study.results > 0}` : '';
    if (seen === this.seen || performance.now() - (this.asked ?? 0) < NEWS_MS) return;
    this.seen = seen;
    this.asked = performance.now();
    this.link.open(this.key);
  }

  hear(news) {
    if (news.gone || news.busy) { this.reading = news.busy ? texts.viewer.busy : texts.viewer.gone; this.showNote(); return; }
    if (news.study) this.show(news.study.series[0]);
    if (news.of) {
      this.reading = news.read < news.of ? texts.viewer.reading(news.read, news.of) : '';
      this.showNote();
      this.draw();
    }
  }

  show(series) {
    if (!series) { this.reading = texts.viewer.gone; this.showNote(); return; }
    const isFirst = !this.series;
    this.series = series;
    if (isFirst) {
      this.at = series.counts.map(count => Math.floor(count / 2));
      [this.centre, this.width] = [series.centre, series.width];
    }
    this.reading = '';
    this.looks.querySelector('[data-look=organs]').disabled = !series.organs?.length;
    if (!series.organs?.length && this.look === 'organs') this.look = 'bone';
    else if (series.organs?.length && !this.hasOrgans) { this.hasOrgans = true; this.look = 'organs'; }
    this.kind = series.frames && series.planes.length === 1 ? 'frames' : series.planes.length > 1 ? 'slices' : kindOf(series.modality);
    say(this.what, `${series.modality} ${texts[this.kind](series.slices)}`);
    this.range.setAttribute('aria-label', texts.viewer[this.kind]);
    keep(this.organRows, series.organs ?? [], o => o.name, organ => {
      const chip = make('i', { class: 'chip' });
      chip.style.background = organ.colour;
      return make('tr', {}, make('th', { scope: 'row' }, chip, organ.name), make('td'));
    }, (element, organ) => say(element.lastChild, organ.ml == null ? '' : texts.viewer.volume(organ.ml.toFixed(organ.ml < 99.95 ? 1 : 0))));
    this.organs.hidden = !series.organs?.length;
    // One image, or a film of one place: there is nothing to cut through.
    for (const button of this.modes) button.disabled = series.planes.length === 1 && !FLAT.includes(button.dataset.mode);
    if (this.modes.some(button => button.disabled && button.dataset.mode === this.mode)) this.setMode(this.modes[0].dataset.mode);
    this.showPresets();
    this.showOrgans();
    this.draw();
  }

  /** What nobody analyses has nothing beside it: one picture, and no colours of organs. */
  showOrgans() {
    const isAlone = Boolean(this.refused || this.series?.colour) && !this.series?.organs?.length;
    this.blend.hidden = isAlone;
    this.modes[0].parentElement.hidden = isAlone && this.series?.planes.length === 1; // nothing to choose from
    this.scroll.hidden = this.series?.slices === 1;
    if (isAlone !== this.isAlone) {
      this.isAlone = isAlone;
      this.stage.dataset.alone = String(isAlone);
      this.setMode(this.mode);
    }
    const words = texts.viewer;
    this.panes[1].describe(isAlone ? words.alone : words.annotated, [], '');
    const flat = this.modes.find(button => button.dataset.mode === 'annotated');
    if (flat && this.series) say(flat, this.series.planes[0].name ? words.modes.annotated : words.modes.image);
    this.showNote();
    this.describe();
  }

  /** Soft tissue, lung and bone are windows of Hounsfield units. */
  showPresets() { this.presets.hidden = this.mode === 'space' || (this.series && this.series.modality !== 'CT'); }

  showNote() {
    say(this.note, this.reading || (this.series?.organs ? '' : this.refused ? texts.why(restOf(this.refused)) : organsText(this.study)));
  }

  setMode(mode) {
    this.mode = mode;
    this.stage.dataset.mode = mode;
    const shown = { compare: this.isAlone ? [0] : [0, 1], planes: [2, 3, 4, 5], space: [5], annotated: [1], coronal: [3], sagittal: [4] }[mode];
    for (const pane of this.panes) pane.figure.hidden = !shown.includes(pane.number);
    for (const button of this.modes) button.setAttribute('aria-pressed', String(button.dataset.mode === mode));
    this.active = this.panes[shown[0]];
    this.looks.hidden = mode !== 'space';
    this.showPresets();
    this.draw();
  }

  // ---- What fingers and keys do. ----

  onActive(pane) { if (pane.plane !== SPACE) { this.active = pane; this.describe(); } }

  onSlice(pane, steps) {
    this.active = pane.plane === SPACE ? this.active : pane;
    if (this.series) this.goTo(this.at[this.through(this.active)] + steps);
  }

  // As everywhere: right is wider, down is darker.
  onWindow(pane, dx, dy) { if (!this.series?.colour) this.setWindow(Math.round(this.centre + dy * 2), Math.max(1, Math.round(this.width + dx * 3))); }

  onZoom(pane, factor) {
    for (const each of pane.plane === SPACE ? [pane] : this.panes.filter(p => p.plane !== SPACE)) each.zoom = Math.min(16, Math.max(0.5, each.zoom * factor));
    this.draw();
  }

  onTurn(pane, dx, dy) {
    this.turn = (this.turn - dx * 0.5 + 360) % 360;
    this.tilt = Math.min(90, Math.max(-90, this.tilt + dy * 0.5));
    this.draw();
  }

  /** Where the finger is, the other planes cut. */
  onTap(pane, x, y) {
    if (!this.series || pane.plane === SPACE || this.mode !== 'planes') return;
    const plane = this.series.planes[pane.plane];
    const [across, down] = this.voxelsOf(pane, plane);
    this.at[plane.across] = clamp(Math.round(across.from + across.span * x), this.series.counts[plane.across]);
    this.at[plane.down] = clamp(Math.round(down.from + down.span * y), this.series.counts[plane.down]);
    this.draw();
  }

  goTo(slice) {
    if (!this.series) return;
    const axis = this.through(this.active);
    this.at[axis] = clamp(slice, this.series.counts[axis]);
    this.draw();
  }

  setWindow(centre, width) { this.centre = centre; this.width = width; this.draw(); }

  // ---- What is wished for. ----

  through(pane) { return this.series.planes[pane.plane]?.through ?? 2; }

  /** Voxel index at the left or upper edge of a pane and the span over it, as the box places them (PlanePicture.cs). */
  voxelsOf(pane, plane) {
    const [width, height] = pane.size;
    const { counts, spacing_mm: mm } = this.series;
    const pixel = Math.max((counts[plane.across] * mm[plane.across]) / width, (counts[plane.down] * mm[plane.down]) / height) / pane.zoom;
    return [[plane.across, width, plane.turns_across], [plane.down, height, plane.turns_down]].map(([axis, pixels, turns]) => {
      const span = ((pixels * pixel) / mm[axis]) * (turns ? -1 : 1);
      return { from: (counts[axis] - 1) / 2 - span / 2, span };
    });
  }

  draw() {
    if (!this.series) return;
    this.describe();
    this.wishFor(false);
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.rest(), REST_MS);
  }

  /** No finger is left: nothing more is waited for. */
  onLift() {
    if (!this.resting) return;
    clearTimeout(this.resting);
    this.rest();
  }

  rest() {
    this.resting = 0;
    this.wishFor(true);
  }

  wishFor(fine) {
    if (!this.series) return;
    for (const pane of this.panes) {
      const [width, height] = pane.size;
      if (pane.figure.hidden || width === 0) continue;
      const isPlane = pane.plane !== SPACE;
      this.link.wish(pane.number, isPlane
        ? {
          plane: pane.plane, at: this.at[this.through(pane)], c: this.centre, w: this.width, width, height, zoom: pane.zoom, fine,
          labels: this.colours && pane.number > 0 && this.series.organs ? this.strength : 0,
        }
        : {
          plane: SPACE, turn: this.turn, tilt: this.tilt, look: this.look, width, height, zoom: pane.zoom, fine,
          labels: this.colours && this.series.organs ? this.strength : 0,
        });
    }
  }

  describe() {
    if (!this.series) return;
    const { planes, counts } = this.series;
    const axis = this.through(this.active);
    this.range.max = counts[axis] - 1;
    this.range.value = this.at[axis];
    this.range.setAttribute('aria-valuetext', texts.viewer.slice(texts.viewer[this.kind], this.at[axis] + 1, counts[axis]));
    this.range.disabled = this.mode === 'space';
    say(this.place, this.mode === 'space' ? '' : `${this.at[axis] + 1} / ${counts[axis]}`);
    this.toggle.setAttribute('aria-checked', String(this.colours));
    for (const button of this.looks.children) button.setAttribute('aria-pressed', String(button.dataset.look === this.look));
    [...this.presets.children].forEach((button, i) => {
      const [centre, width] = Object.values(PRESETS)[i];
      button.setAttribute('aria-pressed', String(centre === this.centre && width === this.width));
    });
    for (const pane of this.panes.filter(p => !p.figure.hidden)) this.describePane(pane, planes[pane.plane]);
  }

  describePane(pane, plane) {
    pane.figure.dataset.active = String(pane === this.active && this.mode === 'planes');
    if (!plane) { pane.describe('', [], pane.plane === SPACE ? texts.viewer.turned(Math.round(this.turn), Math.round(this.tilt)) : texts.viewer.noPlane); return; }
    const isNamed = pane.number < 2; // original and annotated keep their names, whatever the scanner's plane is
    const corner = this.series.colour ? '' : texts.viewer.window(Math.round(this.width), Math.round(this.centre));
    pane.describe(isNamed ? '' : texts.viewer.planes[plane.name], plane.letters, corner);
    if (this.mode !== 'planes') { pane.cross(null); return; }
    const [across, down] = this.voxelsOf(pane, plane);
    pane.cross((this.at[plane.across] - across.from) / across.span, (this.at[plane.down] - down.from) / down.span);
  }

  paint(number, picture, isFine) {
    const pane = this.panes[number];
    pane.paint(picture, isFine);
    document.body.dataset.painted = String(this.at[2]);
  }

  keyDown(event) {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, PageDown: 10, PageUp: -10 }[event.key];
    if (step && event.target === document.body) { event.preventDefault(); this.onSlice(this.active, step); }
  }
}

const clamp = (value, count) => Math.max(0, Math.min(count - 1, value));

addEventListener('keydown', event => opened?.keyDown(event));

export function openStudy(section, key) {
  if (opened?.key === key) return;
  closeStudy();
  opened = new StudyView(section, key);
}

export function closeStudy() {
  opened?.close();
  opened = null;
}

/** A snapshot has come. */
export function studyChanged(status) {
  if (opened) opened.changed(status.studies.find(s => s.key === opened.key), status.destinations.length > 0);
}
