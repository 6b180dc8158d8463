/** Which real sources of the corpus the watermark's networks learn from; benchmarks take the others. */

/** One half of the sources, by their names, so that neither order nor number of sets moves one to the other side. */
export function isLearned(source: string): boolean {
  let h = 0x811c9dc5;
  for (const c of source) h = Math.imul(h ^ c.charCodeAt(0), 0x01000193) >>> 0;
  return ((h >>> 8) & 1) === 0;
}
