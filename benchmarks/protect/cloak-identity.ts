/**
 * The cloak's rig where the threat is being recognised: is the cloaked portrait still taken for the very picture it was
 * made from, by the recogniser it was made against and by one it has never seen? That is the recogniser's easiest case:
 * with another photograph of the same person it has less to go by.
 */
import { wilson } from '../../src/bench/metrics.ts';
import { Random } from '../../src/core/random.ts';
import { installedFaceFinder } from '../../src/face/finder.node.ts';
import { openModels } from '../../src/nn/models.node.ts';
import { radiusOf, STRENGTHS, wornWithin } from '../../src/protect/cloak/budget.ts';
import { scaledTo, smoothNoise, weighed } from '../../src/protect/cloak/climb.ts';
import { quickCloak, searchCloak } from '../../src/protect/cloak/cloak.ts';
import { fade, frameOf } from '../../src/protect/cloak/frame.ts';
import { openRecogniser } from '../../src/protect/cloak/recogniser.node.ts';
import { faceAgain, viewOf } from '../../src/protect/cloak/trial.ts';
import { openVenom } from '../../src/protect/cloak/venom.ts';
import { distance, dlibResnet, SAME_PERSON } from './dlib-resnet.ts';
import { portraits } from './portraits.ts';
import { ROADS } from './roads.ts';

const BUDGET = STRENGTHS.strong;
const KINDS = {
  noise: 'random change',
  cloak: 'search',
  network: 'network alone',
  quick: 'quick',
} as const;
const EVERY = Object.keys(KINDS) as (keyof typeof KINDS)[];

interface Judged {
  readonly road: string;
  readonly kind: keyof typeof KINDS;
  /** 1 - cosine, and is it beyond the threshold of the recogniser the cloak was made against? */
  readonly gap: number;
  readonly lost: boolean;
  /** Distance of the unseen recogniser's features; null where it is not installed. */
  readonly unseen: number | null;
}

export async function cloakIdentityRig(n: number): Promise<void> {
  const finder = installedFaceFinder();
  const found = await portraits(n, finder);
  if (found.length === 0) return;
  const recogniser = await openRecogniser();
  const unseen = await dlibResnet();
  const venom = openVenom(openModels());
  const judged: Judged[] = [];
  const decibels: number[] = [];
  const times = { cloak: [] as number[], network: [] as number[], quick: [] as number[] };
  const timed = async <T>(kind: keyof typeof times, make: () => Promise<T>): Promise<T> => {
    const from = process.cpuUsage();
    const made = await make();
    const { user, system } = process.cpuUsage(from);
    times[kind].push((user + system) / 1e6);
    return made;
  };
  for (const [i, { source, image, face }] of found.entries()) {
    const frame = frameOf(image, face);
    const noise = scaledTo(weighed(smoothNoise(new Random(7)), fade()), radiusOf(image, frame, BUDGET));
    const search = () => searchCloak(image, frame, { budget: BUDGET, surrogates: [recogniser], seed: 1 });
    const cloak = await timed('cloak', search);
    const pass = await timed('network', () => venom(frame.canvas, ['identity']));
    const quick = await timed('quick', () =>
      quickCloak(image, frame, {
        ...{ budget: BUDGET, surrogates: [recogniser], seed: 1 },
        ...{ threats: ['identity'], venom },
      }),
    );
    const made = { noise, cloak, network: scaledTo(pass, radiusOf(image, frame, BUDGET)), quick };
    const worn = EVERY.map((kind) => ({ kind, ...wornWithin(image, frame, made[kind], BUDGET) }));
    for (const { cost } of worn) decibels.push(cost.pictureDb);
    for (const [road, travel] of Object.entries(ROADS)) {
      const clean = await travel(image);
      const before = await faceAgain(clean, finder, face);
      for (const { kind, image: picture } of worn) {
        const arrived = await travel(picture);
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
  const typical = (list: readonly number[]) => [...list].sort((a, b) => a - b)[list.length >> 1].toFixed(2);
  console.log(
    `Processor time of making one, median: search ${typical(times.cloak)} s, network alone ${typical(times.network)} s, quick ${typical(times.quick)} s.\n`,
  );
  const head = ['made against', 'unseen'].flatMap((which) => EVERY.map((kind) => `${which}: ${KINDS[kind]}`));
  console.log(`| road | ${head.join(' | ')} |`);
  console.log(`| --- ${'| --- '.repeat(head.length)}|`);
  for (const road of Object.keys(ROADS)) {
    const cells = (['made against', 'unseen'] as const).flatMap((which) =>
      EVERY.map((kind) => {
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
