/** What is said of a cloaked portrait, to programs and to people: what it costs, and how far it was seen to hold. */
import type { Box } from '../../core/image.ts';
import type { Text } from '../../core/text.ts';
import type { Strength } from './budget.ts';
import type { Threat } from './threats.ts';

/** What became of one program that the cloak was made against. */
export interface CloakTrial {
  readonly name: string;
  /** How much it was moved, as `Outcome` of surrogate.ts has it; 4 decimals. */
  readonly gap: number;
  /** Was it kept from what it does, so that somebody would see it? */
  readonly failed: boolean;
}

export interface CloakRecord {
  readonly strength: Strength;
  readonly quick: boolean;
  readonly facesFound: number;
  readonly facesCloaked: 1;
  /** Pixels of the picture that may differ; none outside does before the picture is encoded. */
  readonly changed: Box;
  /** Of the picture, and of `changed` alone; dB before it was encoded, 2 decimals. */
  readonly psnrDb: number;
  readonly facePsnrDb: number;
  /** Mean over `changed`, in units of L*a*b*; 2 decimals. */
  readonly meanColourDistance: number;
  /** One entry a threat, in the order of `THREATS`: on the picture as stored, and after JPEG at quality 75. */
  readonly measuredAgainst: readonly {
    readonly threat: Threat;
    readonly stored: readonly CloakTrial[];
    readonly jpeg75: readonly CloakTrial[];
  }[];
  readonly guarantee: false;
  readonly note: Text;
}

export const NO_GUARANTEE: Text = {
  en: 'no guarantee: these are the programs the cloak was made against. Against most manipulators it had not seen it failed in our measurements; see docs/protect.md',
  zh: '不构成保证：以上是生成扰动时所针对的程序。对未见过的多数篡改程序，我们的测量显示扰动无效，参见 docs/protect.zh-CN.md',
};

/** How many of these programs were kept from what they do. */
export function failures(trials: readonly CloakTrial[]): number {
  return trials.filter(({ failed }) => failed).length;
}
