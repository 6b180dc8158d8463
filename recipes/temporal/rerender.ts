/**
 * A clip whose face was rendered anew, as swaps and re-enactments do it: in self-blending (arXiv:2204.08376) carried over
 * to time, every frame is aligned with a trembling of its own, made smooth by a low resolution, coloured a little
 * differently each time and pasted back; or one still is moved along with the head, as a puppet is. No fakes are needed.
 */
import type { RgbImage } from '../../src/core/image.ts';
import type { Random } from '../../src/core/random.ts';
import { viewTransform } from '../../src/evidence/faceswap/view.ts';
import { faceOf } from '../../src/evidence/temporal/still.ts';
import { type Affine, apply, invert } from '../../src/face/geometry.ts';
import { toImage, warp } from '../../src/face/sampling.ts';
import { blur } from '../../src/media/index.node.ts';

export interface FollowedFrame {
  readonly pixels: RgbImage;
  /** 468 x (x, y, z) in pixels. */
  readonly mesh: Float32Array;
}

/** The hull fills this part of the view's side. */
const HULL = 2 / 3;

/** A trembling that remembers a part of what it was. */
class Trembling {
  #now = 0;
  constructor(
    readonly size: number,
    readonly memory: number,
    readonly random: Random,
  ) {}
  next(): number {
    const fresh = Math.sqrt(1 - this.memory ** 2) * this.random.normal();
    this.#now = this.memory * this.#now + fresh;
    return this.size * this.#now;
  }
}

/** `transform` moved by `x`, `y` pixels of its target. */
const moved = (transform: Affine, x: number, y: number): Affine => ({
  ...transform,
  tx: transform.tx + x,
  ty: transform.ty + y,
});

export async function reRendered(frames: readonly FollowedFrame[], random: Random): Promise<RgbImage[]> {
  const side = random.pick([64, 96, 128, 160] as const);
  const puppet = random.chance(0.35);
  const still = Math.floor(random.uniform(0, frames.length));
  const soft = random.uniform(0.05, 0.35);
  const reach = random.uniform(0.75, 1.05);
  const smooth = random.chance(0.6) ? random.uniform(0.4, 1.2) : 0;
  const grain = random.chance(0.4) ? random.uniform(0.5, 3) : 0;
  const memory = random.pick([0, 0.5, 0.9] as const);
  const shift = random.uniform(0, 0.012) * side;
  const [dx, dy] = [new Trembling(shift, memory, random), new Trembling(shift, memory, random)];
  const gain = new Trembling(random.uniform(0, 0.025), memory, random);
  const room = 1 / HULL;
  const transformOf = (i: number) => viewTransform(faceOf(frames[i]), side, room);
  const seen = async (i: number, toView: Affine) => {
    const values = warp(frames[i].pixels, toView, { width: side, height: side, outside: 'edge' });
    const view = toImage(values, side, side);
    return smooth > 0 ? blur(view, smooth) : view;
  };
  const held = puppet ? await seen(still, transformOf(still)) : null;
  const out: RgbImage[] = [];
  for (let i = 0; i < frames.length; i++) {
    const { pixels } = frames[i];
    const { width, height } = pixels;
    const toView = moved(transformOf(i), dx.next(), dy.next());
    const view = held ?? (await seen(i, toView));
    const back = warp(view, invert(toView), { width, height, outside: 'edge' });
    const bright = 1 + gain.next();
    const data = new Uint8ClampedArray(pixels.data.length);
    for (let y = 0, k = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const p = apply(toView, { x: x + 0.5, y: y + 0.5 });
        const r = Math.hypot(p.x / side - 0.5, p.y / side - 0.5) / (HULL / 2);
        const m = Math.min(1, Math.max(0, (reach - r) / soft));
        for (let c = 0; c < 3; c++, k++) {
          const made = m > 0 ? back[k] * bright + grain * random.normal() : 0;
          data[k] = pixels.data[k] * (1 - m) + made * m;
        }
      }
    }
    out.push({ width, height, data });
  }
  return out;
}
