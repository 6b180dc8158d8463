/**
 * The grid of photographed screens: tilt, share of the frame, and what spoils a photograph, every combination of them, one
 * picture of the corpus that the mark's networks have not learnt from each time, in a shuffled order, so that any number of
 * shots is a fair sample of the whole. Bits are counted over all shots, read or not, at the place and scale the reader
 * found most convincing by itself, a coin where it found none: what it decided for each bit of the code before any
 * correction, and the bits of the message after it (what others count who send a hundred bits without a code). Finished shots are kept in
 * `.cache/bench/protect-grid.jsonl`, so that the grid goes on where it stopped, and several processes may take their shares
 * of it (`HUOYAN_SHARE=0/3` takes every third shot) before one without a share prints the whole.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { wilson } from '../../src/bench/metrics.ts';
import { Random } from '../../src/core/random.ts';
import { decodePixels, encodeJpeg, resize } from '../../src/media/index.node.ts';
import { CODE_BITS, type Decoding, encode, MESSAGE_BITS } from '../../src/protect/watermark/code.ts';
import { bitsOfHex, hexOfBits } from '../../src/protect/watermark/payload.ts';
import { read } from '../../src/protect/watermark/read.ts';
import { learned, markedWith, STRONG } from './learned.ts';
import { photographs } from './pictures.ts';
import { photograph, type Shot } from './simulator/screen.ts';

const KEY = 'bench';
const HEX = '0123456789abcdef';
const TILTS = [0, 15, 30, 45];
const SHARES = [0.2, 0.4, 0.65, 1];
/**
 * A shot in a lit room: blur, noise and moire as `captures` measures them in real photographs of screens (softness 0.24 to
 * 0.62, noise 0.1 to 0.5 levels, moire 0.3 to 0.8 of luma), the rest as such telephones have it.
 */
export const USUAL = {
  ...{ blurPx: 0.9, electrons: 9000, glare: 0.05, ambient: 0.02 },
  ...{ gamma: 2.2, exposure: 0.8, sharpen: 0.3, red: 1, blue: 1 },
} as const;
/** What each condition changes of it. */
const CONDITIONS: Readonly<Record<string, { readonly shot: Partial<Shot>; readonly quality: number }>> = {
  usual: { shot: {}, quality: 90 },
  'JPEG 70': { shot: {}, quality: 70 },
  'glare and a lit room': { shot: { glare: 0.35, ambient: 0.08 }, quality: 85 },
  'out of focus': { shot: { blurPx: 1.4, sharpen: 0 }, quality: 85 },
  'in the dark': { shot: { electrons: 500, exposure: 0.45 }, quality: 85 },
  'moire (no anti-alias)': { shot: { blurPx: 0.25, sharpen: 0.6 }, quality: 85 },
  'other gamma and colours': { shot: { gamma: 1.8, exposure: 0.95, red: 1.12, blue: 0.88 }, quality: 85 },
};

interface Done {
  readonly index: number;
  readonly tilt: number;
  readonly share: number;
  readonly condition: string;
  readonly read: boolean;
  /** Bits of the code decided right, of `CODE_BITS`. */
  readonly bits: number;
  /** Bits of the message right after correction, of `MESSAGE_BITS`. */
  readonly messageBits: number;
}

const FOLDER = '.cache/bench';
const FILE = `${FOLDER}/protect-grid${STRONG ? '-strong' : ''}.jsonl`;

/** Which of how many processes this is. */
const [PART, PARTS] = (process.env.HUOYAN_SHARE ?? '0/1').split('/').map(Number);

const agreeing = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum, bit, i) => sum + (bit === b[i] ? 1 : 0), 0);

export async function grid(count: number): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  const done: Done[] = existsSync(FILE)
    ? readFileSync(FILE, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line))
    : [];
  const known = new Set(done.map(({ index }) => index));
  const cells = TILTS.flatMap((tilt) =>
    SHARES.flatMap((share) => Object.keys(CONDITIONS).map((condition) => ({ tilt, share, condition }))),
  );
  const order = new Random(21).shuffle(cells.map((_, i) => i));
  const pictures = await photographs(Math.min(count, 40));
  if (pictures.length === 0) return console.log('the corpus is absent');
  const word = encode(bitsOfHex(HEX));
  for (let index = 0; index < count; index++) {
    if (known.has(index) || index % PARTS !== PART) continue;
    const cell = cells[order[index % cells.length]];
    const { image } = pictures[index % pictures.length];
    const random = new Random(1000 + index);
    const { shot: changed, quality } = CONDITIONS[cell.condition];
    const fit = Math.min(1920 / image.width, 1080 / image.height);
    const size = { width: Math.round(image.width * fit), height: Math.round(image.height * fit) };
    const shown = await markedWith(await resize(image, size), { key: KEY, message: bitsOfHex(HEX) });
    const shot: Shot = {
      ...{ width: 2000, height: 1500, share: cell.share, tiltDegrees: cell.tilt },
      ...{ towardsDegrees: random.uniform(0, 360), rollDegrees: random.uniform(-15, 15), seed: index },
      ...{ offX: random.uniform(-0.05, 0.05), offY: random.uniform(-0.05, 0.05) },
      ...{ barrel: random.uniform(-0.02, 0.02), ...USUAL, ...changed },
    };
    const photo = await decodePixels(await encodeJpeg(photograph(shown, shot), { quality }));
    let best: Decoding | null = null;
    const watch = (one: Decoding) => {
      if (!best || one.valid || one.agreement > best.agreement) best = one;
    };
    const { message } = await read(photo, { key: KEY, learned, watch });
    const seen = best as Decoding | null;
    const one = {
      ...{ index, ...cell, read: message !== null && hexOfBits(message) === HEX },
      bits: seen
        ? agreeing(
            word,
            seen.soft.map((value) => (value > 0 ? 1 : 0)),
          )
        : CODE_BITS / 2,
      messageBits: seen ? agreeing(bitsOfHex(HEX), seen.message) : MESSAGE_BITS / 2,
    };
    done.push(one);
    appendFileSync(FILE, `${JSON.stringify(one)}\n`);
    console.error(
      `${index + 1} of ${count}: ${one.read ? 'read' : 'not read'}, ${one.bits} of ${CODE_BITS} bits`,
    );
  }
  const used = done.filter(({ index }) => index < count);
  console.log(
    `${STRONG ? 'Marks by the rule alone (--strong). ' : ''}${used.length} shots over ${cells.length} combinations, ${Math.min(pictures.length, used.length)} photographs, frame 2000 by 1500; trivial baseline: a coin has 50 % of the bits and 2^-64 of the messages.\n`,
  );
  console.log(
    '| condition | whole messages | rate (95 %) | message bits right, all shots | code bits right before correction, all shots |\n| --- | --- | --- | --- | --- |',
  );
  const groups: readonly (readonly [string, (one: Done) => boolean])[] = [
    ...TILTS.map((tilt) => [`tilt ${tilt}°`, (one: Done) => one.tilt === tilt] as const),
    ...SHARES.map((share) => [`${100 * share} % of the frame`, (one: Done) => one.share === share] as const),
    ...Object.keys(CONDITIONS).map((name) => [name, (one: Done) => one.condition === name] as const),
    ['all', () => true],
  ];
  for (const [name, belongs] of groups) {
    const ours = used.filter(belongs);
    if (ours.length === 0) continue;
    const found = ours.filter((one) => one.read).length;
    const [lo, hi] = wilson(found, ours.length).map((value) => (100 * value).toFixed(1));
    const share = (bitsOf: (one: Done) => number, each: number) =>
      ((100 * ours.reduce((sum, one) => sum + bitsOf(one), 0)) / (ours.length * each)).toFixed(1);
    console.log(
      `| ${name} | ${found}/${ours.length} | ${((100 * found) / ours.length).toFixed(1)} % (${lo} %–${hi} %) | ${share((one) => one.messageBits, MESSAGE_BITS)} % | ${share((one) => one.bits, CODE_BITS)} % |`,
    );
  }
}
