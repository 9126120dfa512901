// One place for pictures: a canvas, the letters of the patient's sides, the lines of the other planes, and fingers on it.
import { texts } from './texts.en.js';
import { make, say } from './dom.js';

const TAP_PX = 6; // fingers tremble
export const SPACE = 3; // the view in space among the planes (Wish.cs)

export class Pane {
  /** @param owner is told: onWindow, onSlice, onTap, onTurn, onZoom, onActive, onLift. */
  constructor(number, plane, name, owner) {
    Object.assign(this, { number, plane, owner, zoom: 1, painted: 0 });
    this.canvas = make('canvas', { role: 'img', tabindex: 0, 'aria-label': name });
    this.lines = make('canvas', { class: 'lines', 'aria-hidden': 'true' });
    this.name = make('figcaption', {}, name);
    this.corner = make('em');
    this.letters = ['left', 'right', 'top', 'bottom'].map(side => make('i', { class: `side ${side}` }));
    this.figure = make('figure', { 'data-pane': number }, this.canvas, this.lines, this.name, this.corner, ...this.letters);
    this.fingers = new Map();
    this.listen();
  }

  /** Pixels of the screen that it has: 0 where it is not to be seen. */
  get size() {
    const ratio = Math.min(devicePixelRatio || 1, 2);
    return [Math.round(this.figure.clientWidth * ratio), Math.round(this.figure.clientHeight * ratio)];
  }

  paint(picture, isFine) {
    const [width, height] = this.size;
    if (width === 0) return;
    if (this.canvas.width !== width || this.canvas.height !== height) Object.assign(this.canvas, { width, height });
    this.canvas.getContext('2d').drawImage(picture, 0, 0, width, height);
    this.figure.dataset.painted = ++this.painted;
    this.figure.dataset.fine = String(isFine);
  }

  describe(name, letters, corner) {
    if (name) { say(this.name, name); this.canvas.setAttribute('aria-label', name); }
    this.letters.forEach((letter, i) => say(letter, letters[i] ?? ''));
    say(this.corner, corner);
  }

  /** Dashed lines where the other planes cut; fractions of the pane from its left and top, null for none. */
  cross(x, y) {
    const [width, height] = this.size;
    Object.assign(this.lines, { width, height });
    if (width === 0 || x == null) return;
    const context = this.lines.getContext('2d');
    context.strokeStyle = 'rgb(238 242 244 / .55)';
    context.setLineDash([2, 5]);
    context.beginPath();
    context.moveTo(x * width, 0); context.lineTo(x * width, height);
    context.moveTo(0, y * height); context.lineTo(width, y * height);
    context.stroke();
  }

  listen() {
    const on = (name, act, options) => this.canvas.addEventListener(name, act, options);
    on('wheel', event => {
      event.preventDefault();
      if (event.ctrlKey || this.plane === SPACE) this.owner.onZoom(this, event.deltaY < 0 ? 1.1 : 1 / 1.1);
      else this.owner.onSlice(this, Math.sign(event.deltaY));
    }, { passive: false });
    on('pointerdown', event => {
      this.canvas.setPointerCapture(event.pointerId);
      this.fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
      this.moved = this.fingers.size > 1;
      this.owner.onActive(this);
    });
    on('pointermove', event => this.move(event));
    for (const end of ['pointerup', 'pointercancel']) {
      on(end, event => {
        if (event.type === 'pointerup' && this.fingers.has(event.pointerId) && !this.moved) this.tap(event);
        this.fingers.delete(event.pointerId);
        this.held = 0;
        if (this.fingers.size === 0) this.owner.onLift();
      });
    }
    on('keydown', event => this.key(event));
    on('focus', () => this.owner.onActive(this));
  }

  move(event) {
    const finger = this.fingers.get(event.pointerId);
    if (!finger) return;
    const dx = event.clientX - finger.x;
    const dy = event.clientY - finger.y;
    if (!this.moved && Math.hypot(dx, dy) < TAP_PX) return;
    this.moved = true;
    Object.assign(finger, { x: event.clientX, y: event.clientY });
    if (this.fingers.size === 2) this.pinch();
    else if (this.plane === SPACE) this.owner.onTurn(this, dx, dy);
    else this.owner.onWindow(this, dx, dy);
  }

  pinch() {
    const [a, b] = [...this.fingers.values()];
    const apart = Math.hypot(a.x - b.x, a.y - b.y);
    if (this.held) this.owner.onZoom(this, apart / this.held);
    this.held = apart;
  }

  tap(event) {
    const place = this.canvas.getBoundingClientRect();
    this.owner.onTap(this, (event.clientX - place.left) / place.width, (event.clientY - place.top) / place.height);
  }

  key(event) {
    const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    const zoom = { '+': 1.1, '-': 1 / 1.1 }[event.key];
    const page = { PageUp: -10, PageDown: 10 }[event.key];
    if (!arrows && !zoom && !page) return;
    event.preventDefault();
    if (zoom) this.owner.onZoom(this, zoom);
    else if (page) this.owner.onSlice(this, page);
    else if (this.plane === SPACE) this.owner.onTurn(this, arrows[0] * 10, arrows[1] * 10);
    else if (event.shiftKey) this.owner.onWindow(this, arrows[0] * 5, arrows[1] * 5);
    else this.owner.onSlice(this, arrows[0] + arrows[1]);
  }
}
