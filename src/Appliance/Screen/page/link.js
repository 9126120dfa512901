// The socket to the painter: wishes go out, pictures come back. Of what is wished for one pane only the newest counts.

const AHEAD = 2; // one picture is drawn while the one before is decoded
const ANSWERS_WITHIN_MS = 2000; // a wish that cannot be fulfilled gets no picture
const AGAIN_MS = 1500;

export class Link {
  constructor(onNews, onPicture) {
    this.onNews = onNews;
    this.onPicture = onPicture;
    this.panes = new Map();
    this.number = 0;
    this.connect();
  }

  /** Opens a study, or asks for news of it. */
  open(key) {
    this.key = key;
    this.send({ open: key });
  }

  /** What is to be seen in a pane now. */
  wish(pane, what) {
    const state = this.panes.get(pane) ?? { sent: [] };
    this.panes.set(pane, state);
    state.wanted = what;
    this.pump(pane, state);
  }

  close() {
    this.closed = true;
    this.socket?.close();
  }

  connect() {
    this.socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/v1/view`);
    this.socket.binaryType = 'arraybuffer';
    this.socket.onopen = () => {
      for (const state of this.panes.values()) state.sent = [];
      if (this.key) this.open(this.key);
    };
    this.socket.onmessage = message => (typeof message.data === 'string' ? this.onNews(JSON.parse(message.data)) : this.take(message.data));
    this.socket.onclose = () => { if (!this.closed) setTimeout(() => { if (!this.closed) this.connect(); }, AGAIN_MS); };
  }

  send(message) {
    if (this.socket.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(message));
    return true;
  }

  pump(pane, state) {
    const now = performance.now();
    state.sent = state.sent.filter(each => now - each.at < ANSWERS_WITHIN_MS);
    if (!state.wanted || state.sent.length >= AHEAD) return;
    const n = ++this.number;
    if (this.send({ ...state.wanted, pane, n })) {
      state.sent.push({ n, at: now });
      state.wanted = null;
    }
  }

  async take(data) {
    const head = new DataView(data);
    const pane = head.getUint8(0);
    const n = head.getUint32(4, true);
    const state = this.panes.get(pane);
    if (!state) return;
    // The painter has passed over what is older.
    state.sent = state.sent.filter(each => each.n > n);
    this.pump(pane, state);
    const picture = await createImageBitmap(new Blob([new Uint8Array(data, 8)]));
    if (n > (state.shown ?? 0)) {
      state.shown = n;
      this.onPicture(pane, picture, head.getUint8(1) === 1);
    }
    picture.close();
  }
}
