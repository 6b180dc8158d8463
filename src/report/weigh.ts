/** What every report needs to know about an analysis before it shows it: outcome, order of evidence, the decisive reason. */
import type { Analysis } from '../core/analysis.ts';
import type { Detected, Evidence, NotDetected } from '../core/evidence.ts';
import type { Text } from '../core/text.ts';
import type { Verdict } from '../core/verdict.ts';
import { OUTCOMES, type Outcome } from './locale/labels.ts';

export type WeighedEvidence = Detected | NotDetected;

/** How many files came out which way. */
export type OutcomeCounts = Record<Outcome, number>;

/** All zeros; a caller that streams adds to it file by file. */
export function emptyCounts(): OutcomeCounts {
  return { synthetic: 0, manipulated: 0, suspect: 0, inconclusive: 0, authentic: 0, unreadable: 0 };
}

export function countOutcomes(analyses: Iterable<Analysis>): OutcomeCounts {
  const counts = emptyCounts();
  for (const analysis of analyses) counts[outcomeOf(analysis)]++;
  return counts;
}

/** The label of the verdict, or `unreadable`. */
export function outcomeOf(analysis: Analysis): Outcome {
  return analysis.outcome === 'unreadable' ? 'unreadable' : analysis.verdict.label;
}

/** 0 for the gravest outcome; for sorting. */
export function gravity(outcome: Outcome): number {
  return OUTCOMES.indexOf(outcome);
}

export function isWeighed(evidence: Evidence): evidence is WeighedEvidence {
  return evidence.status === 'detected' || evidence.status === 'notDetected';
}

/** What a piece of evidence contributed to the verdict: its share there, or its own ratio when the verdict names none. */
export function contribution(evidence: WeighedEvidence, verdict: Verdict): number {
  const shares = verdict.reasons.filter((r) => r.detector === evidence.detector);
  const share = shares.length === 0 ? evidence.llr : shares.reduce((sum, r) => sum + r.weight, 0);
  return Number.isNaN(share) ? 0 : share;
}

/** Weighed evidence with the heaviest first, then what was not applicable, then what failed. */
export function inOrderOfWeight(evidence: readonly Evidence[], verdict: Verdict): Evidence[] {
  const rank = { detected: 0, notDetected: 0, notApplicable: 1, failed: 2 } as const;
  const weight = (e: Evidence) => (isWeighed(e) ? Math.abs(contribution(e, verdict)) : 0);
  return [...evidence].sort((a, b) => rank[a.status] - rank[b.status] || weight(b) - weight(a));
}

/**
 * The shortest reason among those that decide: on the side of the label and at least half as heavy as the heaviest
 * there. For `synthetic` and `manipulated`, reasons for that claim go before those for the other; for `inconclusive` and
 * `suspect`, the heaviest reason of either side decides. Null when the verdict gives none.
 */
export function decisiveReason(verdict: Verdict, evidence: readonly Evidence[]): Text | null {
  const { label } = verdict;
  if (verdict.reasons.length === 0) return null;
  const claimOf = (detector: string) =>
    evidence.filter(isWeighed).find((e) => e.detector === detector)?.claim;
  const fitting = verdict.reasons.filter((r) => r.weight > 0 && claimOf(r.detector) === label);
  const reasons = fitting.length > 0 ? fitting : verdict.reasons;
  const side = label === 'authentic' ? -1 : label === 'inconclusive' || label === 'suspect' ? 0 : 1;
  const eligible = side === 0 ? reasons : reasons.filter((r) => Math.sign(r.weight) === side);
  const pool = eligible.length > 0 ? eligible : reasons;
  const heaviest = Math.max(...pool.map((r) => Math.abs(r.weight)));
  const deciding = pool.filter((r) => !(Math.abs(r.weight) < heaviest / 2));
  const shortest = (deciding.length > 0 ? deciding : pool).reduce((a, b) =>
    b.text.en.length < a.text.en.length ? b : a,
  );
  return shortest.text;
}

/**
 * Share (0..1) of authentic pictures, none used in training, that score at least as high as this file did, when a
 * detector says so in `details.falsePositiveRate`; from the heaviest detected evidence that does.
 */
export function falsePositiveShare(
  evidence: readonly Evidence[],
): { share: number; evidence: Detected } | null {
  const known = evidence
    .filter((e): e is Detected => e.status === 'detected' && e.llr > 0)
    .sort((a, b) => b.llr - a.llr);
  for (const one of known) {
    const share = Object.hasOwn(one.details, 'falsePositiveRate') ? one.details.falsePositiveRate : null;
    if (typeof share === 'number' && share >= 0 && share <= 1) return { share, evidence: one };
  }
  return null;
}
