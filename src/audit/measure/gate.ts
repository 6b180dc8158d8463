/**
 * A detector in front of a recogniser: it turns away what it holds for fake, the rest is recognised as before. What
 * counts is how many fakes still pass as the person, against how many real pictures are turned away.
 */
import { ClusterBootstrap, type Share, wilsonRate } from '../../bench/intervals.ts';
import type { AuditGate, AuditGatePoint, AuditRate } from '../../core/audit.ts';
import { grouped } from '../../core/group.ts';
import { type Answer, counts } from '../answers.ts';
import type { NameBook } from '../names.ts';

/** Real pictures turned away at the point that is stated. */
export const FALSE_REJECTS = 0.05;
const REJECT_RATES = [0, 0.005, 0.01, 0.02, 0.03, 0.04, 0.05, 0.075, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5];

export interface GateInput {
  readonly detector: string;
  readonly service: string;
  readonly set: string;
  /** Answers to fakes. */
  readonly answers: readonly Answer[];
  readonly reals: readonly { readonly person: string; readonly file: string }[];
  /** Higher is likelier fake; null or undefined where the detector has no answer: the picture passes. */
  readonly score: (file: string) => number | null | undefined;
  /** Confidence from which the recogniser's answer counts. */
  readonly operating: number;
  readonly book: NameBook;
}

/** Null when no fake of a known person, or no real picture, has a score. */
export function measureGate(input: GateInput): AuditGate | null {
  const { book, score, operating } = input;
  const scored = (file: string) => score(file) ?? null;
  const fakes = input.answers.flatMap(({ person, fake, file }) =>
    person === null
      ? []
      : [
          {
            key: book.key(person),
            score: scored(file),
            hit: counts(fake, operating) && fake.name !== null && book.same(fake.name, person),
          },
        ],
  );
  const reals = input.reals.map(({ person, file }) => ({ key: book.key(person), score: scored(file) }));
  const realScores = reals.flatMap((one) => (one.score === null ? [] : [one.score]));
  if (!fakes.some((one) => one.score !== null) || realScores.length === 0) return null;
  const falling = realScores.sort((a, b) => b - a);
  const rates = (all: readonly { readonly key: string }[]) => {
    const groups = [...grouped(all, ({ key }) => key).values()];
    const bootstrap = new ClusterBootstrap(groups.length);
    return (of: (one: never) => boolean): AuditRate =>
      bootstrap.rate(groups.map((own): Share => ({ count: own.filter(of as never).length, n: own.length })));
  };
  const [ofFakes, ofReals] = [rates(fakes), rates(reals)];
  type Judged = { readonly score: number | null; readonly hit?: boolean };
  const point = (threshold: number): AuditGatePoint => {
    const turnedAway = ({ score }: Judged) => score !== null && score > threshold;
    return {
      threshold,
      falseReject: ofReals(turnedAway),
      residual: ofFakes((one: Judged) => one.hit === true && !turnedAway(one)),
    };
  };
  /** The lowest threshold above which at most `rate` of the real pictures lie. */
  const thresholdFor = (rate: number) =>
    falling[Math.min(falling.length - 1, Math.floor(rate * reals.length + 1e-9))];
  const curve = [...new Set(REJECT_RATES.map(thresholdFor))].map(point);
  return {
    service: input.service,
    detector: input.detector,
    set: input.set,
    fakes: fakes.length,
    reals: reals.length,
    unscored: [...fakes, ...reals].filter((one) => one.score === null).length,
    before: fakes.length > 0 ? ofFakes((one: Judged) => one.hit === true) : wilsonRate({ count: 0, n: 0 }),
    operating: point(thresholdFor(FALSE_REJECTS)),
    curve,
  };
}
