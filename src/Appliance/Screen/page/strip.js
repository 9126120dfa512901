// The slice strip: one cell for each slice on a ruler of fixed scale, so that it grows and never jumps.
// Green is analysed, grey is still to be, hatched amber is not analysed.
import { scaleOf } from './progress.js';

const COLOURS = { ground: '#1b2024', received: '#8296a5', analysed: '#37c871', refused: '#ffb224', mark: '#0d1012' };

export function drawStrip(canvas, study) {
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  if (width === 0) return;
  const { originals, originals_analysed: analysed, originals_not_analysed: refused } = study;
  const key = `${width} ${height} ${originals} ${analysed} ${refused}`;
  if (canvas.drawn === key) return;
  canvas.drawn = key;
  const ratio = devicePixelRatio || 1;
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  const context = canvas.getContext('2d');
  context.scale(ratio, ratio);
  const scale = scaleOf(originals);
  const cell = width / scale;

  context.fillStyle = COLOURS.ground;
  context.fillRect(0, 0, width, height);
  context.fillStyle = COLOURS.received;
  context.fillRect(0, 0, cell * originals, height);
  context.fillStyle = COLOURS.analysed;
  context.fillRect(0, 0, cell * analysed, height);
  const hatched = cell * (originals - refused);
  context.fillStyle = COLOURS.refused;
  context.fillRect(hatched, 0, cell * refused, height);

  // Cells apart where there is room for the gaps; a longer mark every fifty slices.
  context.fillStyle = COLOURS.mark;
  for (let x = hatched; x < cell * originals; x += 8) context.fillRect(x, 0, Math.min(4, cell * originals - x), height);
  for (let n = 1; n < scale; n++) {
    if (n % 50 === 0) context.fillRect(n * cell - 1, 0, 2, height);
    else if (n % 10 === 0) context.fillRect(n * cell - 0.5, height * 0.72, 1, height);
    else if (cell >= 4 && n < originals) context.fillRect(n * cell - 0.5, 0, 1, height);
  }
}
