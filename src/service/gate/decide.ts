/**
 * One call in front of a face recogniser or an onboarding flow: let it pass, hold it for a person, or turn it away. The
 * thresholds are weights of evidence that a stated share of real photographs reached when they were measured
 * (`npm run bench:gate`, docs/measured/gate.md), so that whoever sets the gate chooses what it costs honest people.
 */
import type { Analysis } from '../../core/analysis.ts';
import type { Text } from '../../core/text.ts';
import { FALSE_REJECTS, type FalseReject, MEASURED_ON } from './fitted.ts';

export type Decision = 'pass' | 'hold' | 'reject';

export interface GateAnswer {
  readonly decision: Decision;
  readonly reasons: readonly { readonly code: string; readonly text: Text }[];
  /** Weight of all evidence, natural logarithm; null where the picture could not be examined. */
  readonly llr: number | null;
  readonly probability: number | null;
  readonly thresholds: { readonly hold: FalseReject; readonly reject: FalseReject };
  readonly measuredOn: Text;
}

/** Shares of real photographs that may be asked for, smallest first. */
export const OFFERED: readonly number[] = FALSE_REJECTS.map(({ asked }) => asked);
export const DEFAULT_REJECT = 0.01;
export const DEFAULT_HOLD = 0.05;

/** The strictest threshold at which no more than `share` of real photographs were turned away. */
export function thresholdFor(share: number): FalseReject {
  const fitting = FALSE_REJECTS.filter(({ asked }) => asked <= share);
  return fitting.at(-1) ?? FALSE_REJECTS[0];
}

/**
 * The decision on an analysis. What cannot be read is turned away; what could not be examined as it should be (a kind of
 * evidence broke, or none applied) is held: the absence of an answer is not a pass.
 *
 * @param reject share of real photographs that may be turned away
 * @param hold share of real photographs that may be held or turned away
 */
export function decide(analysis: Analysis, reject = DEFAULT_REJECT, hold = DEFAULT_HOLD): GateAnswer {
  const thresholds = { hold: thresholdFor(Math.max(hold, reject)), reject: thresholdFor(reject) };
  const common = { thresholds, measuredOn: MEASURED_ON };
  if (analysis.outcome === 'unreadable') {
    const { code, text } = analysis.error;
    return { ...common, decision: 'reject', reasons: [{ code, text }], llr: null, probability: null };
  }
  const { llr, probability, reasons } = analysis.verdict;
  const why = reasons
    .filter(({ weight }) => weight > 0)
    .map(({ detector, text }) => ({ code: detector, text }));
  const measured = { ...common, llr, probability };
  if (llr >= thresholds.reject.llr) return { ...measured, decision: 'reject', reasons: why };
  if (llr >= thresholds.hold.llr) return { ...measured, decision: 'hold', reasons: why };
  const broken = analysis.evidence
    .filter(({ status }) => status === 'failed')
    .map(({ detector, summary }) => ({ code: `failed:${detector}`, text: summary }));
  if (broken.length > 0) return { ...measured, decision: 'hold', reasons: broken };
  const examined = analysis.evidence.some(
    ({ detector, status }) => detector === 'synthesis' && status !== 'notApplicable',
  );
  if (!examined) return { ...measured, decision: 'hold', reasons: [NOT_EXAMINED] };
  return { ...measured, decision: 'pass', reasons: [] };
}

const NOT_EXAMINED = {
  code: 'not-examined',
  text: {
    en: 'the picture is too small or too plain to be examined for traces of generation',
    zh: '图片过小或过于平整，无法检验生成痕迹',
  },
};
