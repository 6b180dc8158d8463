/** What model parsing sees of the zoo's pictures, as they are or after something was done to them; kept in the cache. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RgbImage } from '../../src/core/image.ts';
import { DESCRIPTION } from '../../src/trace/description.ts';
import { look } from '../../src/trace/parsing/look.ts';
import { type Change, changed } from './changes.ts';
import { CACHE, SIDE, type Small } from './pictures.ts';

const BYTES = 3 * SIDE * SIDE;

/** Planes [3, SIDE, SIDE] at `at` as a picture. */
export function picture(planes: Uint8Array, at: number): RgbImage {
  const plane = SIDE * SIDE;
  const data = new Uint8ClampedArray(BYTES);
  for (let c = 0; c < 3; c++) for (let p = 0; p < plane; p++) data[p * 3 + c] = planes[at + c * plane + p];
  return { width: SIDE, height: SIDE, data };
}

/** One look [DESCRIPTION] at each picture, after `change`. */
export async function looksAt({ count, data }: Small, change: Change = 'stored'): Promise<Float32Array[]> {
  const folder = join(CACHE, 'looks');
  const key = createHash('sha256').update(change).update(data).digest('hex').slice(0, 24);
  const file = join(folder, `${key}.f32`);
  if (!existsSync(file)) {
    const pixels = await changed(data, change);
    const all = new Float32Array(count * DESCRIPTION);
    for (let i = 0; i < count; i++) all.set(look(picture(pixels, i * BYTES)), i * DESCRIPTION);
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, new Uint8Array(all.buffer));
  }
  const bytes = readFileSync(file);
  const all = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  return Array.from({ length: count }, (_, i) => all.subarray(i * DESCRIPTION, (i + 1) * DESCRIPTION));
}
