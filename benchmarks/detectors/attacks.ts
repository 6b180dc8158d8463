/**
 * `npm run bench:detectors -- attacks`: noise of at most 1, 2 and 4 of 255 against every learned detector of pictures,
 * as PNG and after JPEG 90, with and without the defence. Our synthesis evidence gives no gradient (its statistics are
 * counted, not differentiated): it is attacked by questions and by noise made on a spectrum classifier and on Meso4.
 */
import { join } from 'node:path';
import { defended } from '../../src/bench/attack/defence.ts';
import { fgsm, pgd } from '../../src/bench/attack/gradient.ts';
import { squareAttack } from '../../src/bench/attack/square.ts';
import { seedOf } from '../../src/bench/conditions/ladder.ts';
import type { BenchItem } from '../../src/bench/data/item.ts';
import type { BenchDetector } from '../../src/bench/detectors/detector.ts';
import { spectrum } from '../../src/bench/peers/baselines.ts';
import { type Differentiable, imageOf, planesOf } from '../../src/bench/peers/learned.ts';
import { openMeso } from '../../src/bench/peers/meso-detector.ts';
import { MESO_SIDE } from '../../src/bench/peers/mesonet.ts';
import { overCrops } from '../../src/bench/peers/spectrum.ts';
import type { Condition } from '../../src/bench/run/run.ts';
import { resize } from '../../src/media/index.node.ts';
import { openModels } from '../../src/nn/models.node.ts';
import { attackTable } from './attack-table.ts';
import { faceAttacks } from './face-attacks.ts';
import { faceFiles, pictureFiles, spread } from './files.ts';
import { judged } from './judging.ts';
import { faceswapDetector, synthesisDetector } from './ours.ts';
import { PORTRAIT_SIDE, portraits } from './portraits.ts';
import { asked, keptPair, type Make, QUERIES, samplesIn, towards } from './prepared.ts';
import { voiceAttacks } from './voice-attacks.ts';

const EPSILONS = [1, 2, 4] as const;
/** Pictures of each class. */
const PICTURES = 20;
const FACES = 20;
/** Pictures of a set that the spectrum classifier is fitted on. */
const FITTED = { real: 4, fake: 3 };

/** Noise of every bound, each with its JPEG. `inside` for the picture of a key. */
export type Attack = (epsilon: number) => Make;

interface Attacked {
  readonly detector: BenchDetector;
  readonly conditions: readonly Condition[];
  /** What is judged again behind the defence. */
  readonly behind: readonly Condition[];
}

/** The tables, of detectors named in `only` or of all. Everything made is kept below `cache`. */
export async function attacks(
  data: string,
  cache: string,
  _rounds: number,
  only: readonly string[],
): Promise<string> {
  const wanted = (name: string) => only.length === 0 || only.includes(name);
  const models = openModels();
  const weights = join(data, 'weights');
  const [meso4, inception] = [await openMeso('meso4', weights), await openMeso('mesoinception4', weights)];
  const { items: all, sets, protocol } = pictureFiles(data, FITTED);
  const first = pictureFiles(data, { real: 1, fake: 1 }).items;
  const items = (['real', 'fake'] as const).flatMap((label) =>
    spread(
      first.filter((item) => item.label === label),
      PICTURES,
    ),
  );
  const folder = join(cache, 'attacked', 'pictures');
  const square = (image: Parameters<Make>[0]) =>
    resize(image, { width: MESO_SIDE, height: MESO_SIDE, kernel: 'linear' });
  const clean = keptPair('clean', folder, square);
  const fitted = await spectrum(protocol);
  // Synthesis is attacked with noise made on it.
  if (wanted('spectrum') || wanted('synthesis')) await fitted.prepare?.(samplesIn(all, clean[0]));
  // Fitted already, on more files than are attacked.
  const spectral: BenchDetector = { ...fitted, prepare: undefined, seenGenerators: [] };
  const synthesis = synthesisDetector(
    models,
    'ours: synthesis, source and generator left out',
    (source) => sets.get(source)?.fold ?? 0,
    [],
  );

  const byGradient =
    (attack: typeof fgsm | typeof pgd, inside: (key: string) => Promise<Differentiable>): Attack =>
    (epsilon) =>
    async (image, item) => {
      const x = planesOf(await square(image));
      return imageOf(await attack(await inside(item.key), x, { epsilon, towards: towards(item) }), MESO_SIDE);
    };
  const byQuestions =
    (detector: BenchDetector): Attack =>
    (epsilon) =>
    async (image, item) =>
      squareAttack(await square(image), (tried) => asked(detector, tried, item), {
        ...{ epsilon, towards: towards(item), queries: QUERIES, seed: seedOf(item.key, 1) },
      });
  const every = (name: string, attack: Attack) =>
    EPSILONS.flatMap((epsilon) => keptPair(`${name}-${epsilon}`, folder, attack(epsilon)));
  const inside = {
    meso4: async () => meso4.inside,
    mesoinception4: async () => inception.inside,
    spectrum: async (key: string) => overCrops(await fitted.insideOf(key), MESO_SIDE),
  };
  const pgdOn = (name: keyof typeof inside) => every(`pgd on ${name}`, byGradient(pgd, inside[name]));
  const fgsmOn = (name: keyof typeof inside) => every(`fgsm on ${name}`, byGradient(fgsm, inside[name]));
  const squareOn = (name: string, detector: BenchDetector) =>
    every(`square on ${name}`, byQuestions(detector));
  const plans: readonly (readonly [string, Attacked])[] = [
    [
      'meso4',
      planned(
        meso4,
        [...fgsmOn('meso4'), ...pgdOn('meso4')],
        pgdOn('mesoinception4'),
        squareOn('meso4', meso4),
      ),
    ],
    [
      'mesoinception4',
      planned(
        inception,
        [...fgsmOn('mesoinception4'), ...pgdOn('mesoinception4')],
        pgdOn('meso4'),
        squareOn('mesoinception4', inception),
      ),
    ],
    [
      'spectrum',
      planned(
        spectral,
        [...fgsmOn('spectrum'), ...pgdOn('spectrum')],
        pgdOn('meso4'),
        squareOn('spectrum', spectral),
      ),
    ],
    [
      'synthesis',
      planned(synthesis, [], [...pgdOn('spectrum'), ...pgdOn('meso4')], squareOn('synthesis', synthesis)),
    ],
  ];
  function planned(
    detector: BenchDetector,
    open: readonly Condition[],
    carried: readonly Condition[],
    queried: readonly Condition[],
  ): Attacked {
    const own = open.filter(({ name }) => name.startsWith('pgd'));
    const strongest = [...(own.length > 0 ? own : carried), ...queried];
    return {
      detector,
      conditions: [...clean, ...open, ...carried, ...queried],
      // Five looks a file: what is strongest, as it was made.
      behind: [clean[0], ...strongest.filter(({ name }) => !name.includes('+'))],
    };
  }
  const lines = await tablesOf(
    plans.filter(([name]) => wanted(name)),
    items,
    cache,
    'pictures',
  );

  const chosen = await portraits(faceFiles(data, { real: 6, fake: 12 }), FACES, cache);
  // Opened again: a detector that was judged is closed.
  const { inside: surrogate, close } = await openMeso('meso4', weights);
  const face = await faceAttacks(join(cache, 'attacked', 'faces'), surrogate, models, EPSILONS);
  const faceswap = { detector: faceswapDetector(models, []), ...face };
  const faceLines = wanted('faceswap')
    ? await tablesOf([['faceswap', faceswap]], chosen, cache, 'faces')
    : [];
  await close();
  await models.close();
  return [
    `## Under attack

Printed by \`npm run bench:detectors -- attacks\`. ${items.length} pictures (${PICTURES} of each class, one of a source or generator) brought to ${MESO_SIDE}x${MESO_SIDE}; noise of at most 1, 2 or 4 of 255, a fake pushed towards real and a real towards fake. \`fgsm\` and \`pgd\` (10 steps) take the gradient of the network named after "on"; where that is another network than the one judged, the noise was carried over. \`square\` only asks the detector itself, ${QUERIES} times a picture. \`defended\`: the mean over five random crops, scalings and re-encodings; the attacker did not know of it. Turned: fakes called fake that are now called real, and reals called real that are now called fake, at the detector's own threshold (for ours a log-likelihood ratio of 0, so that the many inconclusive ones count as well). Intervals redraw sources; 0.5 is chance.
`,
    ...lines,
    `${chosen.length} faces (${FACES} of each class, sources and methods no network here was fitted on), cut from their pictures with surroundings and brought to at most ${PORTRAIT_SIDE} pixels; faces are found anew in every attacked file. \`fgsm on faceswap\` and \`pgd on faceswap\` take the gradient of the shipped network by the aligned face and lay that noise back into the picture; the other half of the evidence, on residual statistics, gives no gradient and is hit as it comes.
`,
    ...faceLines,
    ...(wanted('voice') ? [await voiceAttacks(EPSILONS, join(cache, 'attacked', 'voice'))] : []),
  ].join('\n');
}

async function tablesOf(
  plans: readonly (readonly [string, Attacked])[],
  items: readonly BenchItem[],
  cache: string,
  group: string,
): Promise<string[]> {
  const lines: string[] = [];
  for (const [name, { detector, conditions, behind }] of plans) {
    const place = { cache, dataset: group };
    const open = { ...detector, close: async () => {} };
    const bare = await judged(open, items, conditions, { ...place, file: `attacks.${group}.${name}` });
    const guarded = await judged(defended(open), items, behind, {
      ...{ ...place, file: `attacks.${group}.${name}.defended` },
    });
    await detector.close();
    lines.push(`### ${detector.name}\n`, attackTable(bare, guarded), '');
  }
  return lines;
}
