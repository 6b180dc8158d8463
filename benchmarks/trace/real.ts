/**
 * `npm run bench:trace -- real`: model parsing of published generators whose construction RED's list states. Their
 * sizes lie far outside the zoo's, so quantities are estimated from the other published generators in the same space,
 * every set of the asked model left out; choices and losses also by the zoo's parser as it is shipped.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { meanOf } from '../../recipes/fingerprint/fit-space.ts';
import { RED_NAMES } from '../../recipes/fingerprint/real-generators.ts';
import { dataFolder, imageSets } from '../../src/bench/corpus.ts';
import { DISCRETE, type DiscreteName, LOSS_BITS } from '../../src/core/construction.ts';
import { readImageFile } from '../../src/media/index.node.ts';
import { BLOCK, look } from '../../src/trace/parsing/look.ts';
import { SHARPNESS } from '../../src/trace/parsing/parser.ts';
import { inner, project } from '../../src/trace/parsing/space.ts';
import { readFingerprint } from '../../src/trace/parsing/trained.node.ts';
import { DISCRETE_NAMES } from '../../src/trace/parsing/vector.ts';
import { head, mean, percent, row } from './table.ts';

const PICTURES = 24;
/** RED's columns in the order of `CONTINUOUS` and of `DISCRETE`. */
const QUANTITIES = [
  'layers',
  'conv_layers',
  'fc_layers',
  'pool_layers',
  'norm_layers',
  'filters',
  'blocks',
  'layers_per_block',
  'parameters',
];
const CHOICES: Readonly<Record<DiscreteName, string>> = {
  ...{ normalisation: 'normalization_type', lastActivation: 'nonlinearity_last_layer' },
  ...{ activation: 'nonlinearity_blocks', upsampling: 'upsampling_type' },
  ...{ skip: 'skip_connection', downsampling: 'downsampling' },
};
const LOSS_COLUMNS = [
  'L1',
  'L2',
  'MSE',
  'MMD',
  'Adversarial(GAN)',
  'WGAN',
  'KL',
  'Hinge',
  'LeastSquares(LS)',
  'CrossEntropy(CE)',
];

interface RedRow {
  readonly name: string;
  readonly arch_raw_lgpn: Readonly<Record<string, number>>;
  readonly loss_10_lgpn: Readonly<Record<string, number>>;
}

const folder = dataFolder();
if (!folder) {
  console.error('no picture corpus: set HUOYAN_DATA to its folder');
  process.exit(5);
}
const truth = JSON.parse(readFileSync(join(folder, 'red-gm-groundtruth.json'), 'utf8')) as { gms: RedRow[] };
const rows = new Map(truth.gms.map((g) => [g.name, g]));
const greatest = QUANTITIES.map((q) => Math.max(...truth.gms.map((g) => g.arch_raw_lgpn[q])));
const quantities = (g: RedRow) => QUANTITIES.map((q, i) => g.arch_raw_lgpn[q] / greatest[i]);

const { estimator, parser } = await readFingerprint();
interface Real {
  readonly set: string;
  readonly red: RedRow;
  readonly look: Float32Array;
  readonly place: Float32Array;
}
const real: Real[] = [];
for (const { name, files } of imageSets(folder)) {
  const red = rows.get(RED_NAMES[name] ?? '');
  if (!red) continue;
  const looks: Float32Array[] = [];
  for (const file of files.slice(0, PICTURES)) {
    const { pixels } = await readImageFile(file);
    if (Math.min(pixels.width, pixels.height) >= BLOCK) looks.push(look(pixels));
  }
  const seen = meanOf(looks);
  real.push({ set: name, red, look: seen, place: project(parser.data.space, seen) });
}
const models = [...new Set(real.map((r) => r.red.name))];

console.log('## Published generators whose construction is known\n');
console.log(
  `${models.length} models of RED's and LGPN's list in ${real.length} sets of the corpus (${models.join(', ')}), at most ${PICTURES} pictures of each set, pooled. One model out of ${models.length} weighs as much as another, however many sets it has.\n`,
);
const overModels = (of: (r: Real) => number): number =>
  mean(models.map((model) => mean(real.filter((r) => r.red.name === model).map(of))));
const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1];
const others = (r: Real) => real.filter((o) => o.red.name !== r.red.name);
const distance = (a: readonly number[], b: readonly number[]) => mean(a.map((v, i) => Math.abs(v - b[i])));
/** The constructions of the other models' sets, shares falling with the cosine. */
const blended = (r: Real): number[] => {
  const rest = others(r);
  const shares = rest.map((o) => Math.exp(SHARPNESS * inner(o.place, r.place)));
  const total = shares.reduce((sum, s) => sum + s, 0);
  return QUANTITIES.map((_, i) =>
    rest.reduce((sum, o, k) => sum + (shares[k] / total) * quantities(o.red)[i], 0),
  );
};
const middle = (r: Real): number[] => {
  const rest = models.filter((model) => model !== r.red.name).map((model) => quantities(rows.get(model)!));
  return QUANTITIES.map((_, i) => median(rest.map((q) => q[i])));
};
head('quantities (L1 on 0..1, nine together)', 'L1');
row(['median of the other models', overModels((r) => distance(quantities(r.red), middle(r))).toFixed(4)]);
row([
  'retrieval among the other models',
  overModels((r) => distance(quantities(r.red), blended(r))).toFixed(4),
]);
console.log('');

/** RED's legend ends at the number of our classes; what lies beyond (diffusion models) has no counterpart here. */
const classOf = (r: Real, name: DiscreteName): number | null => {
  const code = r.red.arch_raw_lgpn[CHOICES[name]];
  return code < DISCRETE[name].length ? code : null;
};
const majority = (codes: number[]) =>
  [...new Set(codes)].reduce((a, b) =>
    codes.filter((c) => c === b).length > codes.filter((c) => c === a).length ? b : a,
  );
head('choice', "right by the zoo's parser, %", 'always the most frequent of the other models, %', 'models');
for (const name of DISCRETE_NAMES) {
  const usable = models.filter((model) => classOf(real.find((r) => r.red.name === model)!, name) !== null);
  const share = (right: (r: Real) => boolean) =>
    mean(
      usable.map((model) => mean(real.filter((r) => r.red.name === model).map((r) => (right(r) ? 1 : 0)))),
    );
  const said = (r: Real) => {
    const p = parser.parse(r.look).discrete[name];
    return p.indexOf(Math.max(...p));
  };
  const frequent = (r: Real) =>
    majority(
      usable
        .filter((model) => model !== r.red.name)
        .map((model) => classOf(real.find((o) => o.red.name === model)!, name)!),
    );
  row([
    name,
    percent(share((r) => said(r) === classOf(r, name))),
    percent(share((r) => frequent(r) === classOf(r, name))),
    usable.length,
  ]);
}
const bits = (r: Real) => LOSS_COLUMNS.map((c) => r.red.loss_10_lgpn[c]);
const agreeing = (a: readonly number[], b: readonly number[]) => mean(a.map((v, i) => (v === b[i] ? 1 : 0)));
const saidBits = (r: Real) => LOSS_BITS.map((bit) => (parser.parse(r.look).losses[bit] > 0.5 ? 1 : 0));
const frequentBits = (r: Real) =>
  LOSS_COLUMNS.map((c) =>
    majority(models.filter((m) => m !== r.red.name).map((m) => rows.get(m)!.loss_10_lgpn[c])),
  );
row([
  'ten bits of loss',
  percent(overModels((r) => agreeing(saidBits(r), bits(r)))),
  percent(overModels((r) => agreeing(frequentBits(r), bits(r)))),
  models.length,
]);
console.log('');
await estimator.release();
