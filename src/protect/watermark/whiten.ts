/**
 * The picture is the noise of the mark. What varies slowly is taken away, and every place is divided by how busy it is,
 * so that flat areas, where a weak mark stands out, count as much as textured ones, and one sharp edge cannot shout
 * everything else down.
 */
import type { Plane } from '../../core/image.ts';
import { boxMean } from './plane.ts';

/** Most that one sample counts, in local deviations. */
const MOST = 2.5;
/** Deviation, in levels, below which a place is not amplified further: rounding and compression noise. */
const FLOOR = 1.0;

/** `plane` without what varies slower than some eight samples, in units of its local deviation; 0 where `inside` is 0. */
export function whiten(plane: Plane, inside?: Uint8Array): Plane {
  const { width, height } = plane;
  const smooth = boxMean(boxMean(plane, 2), 2);
  const residual = new Float32Array(width * height);
  const size = new Float32Array(width * height);
  for (let i = 0; i < residual.length; i++) {
    const r = inside && !inside[i] ? 0 : plane.data[i] - smooth.data[i];
    residual[i] = r;
    size[i] = Math.abs(r);
  }
  const around = boxMean({ width, height, data: size }, 8).data;
  for (let i = 0; i < residual.length; i++) {
    const value = residual[i] / (around[i] * 1.25 + FLOOR);
    residual[i] = value > MOST ? MOST : value < -MOST ? -MOST : value;
  }
  return { width, height, data: residual };
}
