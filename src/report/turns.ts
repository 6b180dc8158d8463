/** Turns of a conversation as reports tell them: only where somebody takes turns with somebody. */
import type { Evidence, SpokenTurn } from '../core/evidence.ts';
import { isWeighed } from './weigh.ts';

/** The turns of `evidence`, where at least two voices were told apart; otherwise none. */
export function turnsToTell(evidence: Evidence): readonly SpokenTurn[] {
  const turns = isWeighed(evidence) ? (evidence.turns ?? []) : [];
  return new Set(turns.map(({ speaker }) => speaker)).size > 1 ? turns : [];
}

/** Probability of a turn at even odds, in whole per cent; null where it was not judged. */
export function turnPercent({ llr }: SpokenTurn): string | null {
  return llr === null || Number.isNaN(llr) ? null : String(Math.round(100 / (1 + Math.exp(-llr))));
}
