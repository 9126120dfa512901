// The slice strip: one cell for each slice on a ruler of fixed scale, so that it grows and never jumps.
// Grey is received, green is analysed, hatched amber is not analysed.

const COLOURS = { ground: '#1b2024', received: '#8296a5', analysed: '#37c871', refused: '#ffb224', mark: '#0d1012' };
const SCALES = [100, 200, 400, 800, 1600, 3200, 6400];

export function drawStrip(canvas, study) {
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  if (width === 0) return;
  const analysed = study.state === 'Sent' || study.state === 'Delivering'
    ? (study.refused ? 0 : study.originals) : Math.round((study.progress ?? 0) * study.originals);
  const refused = Boolean(study.refused);
  const key = `${width} ${height} ${study.originals} ${analysed} ${refused}`;
  if (canvas.drawn === key) return;
  canvas.drawn = key;
  const ratio = devicePixelRatio || 1;
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  const context = canvas.getContext('2d');
  context.scale(ratio, ratio);
  const scale = SCALES.find(n => n >= study.originals) ?? study.originals;
  const cell = width / scale;

  context.fillStyle = COLOURS.ground;
  context.fillRect(0, 0, width, height);
  context.fillStyle = refused ? COLOURS.refused : COLOURS.received;
  context.fillRect(0, 0, cell * study.originals, height);
  context.fillStyle = COLOURS.analysed;
  context.fillRect(0, 0, cell * analysed, height);

  // Cells apart where there is room for the gaps; a longer mark every fifty slices.
  context.fillStyle = COLOURS.mark;
  if (refused) {
    for (let x = 0; x < cell * study.originals; x += 8) context.fillRect(x, 0, 4, height);
  }
  for (let n = 1; n < scale; n++) {
    if (n % 50 === 0) context.fillRect(n * cell - 1, 0, 2, height);
    else if (n % 10 === 0) context.fillRect(n * cell - 0.5, height * 0.72, 1, height);
    else if (cell >= 4 && n < study.originals) context.fillRect(n * cell - 0.5, 0, 1, height);
  }
}
