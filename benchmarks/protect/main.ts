/**
 * `npm run bench:protect [-- flat|screen|grid|screenmark|captures|unmarked|time|video|cloak|cloak-bound|cloak-identity|cloak-sheet [count]]`: how invisible the mark is, from
 * what it is read back, how often one is read where there is none, and what it costs; how often a cloak holds. Asserts
 * nothing.
 */
import { wilson } from '../../src/bench/metrics.ts';
import { psnr, ssim } from '../../src/core/fidelity.ts';
import { crop, type RgbImage } from '../../src/core/image.ts';
import { Random } from '../../src/core/random.ts';
import { blur, decodePixels, encodeJpeg, resize } from '../../src/media/index.node.ts';
import { CODE_BITS } from '../../src/protect/watermark/code.ts';
import { bitsOfHex, hexOfBits } from '../../src/protect/watermark/payload.ts';
import { type Road, read } from '../../src/protect/watermark/read.ts';
import { captures } from './captures.ts';
import { cloakRig } from './cloak.ts';
import { cloakBound } from './cloak-bound.ts';
import { cloakIdentityRig } from './cloak-identity.ts';
import { cloakSheet } from './cloak-sheet.ts';
import { grid } from './grid.ts';
import { learned, markedWith } from './learned.ts';
import { photographs } from './pictures.ts';
import { screenmarks } from './screenmark.ts';
import { photograph } from './simulator/screen.ts';
import { falseReads } from './unmarked.ts';
import { videoMarks } from './video.ts';

const KEY = 'bench';
const MESSAGE = '0123456789abcdef';
const marked = (image: RgbImage) => markedWith(image, { key: KEY, message: bitsOfHex(MESSAGE) });

const percent = (value: number) => `${(100 * value).toFixed(1)} %`;

interface Tally {
  found: number;
  n: number;
  errors: number;
}

function row(name: string, { found, n, errors }: Tally): string {
  const [lo, hi] = wilson(found, n);
  const accuracy = found > 0 ? percent(1 - errors / (found * CODE_BITS)) : '–';
  return `| ${name} | ${found}/${n} | ${percent(found / n)} (${percent(lo)}–${percent(hi)}) | ${accuracy} |`;
}

const HEAD =
  '| condition | whole messages | rate (95 %) | code bits right where read |\n| --- | --- | --- | --- |';

async function count(tally: Tally, image: RgbImage, roads?: readonly Road[]): Promise<boolean> {
  const reading = await read(image, { key: KEY, learned, ...(roads && { roads }) });
  const right = reading.message !== null && hexOfBits(reading.message) === MESSAGE;
  tally.n++;
  if (right) {
    tally.found++;
    tally.errors += reading.bitErrorsCorrected ?? 0;
  }
  return right;
}

const scaled = (image: RgbImage, factor: number) =>
  resize(image, { width: Math.round(image.width * factor), height: Math.round(image.height * factor) });
const jpeg = async (image: RgbImage, quality: number) => decodePixels(await encodeJpeg(image, { quality }));
const quarter = (image: RgbImage) =>
  crop(image, {
    x: Math.floor(image.width * 0.29),
    y: Math.floor(image.height * 0.23),
    width: image.width >> 1,
    height: image.height >> 1,
  });

/** Grain, blur, fading and a slight change of scale, as ink and a scanner leave them. */
async function printed(image: RgbImage): Promise<RgbImage> {
  const soft = await blur(await scaled(image, 1.07), 0.8);
  const random = new Random(11);
  const data = Uint8ClampedArray.from(soft.data, (value) => 18 + value * 0.86 + 5 * random.normal());
  return jpeg({ ...soft, data }, 80);
}

const FLAT: Readonly<Record<string, (image: RgbImage) => RgbImage | Promise<RgbImage>>> = {
  'as written': (image) => image,
  'JPEG 70': (image) => jpeg(image, 70),
  'JPEG 50': (image) => jpeg(image, 50),
  'a quarter cut out': quarter,
  'a quarter, JPEG 70': (image) => jpeg(quarter(image), 70),
  'size 50 %': (image) => scaled(image, 0.5),
  'size 50 %, JPEG 50': async (image) => jpeg(await scaled(image, 0.5), 50),
  'size 200 %': (image) => scaled(image, 2),
  'screenshot and messenger': async (image) => jpeg(await scaled(await scaled(image, 1.25), 0.6), 60),
  'print and scan': printed,
};

async function flat(n: number): Promise<void> {
  const tallies = new Map(Object.keys(FLAT).map((name) => [name, { found: 0, n: 0, errors: 0 }]));
  const quality: [number, number][] = [];
  const sources = new Set<string>();
  for (const { source, image } of await photographs(n)) {
    sources.add(source);
    const out = await marked(image);
    quality.push([psnr(image, out), ssim(image, out)]);
    for (const [name, change] of Object.entries(FLAT)) {
      await count(tallies.get(name) as Tally, await change(out), ['as-written', 'flat']);
    }
    console.error(`${quality.length} of ${n}`);
  }
  const of = (i: 0 | 1) => quality.map((pair) => pair[i]).sort((a, b) => a - b);
  const [p, s] = [of(0), of(1)];
  console.log(
    `${quality.length} photographs of ${sources.size} sources; trivial baseline: a random message is never right (2^-64).\n`,
  );
  console.log(
    `PSNR least ${p[0]?.toFixed(1)}, median ${p[p.length >> 1]?.toFixed(1)} dB; SSIM least ${s[0]?.toFixed(4)}, median ${s[s.length >> 1]?.toFixed(4)}\n`,
  );
  console.log(HEAD);
  for (const [name, tally] of tallies) console.log(row(name, tally));
}

async function screen(n: number): Promise<void> {
  const random = new Random(5);
  const byTilt = new Map<string, Tally>();
  const all: Tally = { found: 0, n: 0, errors: 0 };
  const pictures = await photographs(n);
  for (const [i, { image }] of pictures.entries()) {
    const fit = Math.min(1920 / image.width, 1080 / image.height);
    const shot = {
      ...{ width: 2000, height: 1500, share: random.uniform(0.2, 0.9), tiltDegrees: random.uniform(0, 45) },
      ...{ towardsDegrees: random.uniform(0, 360), rollDegrees: random.uniform(-15, 15) },
      ...{ offX: random.uniform(-0.08, 0.08), offY: random.uniform(-0.08, 0.08) },
      ...{ blurPx: random.uniform(0.4, 1.2), barrel: random.uniform(-0.02, 0.02) },
      ...{
        electrons: random.uniform(800, 6000),
        glare: random.uniform(0, 0.35),
        ambient: random.uniform(0, 0.06),
      },
      ...{ gamma: random.uniform(1.9, 2.5), exposure: random.uniform(0.55, 0.95) },
      ...{
        red: random.uniform(0.9, 1.1),
        blue: random.uniform(0.9, 1.1),
        sharpen: random.uniform(0, 0.6),
        seed: i,
      },
    };
    const shown = await marked(await scaled(image, fit));
    const photo = await jpeg(photograph(shown, shot), 70);
    const name = shot.tiltDegrees < 15 ? 'tilt 0–15°' : shot.tiltDegrees < 30 ? 'tilt 15–30°' : 'tilt 30–45°';
    if (!byTilt.has(name)) byTilt.set(name, { found: 0, n: 0, errors: 0 });
    const before = all.errors;
    const right = await count(all, photo);
    const tally = byTilt.get(name) as Tally;
    tally.n++;
    if (right) {
      tally.found++;
      tally.errors += all.errors - before;
    }
    console.error(
      `${i + 1} of ${n}: ${right ? 'read' : 'not read'}, share ${shot.share.toFixed(2)}, ${name}`,
    );
  }
  console.log(HEAD);
  for (const [name, tally] of [...byTilt].sort()) console.log(row(name, tally));
  console.log(row('all', all));
}

async function time(): Promise<void> {
  const [{ image } = { image: null }] = await photographs(1);
  if (!image) return;
  const large = await resize(image, { width: 4000, height: 3000 });
  const took = async (work: () => Promise<unknown>) => {
    let best = Number.POSITIVE_INFINITY;
    for (let round = 0; round < 3; round++) {
      const from = process.cpuUsage();
      await work();
      const { user, system } = process.cpuUsage(from);
      best = Math.min(best, (user + system) / 1000);
    }
    return best.toFixed(0);
  };
  const out = await marked(large);
  console.log(
    `12 megapixels, CPU time, best of three: embed ${await took(() => marked(large))} ms, read as written ${await took(() => read(out, { key: KEY, roads: ['as-written'] }))} ms`,
  );
}

const [part, given] = process.argv.slice(2);
const parts: readonly (readonly [string, (n: number) => Promise<void>, number])[] = [
  ['flat', flat, 40],
  ['screen', screen, 40],
  ['grid', grid, 112],
  ['screenmark', screenmarks, 9],
  ['captures', captures, 3],
  ['unmarked', falseReads, 20_000],
  ['time', time, 1],
  ['video', videoMarks, 4],
  ['cloak', cloakRig, 16],
  ['cloak-bound', cloakBound, 6],
  ['cloak-identity', cloakIdentityRig, 16],
  ['cloak-sheet', cloakSheet, 1],
];
for (const [name, run, usual] of parts) {
  if (part !== undefined && part !== name) continue;
  console.log(`\n## ${name}\n`);
  await run(given === undefined ? usual : Number(given));
}
