/** Times of evidence in words, for terminal and HTML alike. */
import type { Evidence, Span } from '../core/evidence.ts';
import { isWeighed } from './weigh.ts';

/** A file may state any duration. */
const MOST_SECONDS = 999 * 3600;

/** `0:07`, `12:40`, `1:02:03`. */
export function clock(seconds: number): string {
  const whole = Math.min(MOST_SECONDS, Math.max(0, Math.round(Number.isFinite(seconds) ? seconds : 0)));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (n: number) => String(n).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

export function clockRange({ start, end }: Span): string {
  return `${clock(start)}–${clock(Math.max(end, start))}`;
}

/** The spans of a piece of evidence that a line has room for, strongest first, then in order of time. */
export function spansToTell(evidence: Evidence, most: number): readonly Span[] {
  if (!isWeighed(evidence) || !evidence.spans) return [];
  return [...evidence.spans]
    .sort((a, b) => b.score - a.score)
    .slice(0, most)
    .sort((a, b) => a.start - b.start);
}
