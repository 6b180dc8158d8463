/**
 * The cloak's rig: how often manipulating a cloaked portrait fails, on the way there and back of real pictures, beside
 * random changes of the same size. A manipulator is judged on cloaks made without it (of its own threat, half of the
 * configurations left out; and of every other threat) and, as the bound of what can be hoped for, on cloaks made with it;
 * cloaks that were searched at length, and those of `--quick`, whose network `npm run recipe:cloak -- fold 0` and `-- fold 1`
 * train without the same halves.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { FOLDS, foldModel, heldOut } from '../../recipes/cloak/folds.ts';
import { bootstrap } from '../../src/bench/metrics.ts';
import { grouped } from '../../src/core/group.ts';
import type { RgbImage } from '../../src/core/image.ts';
import { Random } from '../../src/core/random.ts';
import { installedFaceFinder } from '../../src/face/finder.node.ts';
import { openModels } from '../../src/nn/models.node.ts';
import { nodeRuntime } from '../../src/nn/runtime.node.ts';
import { type Cost, radiusOf, STRENGTHS, wornWithin } from '../../src/protect/cloak/budget.ts';
import { scaledTo, smoothNoise, weighed } from '../../src/protect/cloak/climb.ts';
import { quickCloak, searchCloak } from '../../src/protect/cloak/cloak.ts';
import { fade, frameOf } from '../../src/protect/cloak/frame.ts';
import { openSurrogates } from '../../src/protect/cloak/opened.node.ts';
import { failed, type Surrogate } from '../../src/protect/cloak/surrogate.ts';
import { MANIPULATIONS, type Threat } from '../../src/protect/cloak/threats.ts';
import { faceAgain, type Trial, tried } from '../../src/protect/cloak/trial.ts';
import { openVenom, type Venom, venomOf } from '../../src/protect/cloak/venom.ts';
import { type Portrait, portraits } from './portraits.ts';
import { ROADS } from './roads.ts';

const BUDGET = STRENGTHS.strong;

const KINDS = {
  noise: 'random change',
  'other threat': 'search, for another threat',
  unseen: 'search, not against it',
  seen: 'search, against it',
  'quick unseen': 'quick, not against it',
  'quick seen': 'quick, against it',
} as const;
type Kind = keyof typeof KINDS;
const EVERY = Object.keys(KINDS) as Kind[];

interface Judged extends Trial {
  readonly portrait: number;
  readonly road: string;
  readonly kind: Kind;
}

export async function cloakRig(n: number): Promise<void> {
  const finder = installedFaceFinder();
  const found = await portraits(n, finder);
  if (found.length === 0) return;
  const { surrogates, close } = await openSurrogates(MANIPULATIONS);
  const venoms = await openVenoms();
  const judged: Judged[] = [];
  const costs: Cost[] = [];
  for (const [portrait, one] of found.entries()) {
    const made = await madeFor(one, surrogates, venoms);
    for (const { cost } of made) costs.push(cost);
    for (const [road, travel] of Object.entries(ROADS)) {
      const placed = async (picture: RgbImage) => {
        const image = await travel(picture);
        return { image, face: await faceAgain(image, finder, one.face) };
      };
      const clean = await placed(one.image);
      for (const { image, judges } of made) {
        const trials = await tried(clean, await placed(image), [...judges.keys()]);
        for (const trial of trials) {
          const judge = [...judges].find(([{ name }]) => name === trial.name);
          if (judge) judged.push({ ...trial, portrait, road, kind: judge[1] });
        }
      }
    }
    console.error(`${portrait + 1} of ${found.length}: ${one.source}`);
  }
  await close();
  tell(found, surrogates, judged, costs);
}

interface Made {
  readonly image: RgbImage;
  readonly cost: Cost;
  /** Who is to judge it, and as what. */
  readonly judges: ReadonlyMap<Surrogate, Kind>;
}

interface Venoms {
  readonly all: Venom;
  /** Trained without one half; none where `recipe:cloak` has not made it. */
  readonly folds: readonly (Venom | null)[];
}

async function openVenoms(): Promise<Venoms> {
  const runtime = await nodeRuntime();
  const folds = Array.from({ length: FOLDS }, async (_, fold) => {
    const path = foldModel(fold);
    return existsSync(path) ? venomOf(await runtime.load(await readFile(path))) : null;
  });
  return { all: openVenom(openModels()), folds: await Promise.all(folds) };
}

async function madeFor(
  { image, face }: Portrait,
  surrogates: readonly Surrogate[],
  venoms: Venoms,
): Promise<Made[]> {
  const frame = frameOf(image, face);
  const noise = scaledTo(weighed(smoothNoise(new Random(7)), fade()), radiusOf(image, frame, BUDGET));
  const made: Made[] = [
    {
      ...wornWithin(image, frame, noise, BUDGET),
      judges: new Map(surrogates.map((surrogate) => [surrogate, 'noise' as const])),
    },
  ];
  const judge = (cloak: Float32Array, judges: Made['judges']) =>
    made.push({ ...wornWithin(image, frame, cloak, BUDGET), judges });
  const against = async (used: readonly Surrogate[], judges: Made['judges']) =>
    judge(await searchCloak(image, frame, { budget: BUDGET, surrogates: used, seed: 1 }), judges);
  const quickly = async (
    used: readonly Surrogate[],
    { threat, venom }: { readonly threat: Threat; readonly venom: Venom },
    judges: Made['judges'],
  ) => {
    const options = { budget: BUDGET, surrogates: used, seed: 1, threats: [threat], venom };
    judge(await quickCloak(image, frame, options), judges);
  };
  const as = (those: readonly Surrogate[], kind: Kind) => new Map(those.map((one) => [one, kind]));
  for (const [threat, own] of grouped(surrogates, (surrogate) => surrogate.threat)) {
    const others = surrogates.filter((one) => one.threat !== threat);
    await against(own, new Map([...as(own, 'seen'), ...as(others, 'other threat')]));
    await quickly(own, { threat, venom: venoms.all }, as(own, 'quick seen'));
    for (let fold = 0; fold < FOLDS; fold++) {
      const held = heldOut(own, fold);
      if (held.length === 0) continue;
      const rest = own.filter((one) => !held.includes(one));
      await against(rest, as(held, 'unseen'));
      const venom = venoms.folds[fold];
      if (venom) await quickly(rest, { threat, venom }, as(held, 'quick unseen'));
    }
  }
  return made;
}

const percent = (value: number) => `${(100 * value).toFixed(0)} %`;
const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** Share of failures with its interval; portraits are resampled, all of a portrait's trials together. */
function share(trials: readonly Judged[], what: (trial: Trial) => boolean): string {
  if (trials.length === 0) return '–';
  const rate = (list: readonly Judged[]) => list.filter(what).length / list.length;
  const byPortrait = [...grouped(trials, ({ portrait }) => portrait).values()];
  const [low, high] = bootstrap(byPortrait, (sample) => rate(sample.flat()));
  return `${percent(rate(trials))} (${percent(low)}–${percent(high)})`;
}

function tell(
  found: readonly Portrait[],
  surrogates: readonly Surrogate[],
  judged: readonly Judged[],
  costs: readonly Cost[],
): void {
  const sources = new Set(found.map(({ source }) => source)).size;
  console.log(
    `${found.length} portraits of ${sources} sources, ${surrogates.length} manipulators. PSNR of the cloaked pictures: least ${Math.min(...costs.map((c) => c.pictureDb)).toFixed(1)}, median ${median(costs.map((c) => c.pictureDb)).toFixed(1)} dB; of the square around the face: least ${Math.min(...costs.map((c) => c.faceDb)).toFixed(1)}, median ${median(costs.map((c) => c.faceDb)).toFixed(1)} dB; mean colour distance there: median ${median(costs.map((c) => c.colour)).toFixed(1)}\n`,
  );
  const of = (kind: Kind, road: string) => judged.filter((t) => t.kind === kind && t.road === road);
  const table = (title: string, what: (trial: Trial) => boolean) => {
    console.log(`${title}\n`);
    console.log(`| road | ${EVERY.map((kind) => KINDS[kind]).join(' | ')} |`);
    console.log(`| --- ${'| --- '.repeat(EVERY.length)}|`);
    for (const road of Object.keys(ROADS)) {
      console.log(`| ${road} | ${EVERY.map((kind) => share(of(kind, road), what)).join(' | ')} |`);
    }
    console.log('');
  };
  table('Manipulation failed: L2 above 0.05 and visibly (95 %, portraits resampled)', failed);
  table('L2 above 0.05', ({ over }) => over);
  const road = 'JPEG 75';
  console.log(`After ${road}, by manipulator: median L2, and how often it failed\n`);
  const told = EVERY.filter((kind) => kind !== 'other threat');
  console.log(`| threat | manipulator | ${told.map((kind) => KINDS[kind]).join(' | ')} |`);
  console.log(`| --- | --- ${'| --- '.repeat(told.length)}|`);
  for (const { name, threat } of surrogates) {
    const cells = told.map((kind) => {
      const trials = of(kind, road).filter((trial) => trial.name === name);
      return `${median(trials.map(({ gap }) => gap)).toFixed(4)}, ${trials.filter(failed).length}/${trials.length}`;
    });
    console.log(`| ${threat} | ${name} | ${cells.join(' | ')} |`);
  }
}
