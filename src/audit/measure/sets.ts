/**
 * The measurement of arXiv 2103.00847 over answers: who was named for fakes of whom, how often, from which confidence
 * on. Every share carries an interval that resamples people, because the fakes of one person stand and fall together.
 */
import { ClusterBootstrap, type Share, wilsonRate } from '../../bench/intervals.ts';
import type {
  Audit,
  AuditAtThreshold,
  AuditClips,
  AuditConfusion,
  AuditHistogram,
  AuditRate,
  AuditRates,
  AuditSet,
  AuditTotal,
} from '../../core/audit.ts';
import { grouped } from '../../core/group.ts';
import { type Answer, counts } from '../answers.ts';
import { NameBook, type NameBookOptions } from '../names.ts';

/** Thresholds every set is measured at; dense where services put theirs. */
export const THRESHOLDS: readonly number[] = [
  ...Array.from({ length: 19 }, (_, i) => (i * 5) / 100),
  0.9,
  0.95,
  0.97,
  0.98,
  0.99,
  0.995,
  0.999,
].filter((value, i, all) => all.indexOf(value) === i);

/** Most pairs of names that are listed. */
const MOST_CONFUSIONS = 500;
const BINS = 20;

export interface MeasureOptions extends NameBookOptions {
  /** From which confidence a service's answer counts, by service; 0 where absent. */
  readonly operating?: ReadonlyMap<string, number>;
  /** Fakes without an answer, by {@link setKey}. */
  readonly failed?: ReadonlyMap<string, number>;
  readonly rounds?: number;
  readonly seed?: number;
}

/** One set put to one service. */
export const setKey = ({ set, service }: Pick<Answer, 'set' | 'service'>) => JSON.stringify([set, service]);

/** All sets in order of first appearance, and all together. */
export function measure(
  answers: readonly Answer[],
  options: MeasureOptions = {},
): Pick<Audit, 'sets' | 'total'> {
  const { operating = new Map(), failed = new Map() } = options;
  const judged = answers.map(judgeWith(options));
  const sets = [...grouped(judged, ({ answer }) => setKey(answer))].map(([key, group]): AuditSet => {
    const { set: name, service } = group[0].answer;
    const least = operating.get(service) ?? 0;
    return {
      name,
      service,
      ...measured(
        group,
        group.map(() => least),
        failed.get(key) ?? 0,
        options,
      ),
      operating: least,
    };
  });
  const least = judged.map(({ answer }) => operating.get(answer.service) ?? 0);
  const allFailed = [...failed.values()].reduce((sum, n) => sum + n, 0);
  return { sets, total: measured(judged, least, allFailed, options) };
}

/** An answer and how its names compare; `identity` is right whatever the spelling. */
interface Judged {
  readonly answer: Answer;
  readonly person: string;
  readonly right: boolean;
  readonly identity: boolean;
  readonly inverted: boolean;
}

function judgeWith(options: MeasureOptions): (answer: Answer) => Judged {
  const book = new NameBook(options);
  const lenient = new NameBook({ ...options, rule: 'identity' });
  return (answer) => {
    const { fake, real, person } = answer;
    const right = fake.name !== null && person !== null && book.same(fake.name, person);
    const asReal = real?.name != null && fake.name !== null && lenient.same(fake.name, real.name);
    const inverted =
      real?.name != null &&
      fake.name !== null &&
      fake.confidence !== null &&
      real.confidence !== null &&
      fake.confidence > real.confidence;
    const identity =
      right || asReal || (fake.name !== null && person !== null && lenient.same(fake.name, person));
    // Fakes of nobody in particular stand for themselves, frames of one clip for one another.
    const whose = person === null ? `? ${answer.clip ?? answer.file}` : book.key(person);
    return { answer, person: whose, right, identity, inverted };
  };
}

type Property = (judged: Judged) => boolean;

/** The share of a property over all fakes, and over those whose person is known. */
interface Over {
  all(of: Property): AuditRate;
  known(of: Property): AuditRate;
}

const wrong: Property = ({ right, answer }) => !right && answer.person !== null;
const known = (group: readonly Judged[]) => group[0].answer.person !== null;

/** `least[i]` is the operating threshold of `judged[i]`. */
function measured(
  judged: readonly Judged[],
  least: readonly number[],
  failed: number,
  options: MeasureOptions,
): AuditTotal {
  const people = [...grouped(judged, ({ person }) => person).values()];
  const floor = new Map(judged.map((one, i) => [one, least[i]]));
  const named = (one: Judged, threshold: number) =>
    counts(one.answer.fake, Math.max(threshold, floor.get(one) ?? 0));
  const bootstrap = people.length > 0 ? new ClusterBootstrap(people.length, options) : null;
  const rate = (of: Property): AuditRate => bootstrap?.rate(people.map((group) => share(group, of))) ?? NONE;
  // Where nobody knows who is impersonated, only "named anybody" is a question.
  const ofKnown = (of: Property): AuditRate =>
    bootstrap?.rate(people.map((group) => (known(group) ? share(group, of) : { count: 0, n: 0 }))) ?? NONE;
  const ratesAt = (threshold: number, over: Over): AuditRates => ({
    targeted: over.known((one) => one.right && named(one, threshold)),
    nonTargeted: over.all((one) => named(one, threshold)),
    misidentified: over.known((one) => wrong(one) && named(one, threshold)),
  });
  const over: Over = { all: rate, known: ofKnown };
  const impersonated = (threshold: number) =>
    people.filter((group) => group.some((one) => one.right && named(one, threshold))).length;
  const within = (group: readonly Judged[]): Over => {
    const own = group.filter(({ answer }) => answer.person !== null);
    return {
      all: (of) => wilsonRate(share(group, of)),
      known: (of) => wilsonRate(share(own, of)),
    };
  };
  const displayed = (group: readonly Judged[]) => ({ n: group.length, ...ratesAt(0, within(group)) });

  return {
    n: judged.length,
    failed,
    ...ratesAt(0, over),
    inverted: ofKnown(({ inverted }) => inverted),
    targetedByIdentity: ofKnown((one) => one.identity && named(one, 0)),
    persons: people.filter(known).length,
    personsImpersonated: impersonated(0),
    byThreshold: THRESHOLDS.map(
      (threshold): AuditAtThreshold => ({
        threshold,
        ...ratesAt(threshold, over),
        personsImpersonated: impersonated(threshold),
      }),
    ),
    people: people
      .filter(known)
      .map((group) => ({ person: group[0].answer.person ?? '', ...displayed(group) }))
      .sort((a, b) => b.targeted.rate - a.targeted.rate || b.n - a.n || order(a.person, b.person)),
    methods: [...grouped(judged, ({ answer }) => answer.method)]
      .flatMap(([method, group]) => (method === null ? [] : [{ method, ...displayed(group) }]))
      .sort((a, b) => order(a.method, b.method)),
    confusions: confusions(judged.filter((one) => wrong(one) && named(one, 0))),
    similarity: histogram(judged.map(({ answer }) => answer.similarity)),
    confidence: {
      targeted: histogram(confidences(judged, (one) => one.right && named(one, 0))) ?? EMPTY,
      misidentified: histogram(confidences(judged, (one) => wrong(one) && named(one, 0))) ?? EMPTY,
    },
    clips: clips(judged, (one) => one.right && named(one, 0)),
  };
}

const NONE: AuditRate = { count: 0, rate: 0, lo: 0, hi: 1 };
const EMPTY: AuditHistogram = { n: 0, counts: new Array<number>(BINS).fill(0) };

/** By code units: the same order on every machine. */
const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

const share = (group: readonly Judged[], of: Property): Share => ({
  count: group.filter(of).length,
  n: group.length,
});

const confidences = (judged: readonly Judged[], of: Property) =>
  judged.filter(of).map(({ answer }) => answer.fake.confidence);

/** Null when there is no value at all. */
function histogram(values: readonly (number | null)[]): AuditHistogram | null {
  const there = values.filter((value) => value !== null);
  if (there.length === 0) return null;
  const counts = new Array<number>(BINS).fill(0);
  for (const value of there) counts[Math.min(BINS - 1, Math.max(0, Math.floor(value * BINS)))]++;
  return { n: there.length, counts };
}

function confusions(wrong: readonly Judged[]): AuditConfusion[] {
  const pairs = grouped(wrong, ({ person, answer }) => JSON.stringify([person, answer.fake.name]));
  return [...pairs.values()]
    .map((group) => {
      const { person, fake } = group[0].answer;
      return { person: person ?? '', named: fake.name as string, count: group.length };
    })
    .sort((a, b) => b.count - a.count || order(a.person, b.person) || order(a.named, b.named))
    .slice(0, MOST_CONFUSIONS);
}

/** Clips are clusters of their own here: a set of frames of one clip is one case. */
function clips(judged: readonly Judged[], passes: Property): AuditClips | null {
  const frames = judged.filter(({ answer }) => answer.clip !== null);
  if (frames.length === 0) return null;
  const groups = [
    ...grouped(frames, ({ answer }) => JSON.stringify([answer.set, answer.service, answer.clip])).values(),
  ];
  const people = [...grouped(groups, (group) => group[0].person).values()];
  const bootstrap = new ClusterBootstrap(people.length);
  const rate = (of: (passing: number, all: number) => boolean) =>
    bootstrap.rate(
      people.map((own) => ({
        count: own.filter((group) => of(group.filter(passes).length, group.length)).length,
        n: own.length,
      })),
    );
  return {
    n: groups.length,
    anyFrame: rate((passing) => passing > 0),
    mostFrames: rate((passing, all) => passing > all / 2),
  };
}
