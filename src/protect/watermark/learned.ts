/**
 * The learned halves of the screen watermark, run over planes of any size: how much more or less of the mark each place
 * takes than the rule of `mask.ts` gives it, and what of a flattened photograph is mark. Both were trained together
 * through a channel (`recipes/watermark`; StegaStamp, arXiv:1904.05343). Neither knows a key, and neither decides
 * anything: what they find still has to pass the checksum.
 */
import type { Plane } from '../../core/image.ts';
import type { Models } from '../../nn/models.ts';
import type { Session } from '../../nn/runtime.ts';

export const ENCODER = 'watermark-encoder';
export const DECODER = 'watermark-decoder';
/** Sides of what the networks take are multiples of this. */
export const FACTOR = 4;
/** Side of what they are given at once, and how much of it on every side is there to be seen only. */
export const WINDOW = 256;
const MARGIN = 24;
const INNER = WINDOW - 2 * MARGIN;
/** Windows in one run. */
const BATCH = 4;

export interface LearnedMark {
  /** Luma 0..255, one sample a cell of the mask, to how many times the rule's strength each takes. */
  times(luma: Plane): Promise<Plane>;
  /** A flattened photograph, luma 0..255, one sample a unit, to the mark in it, in any scale. */
  markIn(sheet: Plane): Promise<Plane>;
}

/** Networks load when first needed. Both methods throw HuoyanError `model-missing`. */
export function openLearnedMark(models: Models): LearnedMark {
  return {
    times: async (luma) => overWindows(await models.session(ENCODER), luma),
    markIn: async (sheet) => overWindows(await models.session(DECODER), sheet),
  };
}

/** `plane` through a network that sees squares of WINDOW, the border drawn out. Memory is that of a few windows. */
async function overWindows(session: Session, plane: Plane): Promise<Plane> {
  const { width, height } = plane;
  const [input] = session.inputNames;
  const [output] = session.outputNames;
  const out = new Float32Array(width * height);
  const corners: { x: number; y: number }[] = [];
  for (let y = 0; y < height; y += INNER) for (let x = 0; x < width; x += INNER) corners.push({ x, y });
  for (let from = 0; from < corners.length; from += BATCH) {
    const some = corners.slice(from, from + BATCH);
    const data = new Float32Array(some.length * WINDOW * WINDOW);
    some.forEach((corner, i) => {
      cut(plane, corner, data, i * WINDOW * WINDOW);
    });
    const answer = await session.run({ [input]: { dims: [some.length, 1, WINDOW, WINDOW], data } });
    some.forEach((corner, i) => {
      paste(answer[output].data as Float32Array, i * WINDOW * WINDOW, corner, out, width, height);
    });
  }
  return { width, height, data: out };
}

function cut(
  { width, height, data }: Plane,
  { x, y }: { x: number; y: number },
  to: Float32Array,
  at: number,
) {
  const held = (v: number, length: number) => Math.max(0, Math.min(length - 1, v));
  for (let row = 0; row < WINDOW; row++) {
    const line = held(y - MARGIN + row, height) * width;
    for (let column = 0; column < WINDOW; column++)
      to[at + row * WINDOW + column] = data[line + held(x - MARGIN + column, width)];
  }
}

function paste(
  from: Float32Array,
  at: number,
  { x, y }: { x: number; y: number },
  to: Float32Array,
  width: number,
  height: number,
): void {
  const columns = Math.min(INNER, width - x);
  for (let row = 0; row < INNER && y + row < height; row++) {
    const first = at + (row + MARGIN) * WINDOW + MARGIN;
    to.set(from.subarray(first, first + columns), (y + row) * width + x);
  }
}
