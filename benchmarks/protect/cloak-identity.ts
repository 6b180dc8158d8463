/**
 * The cloak's rig where the threat is being recognised: is the cloaked portrait still taken for the very picture it was
 * made from, by the recogniser it was made against and by one it has never seen? That is the recogniser's easiest case:
 * with another photograph of the same person it has less to go by.
 */
import { wilson } from '../../src/bench/metrics.ts';
import type { RgbImage } from '../../src/core/image.ts';
import { Random } from '../../src/core/random.ts';
import { installedFaceFinder } from '../../src/face/finder.node.ts';
import { radiusOf, STRENGTHS, wornWithin } from '../../src/protect/cloak/budget.ts';
import { scaledTo, smoothNoise, weighed } from '../../src/protect/cloak/climb.ts';
import { searchCloak } from '../../src/protect/cloak/cloak.ts';
import { fade, frameOf } from '../../src/protect/cloak/frame.ts';
import { openRecogniser } from '../../src/protect/cloak/recogniser.node.ts';
import { faceAgain, viewOf } from '../../src/protect/cloak/trial.ts';
import { distance, dlibResnet, SAME_PERSON } from './dlib-resnet.ts';
import { portraits } from './portraits.ts';
import { ROADS } from './roads.ts';

const BUDGET = STRENGTHS.strong;
const KINDS = ['noise', 'cloak'] as const;

interface Judged {
  readonly road: string;
  readonly kind: (typeof KINDS)[number];
  /** 1 - cosine, and is it beyond the threshold of the recogniser the cloak was made against? */
  readonly gap: number;
  readonly lost: boolean;
  /** Distance of the unseen recogniser's features; null where it is not installed. */
  readonly unseen: number | null;
}

export async function cloakIdentityRig(n: number): Promise<void> {
  const finder = installedFaceFinder();
  const found = await portraits(n, finder);
  if (found.length === 0) {
    console.log('no portraits: set HUOYAN_DATA to the folder of the corpus');
    return;
  }
  const recogniser = await openRecogniser();
  const unseen = await dlibResnet();
  const judged: Judged[] = [];
  const decibels: number[] = [];
  for (const [i, { source, image, face }] of found.entries()) {
    const frame = frameOf(image, face);
    const noise = scaledTo(weighed(smoothNoise(new Random(7)), fade()), radiusOf(image, frame, BUDGET));
    const cloak = await searchCloak(image, frame, { budget: BUDGET, surrogates: [recogniser], seed: 1 });
    const made: Record<Judged['kind'], RgbImage> = {
      noise: wornWithin(image, frame, noise, BUDGET).image,
      cloak: wornWithin(image, frame, cloak, BUDGET).image,
    };
    decibels.push(wornWithin(image, frame, cloak, BUDGET).cost.pictureDb);
    for (const [road, travel] of Object.entries(ROADS)) {
      const clean = await travel(image);
      const before = await faceAgain(clean, finder, face);
      for (const kind of KINDS) {
        const arrived = await travel(made[kind]);
        const after = await faceAgain(arrived, finder, face);
        const { gap, over } = await recogniser.judge(
          viewOf(arrived, after, recogniser),
          viewOf(clean, before, recogniser),
        );
        const away =
          unseen && distance(await unseen.embed(clean, before), await unseen.embed(arrived, after));
        judged.push({ road, kind, gap, lost: over, unseen: away });
      }
    }
    console.error(`${i + 1} of ${found.length}: ${source}`);
  }
  await recogniser.close();
  await unseen?.close();
  const sources = new Set(found.map(({ source }) => source)).size;
  console.log(
    `${found.length} portraits of ${sources} sources; PSNR least ${Math.min(...decibels).toFixed(1)} dB. No longer taken for the same person (Wilson, 95 %), and the median: of the one it was made against, cosine; of the unseen one, distance (the same person below ${SAME_PERSON})\n`,
  );
  console.log(
    '| road | made against: random change | made against: cloak | unseen: random change | unseen: cloak |',
  );
  console.log('| --- | --- | --- | --- | --- |');
  for (const road of Object.keys(ROADS)) {
    const cells = (['made against', 'unseen'] as const).flatMap((which) =>
      KINDS.map((kind) => {
        const trials = judged.filter((one) => one.road === road && one.kind === kind);
        return which === 'unseen'
          ? cell(
              trials,
              ({ unseen: away }) => (away ?? 0) > SAME_PERSON,
              ({ unseen: away }) => away ?? Number.NaN,
            )
          : cell(
              trials,
              ({ lost }) => lost,
              ({ gap }) => 1 - gap,
            );
      }),
    );
    console.log(`| ${road} | ${cells.join(' | ')} |`);
  }
}

function cell(
  trials: readonly Judged[],
  lost: (one: Judged) => boolean,
  value: (one: Judged) => number,
): string {
  const gone = trials.filter(lost).length;
  const [low, high] = wilson(gone, trials.length);
  const middle = trials.map(value).sort((a, b) => a - b)[trials.length >> 1];
  const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
  return `${gone}/${trials.length} (${percent(low)}–${percent(high)}), ${middle.toFixed(2)}`;
}
