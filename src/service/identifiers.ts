/** Names of things: a prefix that says what it is, then 26 characters that sort by time (as ULID) and cannot be guessed. */
import { randomBytes } from 'node:crypto';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** `an_01jd…`: 48 bits of milliseconds, 80 random bits. */
export function newId(prefix: string, at = Date.now()): string {
  let text = '';
  let time = at;
  for (let i = 0; i < 10; i++) {
    text = ALPHABET[time % 32] + text;
    time = Math.floor(time / 32);
  }
  for (const byte of randomBytes(16)) text += ALPHABET[byte & 31];
  return `${prefix}_${text}`;
}

/** Whether `text` could be such a name; everything else is not even looked for. */
export function isId(text: string, prefix: string): boolean {
  return text.startsWith(`${prefix}_`) && /^[0-9a-hjkmnp-tv-z]{26}$/.test(text.slice(prefix.length + 1));
}
