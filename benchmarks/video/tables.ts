/** Tables over watched clips; whatever is fitted is fitted without the source it judges. */
import { sideOf } from '../../recipes/faceswap/sets.ts';
import { clipRows, leaveSourceOut } from '../../recipes/generated/fit.ts';
import type { WatchedClip } from '../../recipes/generated/watched.ts';
import { balancedWeights, logisticRegression } from '../../recipes/synthesis/logistic.ts';
import { auc, bootstrap, wilson } from '../../src/bench/metrics.ts';
import { grouped } from '../../src/core/group.ts';
import { confidentStrategy, logitOf } from '../../src/evidence/faceswap/pooling.ts';
import { CALIBRATION } from '../../src/evidence/generated/fitted.ts';
import { CHANGES } from '../../src/evidence/temporal/changes.ts';

export interface Scored {
  readonly set: string;
  readonly fake: boolean;
  readonly score: number;
}

const area = (rows: readonly Scored[], weighed = true) => {
  const weights = balancedWeights(rows.map(({ set, fake }) => ({ set, label: fake ? 'fake' : 'real' })));
  return auc(
    rows.map(({ score }) => score),
    rows.map(({ fake }) => fake),
    weighed ? weights : undefined,
  );
};

/** AUC with sources counting alike, and a 95 % interval over sources. */
export function areaCell(rows: readonly Scored[]): string {
  const sources = [...grouped(rows, ({ set }) => set).values()];
  const [low, high] = bootstrap(
    sources,
    (drawn) => area(drawn.flatMap((own, i) => own.map((row) => ({ ...row, set: `${row.set}#${i}` })))),
    { rounds: 300 },
  );
  return `${area(rows).toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`;
}

/** Scores of a logistic regression on standardised numbers, each source judged by a fit without it. */
function sourceOut(
  items: readonly { readonly set: string; readonly fake: boolean; readonly x: readonly number[] }[],
): Scored[] {
  return items.map((item) => {
    const others = items.filter(({ set }) => set !== item.set);
    const mean = item.x.map((_, k) => others.reduce((sum, { x }) => sum + x[k] / others.length, 0));
    const spread = item.x.map(
      (_, k) =>
        Math.sqrt(others.reduce((sum, { x }) => sum + (x[k] - mean[k]) ** 2 / others.length, 0)) + 1e-3,
    );
    const z = (x: readonly number[]) => [
      ...x.map((v, k) => Math.max(-3, Math.min(3, (v - mean[k]) / spread[k]))),
      1,
    ];
    const weights = logisticRegression(
      others.map(({ x }) => z(x)),
      others.map(({ fake }) => fake),
      balancedWeights(others.map(({ set, fake }) => ({ set, label: fake ? 'fake' : 'real' }))),
      0.05,
    );
    return {
      set: item.set,
      fake: item.fake,
      score: z(item.x).reduce((sum, v, k) => sum + v * weights[k], 0),
    };
  });
}

const byCodec = ({ width, height, frameRate, bitsPerPixel }: WatchedClip) => [
  Math.log(width * height),
  frameRate,
  Math.log(bitsPerPixel + 1e-4),
];

export function generatedTable(watched: readonly WatchedClip[]): string {
  const lines = [
    '## Clips without a camera',
    '',
    'AUC of text-to-video clips against real ones; sources count alike; interval over sources; every score by a fit without its source.',
    '',
    '| condition | clips | sources | generated evidence | synthesis alone | codec and size only | real clips called generated |',
    '| --- | --- | --- | --- | --- | --- | --- |',
  ];
  for (const condition of ['stored', 'h264'] as const) {
    const here = watched.filter(
      (w) => w.condition === condition && w.role !== 'face' && w.synthesis !== null && w.motion,
    );
    const rows = clipRows(here);
    const all = clipRows(watched.filter((w) => w.motion));
    const scores = leaveSourceOut(all);
    const own = new Map(all.map((row, i) => [`${row.set} ${row.features.join()}`, scores[i]]));
    const ours: Scored[] = rows.map((row) => ({
      set: row.set,
      fake: row.label === 'fake',
      score: own.get(`${row.set} ${row.features.join()}`) ?? 0,
    }));
    const alone: Scored[] = rows.map((row) => ({
      set: row.set,
      fake: row.label === 'fake',
      score: row.features[0],
    }));
    const codec = sourceOut(here.map((w) => ({ set: w.set, fake: w.role !== 'real', x: byCodec(w) })));
    const real = ours.filter(({ fake }) => !fake);
    const alarms = real.filter(({ score }) => score >= CALIBRATION.detectFrom).length;
    const [low, high] = wilson(alarms, real.length);
    lines.push(
      `| ${condition} | ${rows.length} | ${new Set(rows.map(({ set }) => set)).size} | ${areaCell(ours)} | ${areaCell(alone)} | ${areaCell(codec)} | ${alarms}/${real.length} (${(100 * low).toFixed(0)}–${(100 * high).toFixed(0)} %) |`,
    );
  }
  return `${lines.join('\n')}\n`;
}

const POOLINGS: Readonly<Record<string, (logits: readonly number[]) => number>> = {
  'confident strategy': (logits) => logitOf(confidentStrategy(logits.map((v) => 1 / (1 + Math.exp(-v))))),
  mean: (logits) => logits.reduce((a, b) => a + b, 0) / logits.length,
  'upper quartile': (logits) => [...logits].sort((a, b) => a - b)[Math.floor(0.75 * (logits.length - 1))],
};

/** What a learned pooling goes by: how high, how even, how often sure. */
function poolingFeatures(logits: readonly number[]): number[] {
  const sorted = [...logits].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))];
  const mean = POOLINGS.mean(logits);
  const spread = Math.sqrt(logits.reduce((sum, v) => sum + (v - mean) ** 2, 0) / logits.length);
  return [mean, at(0.1), at(0.5), at(0.9), spread, POOLINGS['confident strategy'](logits)];
}

const longestSeen = ({ people }: WatchedClip) => people.reduce((a, b) => (b.length > a.length ? b : a));

export function poolingTable(watched: readonly WatchedClip[]): string {
  const clips = watched.filter(
    (w) =>
      w.condition === 'stored' && w.role !== 'generated' && w.people.some((logits) => logits.length >= 3),
  );
  const heldOut = clips.filter((w) => sideOf(`video_${w.set}`) === 'held-out');
  const lines = [
    '## Swapped and re-enacted faces in clips',
    '',
    'AUC of the face-swap scores of the person seen longest, pooled over time; sources count alike; interval over sources.',
    '',
    '| pooling | sources not trained on | clips | all clips (some trained on) | clips |',
    '| --- | --- | --- | --- | --- |',
  ];
  for (const [name, pool] of Object.entries(POOLINGS)) {
    const scored = (rows: readonly WatchedClip[]): Scored[] =>
      rows.map((w) => ({
        set: w.set,
        fake: w.role === 'face',
        score: pool(longestSeen(w)),
      }));
    lines.push(
      `| ${name} | ${areaCell(scored(heldOut))} | ${heldOut.length} | ${areaCell(scored(clips))} | ${clips.length} |`,
    );
  }
  const learnt = sourceOut(
    clips.map((w) => ({ set: w.set, fake: w.role === 'face', x: poolingFeatures(longestSeen(w)) })),
  );
  const learntOn = (side: readonly WatchedClip[]) =>
    areaCell(learnt.filter((_, i) => side.includes(clips[i])));
  lines.push(
    `| learned (logistic regression, source left out) | ${learntOn(heldOut)} | ${heldOut.length} | ${learntOn(clips)} | ${clips.length} |`,
  );
  const codec = sourceOut(clips.map((w) => ({ set: w.set, fake: w.role === 'face', x: byCodec(w) })));
  lines.push(`| codec and size only | | | ${areaCell(codec)} | ${clips.length} |`);
  return `${lines.join('\n')}\n`;
}

export function temporalTable(watched: readonly WatchedClip[]): string {
  const clips = watched.flatMap((w) =>
    w.condition === 'stored' && w.role !== 'generated' && w.temporal ? [{ ...w, temporal: w.temporal }] : [],
  );
  const items = (names: readonly (typeof CHANGES)[number][]) =>
    clips.map((w) => ({ set: w.set, fake: w.role === 'face', x: names.map((name) => w.temporal[name]) }));
  const lines = [
    '## What changes between frames of a face',
    '',
    `AUC on ${clips.length} clips of ${new Set(clips.map(({ set }) => set)).size} sources, each judged by a fit without its source. Below one half means that what was learnt from other sources points the wrong way here.`,
    '',
    '| feature | AUC |',
    '| --- | --- |',
    ...CHANGES.map((name) => `| ${name} | ${areaCell(sourceOut(items([name])))} |`),
    `| all together | ${areaCell(sourceOut(items(CHANGES)))} |`,
  ];
  return `${lines.join('\n')}\n`;
}
