/**
 * Fits the voice network on all described views, calibrates it on scores of pages it had not heard, and writes
 * `models/voice.onnx`, its card and `src/evidence/voice/fitted.ts`: `npm run recipe:voice -- fit`.
 */
import { writeFileSync } from 'node:fs';
import type { SpeechSet } from '../../src/bench/speech.ts';
import { grouped } from '../../src/core/group.ts';
import { Random } from '../../src/core/random.ts';
import type { Calibration } from '../../src/evidence/synthesis/calibration.ts';
import { MODEL } from '../../src/evidence/voice/score.ts';
import { exportInference } from '../../src/nn/index.ts';
import { publish } from '../synthesis/cards.ts';
import { balancedWeights, logisticRegression } from '../synthesis/logistic.ts';
import { isNarrowRoad } from './channel.ts';
import type { Discriminant } from './discriminant.ts';
import { judged } from './judged.ts';
import { voiceNetwork } from './network.ts';
import { allRows, fitBoth, isLearned, type Judged, releasedBeside } from './validate.ts';

interface Scored {
  readonly set: string;
  readonly file: string;
  readonly label: 'real' | 'fake';
  readonly score: number;
}

/** The score that the detector would give: narrow in a call, both elsewhere. */
export function scoreOn({ road, wide, narrow }: Judged): number {
  return isNarrowRoad(road) ? narrow : (wide + narrow) / 2;
}

/** Views of named roads as the detector would score them. */
export function scored(judged: readonly Judged[]): Scored[] {
  return judged
    .filter(({ road }) => road !== 'random')
    .map((one) => ({
      set: one.set.name,
      file: one.file,
      label: one.fake ? ('fake' as const) : ('real' as const),
      score: scoreOn(one),
    }));
}

function line(items: readonly Scored[]): [number, number] {
  const [slope, offset] = logisticRegression(
    items.map((item) => [item.score, 1]),
    items.map((item) => item.label === 'fake'),
    balancedWeights(items),
  );
  return [slope, offset];
}

function unrest(items: readonly Scored[]): number {
  let sum = 0;
  let count = 0;
  for (const group of grouped(items, (item) => `${item.set}/${item.file}`).values()) {
    const mean = group.reduce((s, item) => s + item.score, 0) / group.length;
    for (const item of group) sum += (item.score - mean) ** 2;
    count += group.length - 1;
  }
  return Math.sqrt(sum / Math.max(1, count));
}

/** Quantiles of authentic scores, sources counting alike. */
function authentic(items: readonly Scored[], count: number): number[] {
  const real = items.filter((item) => item.label === 'real').sort((a, b) => a.score - b.score);
  const weights = balancedWeights(real);
  const total = weights.reduce((a, b) => a + b, 0);
  let mass = 0;
  let at = 0;
  return Array.from({ length: count }, (_, q) => {
    const wanted = (q / (count - 1)) * total;
    while (at < real.length - 1 && mass + weights[at] < wanted) mass += weights[at++];
    return real[at].score;
  });
}

const round = (v: number) => Number(v.toFixed(4));

function calibrate(items: readonly Scored[], restlessness: number, what: string): Calibration {
  const random = new Random(1);
  const bySet = grouped(items, (item) => item.set);
  const sets = [...bySet.keys()];
  const redrawn = Array.from({ length: 25 }, () =>
    line(
      sets.flatMap((_, i) =>
        (bySet.get(random.pick(sets)) ?? []).map((item) => ({ ...item, set: `${item.set}#${i}` })),
      ),
    ),
  );
  const [slope, offset] = line(items);
  return {
    madeBy: `recipes/voice/fit.ts on ${items.length} scores (${what}) of ${sets.length} sets, none from a page that the scoring fit had heard`,
    slope: round(slope),
    offset: round(offset),
    redrawn: redrawn.map(([s, o]) => [round(s), round(o)] as const),
    unrest: round(restlessness),
    authentic: authentic(items, 61).map(round),
  };
}

/** Sources by name, with the licence their collection states. */
function sourcesOf(sets: readonly SpeechSet[]) {
  return sets.map((set) => ({
    name: set.name,
    what: set.what,
    files: set.files.length,
    licence: set.licence,
  }));
}

/** With `kept`, calibrates on the scores that were judged last instead of judging anew. */
export async function fitAndPublish(sets: readonly SpeechSet[], kept = false): Promise<void> {
  const rows = allRows(sets).filter((row) => !row.copy);
  console.error(`${rows.length} views`);
  const found = judged('page', sets, !kept);
  const calls = found.filter((one) => isNarrowRoad(one.road));
  const elsewhere = found.filter((one) => !isNarrowRoad(one.road));
  const restless = unrest(scored(found));
  const calibrations = {
    wide: calibrate(scored(elsewhere), restless, 'as stored, MP3 32 kbit/s, Opus 12 kbit/s'),
    narrow: calibrate(scored(calls), restless, 'telephone line, mobile call'),
  };
  writeFileSync(
    'src/evidence/voice/fitted.ts',
    `/** Written by recipes/voice/fit.ts; not to be edited. */
import type { Calibration } from '../synthesis/calibration.ts';

export const CALIBRATIONS: Readonly<Record<'wide' | 'narrow', Calibration>> = ${JSON.stringify(calibrations, null, 2)};
`,
  );
  const { background = [] } = releasedBeside();
  const fitted = fitBoth(rows.filter(isLearned), background);
  const net = voiceNetwork(MODEL, { wide: fitted.wide.scaling, narrow: fitted.narrow.scaling });
  const linear = (name: string, { direction, offset }: Discriminant) => ({
    [`${name}/weight`]: { dims: [1, direction.length], data: direction },
    [`${name}/bias`]: { dims: [1], data: Float32Array.of(offset) },
  });
  const weights = { ...linear('wide', fitted.wide), ...linear('narrow', fitted.narrow) };
  await publish(net, exportInference(net, weights), {
    task: 'Is a window of speech synthesised or converted? Two scores, higher for synthetic, from statistics of all of its spectrum and of what passes a telephone; the mask takes statistics out, to ask what they contribute.',
    recipe:
      'npm run recipe:voice -- debian && npm run recipe:voice -- describe && npm run recipe:voice -- fit',
    trainedOn: [
      ...sourcesOf(sets),
      ...sourcesOf([...new Set(background.map((row) => row.set))]).map((source) => ({
        ...source,
        what: `${source.what}; how recorded speech varies, nothing else`,
      })),
    ],
    measured: 'docs/measured/voice.md',
  });
  for (const [name, { slope, offset, unrest: u }] of Object.entries(calibrations)) {
    console.error(`${name}: slope ${slope}, offset ${offset}, unrest ${u}`);
  }
}
