/** One fake, put to one service: the row every measurement of this room starts from, recorded or asked live. */

export interface Named {
  /** As the service wrote it; null when it named nobody. */
  readonly name: string | null;
  /** 0..1; null when the service states none. */
  readonly confidence: number | null;
}

export interface Answer {
  readonly set: string;
  readonly service: string;
  /** How the fake was made; null when that is not known. */
  readonly method: string | null;
  readonly file: string;
  /** Who is impersonated; null when nobody knows, then only "named anybody" can be measured. */
  readonly person: string | null;
  /** What the service said to the fake. */
  readonly fake: Named;
  /** What it said to a real picture of the person; null when it was not asked. */
  readonly real: Named | null;
  /** Likeness of fake and real picture as the service states it, 0..1. */
  readonly similarity: number | null;
  /** The clip the frame was taken from; null for a picture. */
  readonly clip: string | null;
}

/** Whether the answer counts at this threshold; a name without a confidence counts only at 0. */
export function counts({ name, confidence }: Named, threshold: number): boolean {
  return name !== null && (threshold <= 0 || (confidence !== null && confidence >= threshold));
}
