/**
 * A verdict is the weighing of evidence. Three hypotheses: the picture is authentic, wholly synthetic, or manipulated
 * in part. Each detector's likelihood ratio speaks for one of the last two against the first; detectors of one claim
 * are taken as independent, which is why each is bounded where it is calibrated.
 *
 * What is not applicable or failed weighs nothing, and when nothing that looks at the content could be weighed the
 * verdict stays inconclusive whatever the prior says.
 */
import type { Claim, Evidence } from '../core/evidence.ts';
import type { Text } from '../core/text.ts';
import type { StabilityStep, Verdict, VerdictLabel } from '../core/verdict.ts';

export const DEFAULT_PRIOR = 0.5;

/** Of what is not authentic, this share is assumed wholly synthetic, the rest manipulated in part. */
const SYNTHETIC_SHARE = 0.8;

/** Posterior probabilities at which the label changes. */
export const BANDS = { authentic: 0.3, suspect: 0.7, condemned: 0.9 } as const;

/** Standard deviation of a log-likelihood ratio whose interval is unknown. */
const UNKNOWN_SD = 0.8;
const Z90 = 1.6449;

interface Weighed {
  readonly detector: string;
  readonly claim: Claim;
  readonly llr: number;
  readonly sd: number;
  readonly text: Text;
}

function weighed(evidence: readonly Evidence[]): Weighed[] {
  return evidence.flatMap((e) => {
    if (e.status !== 'detected' && e.status !== 'notDetected') return [];
    const sd = e.llrInterval
      ? (e.llrInterval[1] - e.llrInterval[0]) / (2 * Z90)
      : e.llr === 0
        ? 0
        : UNKNOWN_SD;
    return [{ detector: e.detector, claim: e.claim, llr: e.llr, sd, text: e.summary }];
  });
}

/** Posterior of each hypothesis given the summed log-likelihood ratios. */
function posterior(llr: Record<Claim, number>, prior: number): Record<Claim | 'authentic', number> {
  const synthetic = prior * SYNTHETIC_SHARE * Math.exp(llr.synthetic);
  const manipulated = prior * (1 - SYNTHETIC_SHARE) * Math.exp(llr.manipulated);
  const authentic = 1 - prior;
  const sum = synthetic + manipulated + authentic;
  return { synthetic: synthetic / sum, manipulated: manipulated / sum, authentic: authentic / sum };
}

function label(p: Record<Claim | 'authentic', number>, informed: boolean): VerdictLabel {
  const probability = 1 - p.authentic;
  if (!informed) return 'inconclusive';
  if (probability >= BANDS.condemned) return p.synthetic >= p.manipulated ? 'synthetic' : 'manipulated';
  if (probability >= BANDS.suspect) return 'suspect';
  return probability <= BANDS.authentic ? 'authentic' : 'inconclusive';
}

/** Weighs the evidence. `prior` is P(synthetic or manipulated) before looking, strictly between 0 and 1. */
export function weigh(
  evidence: readonly Evidence[],
  prior: number = DEFAULT_PRIOR,
): Omit<Verdict, 'stability'> {
  if (!(prior > 0 && prior < 1)) throw new RangeError(`prior must lie between 0 and 1, not ${prior}`);
  const parts = weighed(evidence);
  const sum = (claim: Claim) => parts.filter((e) => e.claim === claim).reduce((n, e) => n + e.llr, 0);
  const llr = { synthetic: sum('synthetic'), manipulated: sum('manipulated') };
  const p = posterior(llr, prior);
  const half = Z90 * Math.sqrt(parts.reduce((n, e) => n + e.sd * e.sd, 0));
  const bound = (shift: number) =>
    1 -
    posterior({ synthetic: llr.synthetic + shift, manipulated: llr.manipulated + shift }, prior).authentic;
  const probability = 1 - p.authentic;
  const odds = Math.log(probability / (1 - probability)) - Math.log(prior / (1 - prior));
  return {
    label: label(
      p,
      parts.some((e) => e.llr !== 0),
    ),
    probability,
    interval: [bound(-half), bound(half)],
    llr: odds,
    prior,
    reasons: parts
      .filter((e) => e.llr !== 0)
      .sort((a, b) => Math.abs(b.llr) - Math.abs(a.llr))
      .map((e) => ({ detector: e.detector, weight: e.llr, text: e.text })),
  };
}

const SIDE: Record<VerdictLabel, number> = {
  authentic: -1,
  inconclusive: 0,
  suspect: 1,
  synthetic: 1,
  manipulated: 1,
};

/** How many steps of the ladder landed on the other side of inconclusive. */
export function countFlips(verdict: VerdictLabel, ladder: readonly StabilityStep[]): number {
  return ladder.filter((step) => SIDE[step.label] * SIDE[verdict] < 0).length;
}
