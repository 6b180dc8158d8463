/** Magnitude of the two-dimensional discrete Fourier transform, as two matrix products with constant cosines and sines. */
import type { Graph, Value } from '../graph.ts';
import { sqrt } from './activation.ts';
import { add, mul, sub } from './arithmetic.ts';
import { matmul } from './matmul.ts';
import { slice } from './shape.ts';

export interface DftOptions {
  /** Only columns 0 .. W/2: a real picture's other half mirrors them. Default false. */
  readonly half?: boolean;
  /** Added under the root, so that the gradient exists at 0; default 1e-12. */
  readonly epsilon?: number;
}

/** x [B, C, H, W]: |F| / sqrt(H*W) (orthonormal), zero frequency at [0, 0]; [B, C, H, W] or [B, C, H, W/2 + 1]. */
export function dftMagnitude(g: Graph, x: Value, options: DftOptions = {}): Value {
  const [h, w] = x.shape.slice(-2);
  const columns = options.half ? (w >> 1) + 1 : w;
  const norm = 1 / Math.sqrt(h * w);
  // [W, 2K]: cosines beside sines; [2H, H]: cosines above sines.
  const across = new Float32Array(w * 2 * columns);
  for (let x0 = 0; x0 < w; x0++) {
    for (let k = 0; k < columns; k++) {
      const angle = (2 * Math.PI * ((x0 * k) % w)) / w;
      across[x0 * 2 * columns + k] = Math.cos(angle) * norm;
      across[x0 * 2 * columns + columns + k] = Math.sin(angle) * norm;
    }
  }
  const down = new Float32Array(2 * h * h);
  for (let k = 0; k < h; k++) {
    for (let y0 = 0; y0 < h; y0++) {
      const angle = (2 * Math.PI * ((y0 * k) % h)) / h;
      down[k * h + y0] = Math.cos(angle);
      down[(h + k) * h + y0] = Math.sin(angle);
    }
  }
  const rows = matmul(g, x, g.constant(across, [w, 2 * columns]));
  const all = matmul(g, g.constant(down, [2 * h, h]), rows);
  const quarter = (y0: number, x0: number) =>
    slice(g, all, [
      { axis: all.shape.length - 2, start: y0 * h, end: (y0 + 1) * h },
      { axis: all.shape.length - 1, start: x0 * columns, end: (x0 + 1) * columns },
    ]);
  const real = sub(g, quarter(0, 0), quarter(1, 1));
  const imaginary = add(g, quarter(1, 0), quarter(0, 1));
  const power = add(g, mul(g, real, real), mul(g, imaginary, imaginary));
  return sqrt(g, add(g, power, g.scalar(options.epsilon ?? 1e-12)));
}
