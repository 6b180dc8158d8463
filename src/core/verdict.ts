import type { Text } from './text.ts';

/** What the evidence amounts to. `inconclusive` is an honest answer and looks like one. */
export type VerdictLabel = 'authentic' | 'inconclusive' | 'suspect' | 'synthetic' | 'manipulated';

/** The same picture after a plausible re-shipping, scored again. */
export interface StabilityStep {
  /** `jpeg75`, `jpeg50`, `half`, `crop`. */
  readonly step: string;
  readonly label: VerdictLabel;
  readonly probability: number;
}

export interface Verdict {
  readonly label: VerdictLabel;
  /** P(synthetic or manipulated | evidence, prior), 0..1. */
  readonly probability: number;
  /** 90 % interval of `probability`. */
  readonly interval: readonly [number, number];
  /** Sum of the weighed log-likelihood ratios (natural logarithm). */
  readonly llr: number;
  /** P(synthetic or manipulated) before looking; an assumption the user may set. */
  readonly prior: number;
  /** Why, heaviest reason first. */
  readonly reasons: readonly { readonly detector: string; readonly weight: number; readonly text: Text }[];
  /** Null when the ladder was not run. `flips` counts steps whose label is on the other side of `inconclusive`. */
  readonly stability: { readonly flips: number; readonly ladder: readonly StabilityStep[] } | null;
}
