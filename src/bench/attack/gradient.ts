/**
 * Noise nobody sees that turns a verdict, made from inside a learned detector: one step along the sign of the gradient
 * (FGSM, Goodfellow et al., arXiv 1412.6572), and many small ones held within the same bound (PGD, Madry et al.,
 * arXiv 1706.06083). A fake is pushed towards real and a real towards fake.
 */
import type { Differentiable } from '../peers/learned.ts';

export interface Bounded {
  /** Largest change of any sample, of 255. */
  readonly epsilon: number;
  /** -1 lowers the log-odds of fake, 1 raises them. */
  readonly towards: -1 | 1;
}

/** One step. `x` is [3, side, side] in 0..1; so is what comes back. */
export async function fgsm(
  inside: Differentiable,
  x: Float32Array,
  { epsilon, towards }: Bounded,
): Promise<Float32Array> {
  const gradient = await inside.gradient(x);
  const reach = (towards * epsilon) / 255;
  return x.map((v, i) => clamp(v + reach * Math.sign(gradient[i])));
}

/** `steps` steps of a quarter of the bound, each brought back within it; the best of them all. */
export async function pgd(
  inside: Differentiable,
  x: Float32Array,
  { epsilon, towards, steps = 10 }: Bounded & { readonly steps?: number },
): Promise<Float32Array> {
  const reach = epsilon / 255;
  const stride = reach / 4;
  let now = x;
  let best = x;
  let furthest = Number.NEGATIVE_INFINITY;
  for (let step = 0; step <= steps; step++) {
    const gained = towards * (await inside.logits(now))[0];
    if (gained > furthest) {
      furthest = gained;
      best = now;
    }
    if (step === steps) break;
    const gradient = await inside.gradient(now);
    now = now.map((v, i) => {
      const moved = v + towards * stride * Math.sign(gradient[i]);
      return clamp(Math.min(x[i] + reach, Math.max(x[i] - reach, moved)));
    });
  }
  return best;
}

function clamp(v: number): number {
  return Math.min(1, Math.max(0, v));
}
