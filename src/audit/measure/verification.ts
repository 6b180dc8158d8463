/**
 * How well a recogniser tells real people apart: every two photos of the gallery compared where it shows features, and
 * the photos it was asked about. An attack means little without these figures beside it.
 */
import { ClusterBootstrap, wilsonRate } from '../../bench/intervals.ts';
import { auc, thresholdAt } from '../../bench/metrics.ts';
import type { AuditAccuracy, AuditPairs } from '../../core/audit.ts';
import { grouped } from '../../core/group.ts';
import { Random } from '../../core/random.ts';
import { counts } from '../answers.ts';
import type { NameBook } from '../names.ts';
import type { Shown } from '../run.node.ts';

export interface Described {
  readonly person: string;
  /** Of length 1; null where there was no face. */
  readonly features: Float32Array | null;
}

/** One false match in so many pairs: where face recognisers are compared. */
const FALSE_MATCH = 0.001;
/** Pairs of different people beyond these are drawn by chance. */
const MOST_IMPOSTORS = 2_000_000;
const ROC_POINTS = 60;

/** Null unless there is a pair of one person and one of two. */
export function comparePairs(described: readonly Described[]): AuditPairs | null {
  const usable = described.flatMap(({ person, features }) => (features ? [{ person, features }] : []));
  const people = [...grouped(usable, ({ person }) => person).values()];
  const genuine = people.map((own) =>
    own.flatMap((one, i) => own.slice(0, i).map((other) => cosine(one.features, other.features))),
  );
  const all = (usable.length * (usable.length - 1)) / 2;
  const random = new Random(1);
  const share = MOST_IMPOSTORS / all;
  const impostor: number[] = [];
  for (let i = 0; i < usable.length; i++)
    for (let j = 0; j < i; j++)
      if (usable[i].person !== usable[j].person && (share >= 1 || random.chance(share)))
        impostor.push(cosine(usable[i].features, usable[j].features));
  const same = genuine.flat();
  if (same.length === 0 || impostor.length === 0) return null;
  const scores = [...same, ...impostor];
  const threshold = thresholdAt(FALSE_MATCH, impostor);
  const passing = (values: readonly number[], least: number) => values.filter((v) => v >= least).length;
  const withPairs = genuine.filter((own) => own.length > 0);
  const thresholds = spread(Float64Array.from(scores).sort().reverse());
  return {
    withoutFace: described.length - usable.length,
    genuine: same.length,
    impostor: impostor.length,
    auc: auc(
      scores,
      scores.map((_, i) => i < same.length),
    ),
    threshold,
    falseMatch: wilsonRate({ count: passing(impostor, threshold), n: impostor.length }),
    falseNonMatch: new ClusterBootstrap(withPairs.length).rate(
      withPairs.map((own) => ({ count: own.length - passing(own, threshold), n: own.length })),
    ),
    roc: thresholds.map((least) => ({
      threshold: least,
      fmr: passing(impostor, least) / impostor.length,
      fnmr: 1 - passing(same, least) / same.length,
    })),
  };
}

/** Values along a falling list, dense at its beginning, where the rates that matter lie. */
function spread(falling: Float64Array): number[] {
  const at = new Set<number>();
  for (let i = 0; i <= ROC_POINTS; i++)
    at.add(falling[Math.round((falling.length ** (i / ROC_POINTS) - 1) * (1 - 1 / falling.length))]);
  return [...at];
}

export interface AccuracyOptions {
  readonly service: string;
  readonly photos: number;
  readonly people: number;
  /** Confidence from which an answer counts. */
  readonly operating: number;
  readonly book: NameBook;
}

/** What was answered to real pictures, and the pairs where there are any. */
export function accuracy(
  shown: readonly Shown[],
  pairs: AuditPairs | null,
  { service, photos, people, operating, book }: AccuracyOptions,
): AuditAccuracy {
  const groups = [...grouped(shown, ({ person }) => book.key(person)).values()];
  const bootstrap = groups.length > 0 ? new ClusterBootstrap(groups.length) : null;
  const right = ({ named, person }: Shown) => named.name !== null && book.same(named.name, person);
  const rate = (of: (one: Shown) => boolean) =>
    bootstrap?.rate(groups.map((own) => ({ count: own.filter(of).length, n: own.length }))) ??
    wilsonRate({ count: 0, n: 0 });
  return {
    ...{ service, photos, people, pairs },
    identified: rate((one) => counts(one.named, operating) && right(one)),
    misidentified: rate((one) => counts(one.named, operating) && !right(one)),
    probes: shown.length,
  };
}

function cosine(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
