/**
 * Fits the few numbers by which `estimateDoubleCompression` turns comb statistics into a probability, and prints how
 * well that does on pictures not used for fitting.
 *
 *   npx tsx recipes/jpeg-history/main.ts [--pictures 160] [--data DIR]
 *
 * Pictures are rendered from a seed; with `--data` (a folder of folders of lossless PNG) those are added: every second
 * folder, in alphabetical order, for fitting, the others for testing. Writes src/media/jpeg/history-model.ts.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { auc } from '../../src/bench/metrics.ts';
import { crop, type RgbImage } from '../../src/core/image.ts';
import { Random } from '../../src/core/random.ts';
import { readCoefficients } from '../../src/media/jpeg/coefficients.ts';
import { measureComb } from '../../src/media/jpeg/comb.ts';
import { combInputs } from '../../src/media/jpeg/history.ts';
import { decodePixels, encodeJpeg } from '../../src/media/pixels.node.ts';
import { render } from './render.ts';

interface Sample {
  readonly inputs: readonly number[];
  readonly double: boolean;
  readonly first: number;
  readonly second: number;
  readonly guessed: number;
  readonly group: string;
  readonly test: boolean;
}

const argument = (name: string) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : process.argv[at + 1];
};
const COUNT = Number(argument('pictures') ?? 160);
const DATA = argument('data');
const VARIANTS = 4;

type Picture = { readonly image: RgbImage; readonly group: string; readonly test: boolean };

async function* pictures(): AsyncGenerator<Picture> {
  const random = new Random(4711);
  for (let i = 0; i < COUNT; i++) {
    const width = 96 + random.below(550);
    const height = 96 + random.below(450);
    yield { image: render(width, height, random), group: 'rendered', test: i % 4 === 3 };
  }
  if (!DATA) return;
  const folders = readdirSync(DATA)
    .filter(
      (name) => name.startsWith('real_') && name.endsWith('_png') && !/tv_faces|celebs|cifar/.test(name),
    )
    .concat(
      readdirSync(DATA).filter((name) =>
        /^fake_(stylegan3|ddpm|sd|sana|flux|dit|began|biggan|kandinsky)/.test(name),
      ),
    )
    .sort();
  for (const [i, folder] of folders.entries()) {
    const files = readdirSync(join(DATA, folder))
      .filter((name) => name.endsWith('.png'))
      .sort()
      .slice(0, 8);
    for (const file of files) {
      const image = await decodePixels(readFileSync(join(DATA, folder, file)));
      const width = Math.min(image.width, 640);
      const height = Math.min(image.height, 640);
      const kind = folder.startsWith('real_') ? 'photograph' : 'generated';
      yield { image: crop(image, { x: 0, y: 0, width, height }), group: kind, test: i % 2 === 1 };
    }
  }
}

async function measure(jpeg: Uint8Array): Promise<{ inputs: number[]; guessed: number } | undefined> {
  const found = readCoefficients(jpeg, { lumaOnly: true });
  const comb = found.status === 'read' ? measureComb(found.components[0]) : undefined;
  return comb && { inputs: combInputs(comb), guessed: comb.firstQuality };
}

const random = new Random(99);
const samples: Sample[] = [];
/** Not part of the fit, only told: saved twice with one and the same quality; cropped off the grid in between. */
const asides: { readonly what: string; readonly inputs: readonly number[] }[] = [];
let unmeasured = 0;
for await (const { image, group, test } of pictures()) {
  for (let variant = 0; variant < VARIANTS; variant++) {
    const sampling = random.chance(0.5) ? '4:2:0' : '4:4:4';
    const second = 50 + random.below(49);
    let first = 45 + random.below(54);
    if (Math.abs(first - second) < 2)
      first = second > 70 ? second - 5 - random.below(15) : second + 5 + random.below(15);
    const once = await encodeJpeg(image, { quality: second, subsampling: sampling });
    const before = await decodePixels(
      await encodeJpeg(image, { quality: first, subsampling: random.chance(0.5) ? '4:2:0' : '4:4:4' }),
    );
    const twice = await encodeJpeg(before, { quality: second, subsampling: sampling });
    for (const [jpeg, double] of [
      [once, false],
      [twice, true],
    ] as const) {
      const found = await measure(jpeg);
      if (!found) unmeasured++;
      else samples.push({ ...found, double, first, second, group, test });
    }
    if (variant > 0) continue;
    const same = await measure(
      await encodeJpeg(await decodePixels(once), { quality: second, subsampling: sampling }),
    );
    if (same) asides.push({ what: 'same quality twice', inputs: same.inputs });
    const shifted = crop(before, { x: 3, y: 5, width: before.width - 3, height: before.height - 5 });
    const off = await measure(await encodeJpeg(shifted, { quality: second, subsampling: sampling }));
    if (off) asides.push({ what: 'cropped off the grid in between', inputs: off.inputs });
  }
}

/** Logistic regression by Newton's method with a little shrinkage; returns bias first. */
function fitLogistic(rows: readonly Sample[]): number[] {
  const size = rows[0].inputs.length + 1;
  const w = new Array<number>(size).fill(0);
  for (let step = 0; step < 30; step++) {
    const g = w.map((value, i) => (i === 0 ? 0 : -0.5 * value));
    const h = w.map((_, i) => w.map((_, k) => (i === k ? (i === 0 ? 1e-6 : 0.5) : 0)));
    for (const row of rows) {
      const x = [1, ...row.inputs];
      const p = 1 / (1 + Math.exp(-x.reduce((sum, v, i) => sum + v * w[i], 0)));
      for (let i = 0; i < size; i++) {
        g[i] += ((row.double ? 1 : 0) - p) * x[i];
        for (let k = 0; k < size; k++) h[i][k] += p * (1 - p) * x[i] * x[k];
      }
    }
    solve(h, g).forEach((d, i) => {
      w[i] += Math.max(-2, Math.min(2, d));
    });
  }
  return w;
}

/** Solves a x = b by elimination with pivoting. */
function solve(a: number[][], b: number[]): number[] {
  const n = b.length;
  const m = a.map((row, i) => [...row, b[i]]);
  for (let c = 0; c < n; c++) {
    let pivot = c;
    for (let r = c + 1; r < n; r++) if (Math.abs(m[r][c]) > Math.abs(m[pivot][c])) pivot = r;
    [m[c], m[pivot]] = [m[pivot], m[c]];
    for (let r = 0; r < n; r++) {
      if (r === c) continue;
      const k = m[r][c] / m[c][c];
      for (let j = c; j <= n; j++) m[r][j] -= k * m[c][j];
    }
  }
  return m.map((row, i) => row[n] / row[i]);
}

const train = samples.filter((s) => !s.test);
const weights = fitLogistic(train);
const probability = (inputs: readonly number[]) =>
  1 / (1 + Math.exp(-(weights[0] + inputs.reduce((sum, v, i) => sum + v * weights[i + 1], 0))));

const separation = (rows: readonly Sample[]) =>
  auc(
    rows.map((r) => probability(r.inputs)),
    rows.map((r) => r.double),
  );

const lines: string[] = [];
const print = (line: string) => {
  lines.push(line);
  console.log(line);
};
const share = (rows: readonly Sample[], test: (s: Sample) => boolean) =>
  rows.length === 0 ? '-' : `${((100 * rows.filter(test).length) / rows.length).toFixed(1)} %`;
const flagged = (s: Sample) => probability(s.inputs) > 0.5;
const held = samples.filter((s) => s.test);
print(
  `fitted on ${train.length} files, tested on ${held.length} (${unmeasured} too small or flat to say anything)`,
);
print('tested on           | AUC    | found  | false alarms | first quality within 2, of those found');
for (const [name, rows] of [
  ['all', held],
  ['rendered', held.filter((s) => s.group === 'rendered')],
  ['photographs', held.filter((s) => s.group === 'photograph')],
  ['generated, lossless', held.filter((s) => s.group === 'generated')],
  ['earlier < last', held.filter((s) => !s.double || s.first < s.second)],
  ['earlier > last', held.filter((s) => !s.double || s.first > s.second)],
  ['  by 10 or more', held.filter((s) => !s.double || s.first >= s.second + 10)],
] as const) {
  if (!rows.some((s) => s.double)) continue;
  const found = rows.filter((s) => s.double && flagged(s));
  const columns = [
    name.padEnd(19),
    separation(rows).toFixed(4),
    share(
      rows.filter((s) => s.double),
      flagged,
    ).padEnd(6),
    share(
      rows.filter((s) => !s.double),
      flagged,
    ).padEnd(12),
    share(found, (s) => Math.abs(s.guessed - s.first) <= 2),
  ];
  print(columns.join(' | '));
}
for (const what of new Set(asides.map((a) => a.what))) {
  const rows = asides.filter((a) => a.what === what);
  print(
    `${what}: called double ${((100 * rows.filter((a) => probability(a.inputs) > 0.5).length) / rows.length).toFixed(1)} % of ${rows.length}`,
  );
}
let error = 0;
for (let bin = 0; bin < 10; bin++) {
  const rows = held.filter((s) => Math.min(9, Math.floor(10 * probability(s.inputs))) === bin);
  const stated = rows.reduce((sum, s) => sum + probability(s.inputs), 0);
  error += Math.abs(stated - rows.filter((s) => s.double).length) / held.length;
}
print(`expected calibration error ${error.toFixed(3)}`);

const numbers = weights.map((w) => w.toFixed(4)).join(', ');
writeFileSync(
  new URL('../../src/media/jpeg/history-model.ts', import.meta.url),
  `/**\n * Weights of the double-compression probability (bias first, then \`combInputs\` in order), written by\n * recipes/jpeg-history/main.ts, which printed:\n *\n${lines.map((line) => ` *     ${line}`).join('\n')}\n */\nexport const COMB_WEIGHTS: readonly number[] = [${numbers}];\n`,
);
