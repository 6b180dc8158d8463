/**
 * Attention-guided augmentation (Zhao et al. 2021, arXiv:2103.02406, section 3.3): what one of the network's own
 * attention maps points at is blurred, `x (1 - a) + blurred a`, so that it has to find evidence elsewhere as well.
 */
import type { Random } from '../../src/core/random.ts';
import { FACE_SIDE } from '../../src/evidence/faceswap/view.ts';
import { nodeRuntime } from '../../src/nn/runtime.node.ts';
import type { Session } from '../../src/nn/runtime.ts';
import { MAP_SIDE, MAPS } from './network.ts';
import { VIEW_BYTES } from './views.ts';

/** How many of the pairs of a batch are disturbed. */
const SHARE = 0.3;
/** Radius of the box the blur is a mean over, run twice. */
const RADIUS = 4;
const PLANE = FACE_SIDE * FACE_SIDE;

export class AttentionBlur {
  #session: Session | undefined;

  /** Takes the maps of this network (ONNX) from now on. */
  async look(network: Uint8Array): Promise<void> {
    await this.#session?.release();
    this.#session = await (await nodeRuntime()).load(network, { threads: 1 });
  }

  async release(): Promise<void> {
    await this.#session?.release();
  }

  /** Disturbs some pairs of `pixels` (views in turn authentic and not) in place; both halves by the map of the second. */
  async disturb(pixels: Uint8Array, random: Random): Promise<void> {
    const pairs = pixels.length / VIEW_BYTES / 2;
    const chosen = Array.from({ length: pairs }, (_, i) => i).filter(() => random.chance(SHARE));
    if (chosen.length === 0 || !this.#session) return;
    const looked = new Uint8Array(chosen.length * VIEW_BYTES);
    const viewAt = (i: number) => pixels.subarray(i * VIEW_BYTES, (i + 1) * VIEW_BYTES);
    chosen.forEach((pair, k) => {
      looked.set(viewAt(2 * pair + 1), k * VIEW_BYTES);
    });
    const dims = [chosen.length, 3, FACE_SIDE, FACE_SIDE];
    const { attention } = await this.#session.run({ pixels: { dims, data: looked } });
    const cells = MAP_SIDE * MAP_SIDE;
    chosen.forEach((pair, k) => {
      const from = (k * MAPS + random.below(MAPS)) * cells;
      const map = enlarged((attention.data as Float32Array).subarray(from, from + cells));
      for (const side of [0, 1]) blurUnder(viewAt(2 * pair + side), map);
    });
  }
}

/** A map [MAP_SIDE, MAP_SIDE] as weights [FACE_SIDE, FACE_SIDE] of at most 1, bilinear. */
export function enlarged(map: Float32Array): Float32Array {
  const most = map.reduce((a, b) => Math.max(a, b), 1e-6);
  const out = new Float32Array(PLANE);
  const at = (v: number) => Math.min(MAP_SIDE - 1, Math.max(0, v));
  for (let y = 0; y < FACE_SIDE; y++) {
    const v = ((y + 0.5) * MAP_SIDE) / FACE_SIDE - 0.5;
    const [top, bottom, fy] = [at(Math.floor(v)), at(Math.floor(v) + 1), v - Math.floor(v)];
    for (let x = 0; x < FACE_SIDE; x++) {
      const u = ((x + 0.5) * MAP_SIDE) / FACE_SIDE - 0.5;
      const [left, right, fx] = [at(Math.floor(u)), at(Math.floor(u) + 1), u - Math.floor(u)];
      const row = (r: number) => map[r * MAP_SIDE + left] * (1 - fx) + map[r * MAP_SIDE + right] * fx;
      out[y * FACE_SIDE + x] = (row(top) * (1 - fy) + row(bottom) * fy) / most;
    }
  }
  return out;
}

/** A running mean along rows (`across` 1) or columns (`across` FACE_SIDE) of a plane. */
function boxed(plane: Float32Array, along: number, across: number): Float32Array {
  const out = new Float32Array(PLANE);
  for (let line = 0; line < FACE_SIDE; line++) {
    const start = line * across;
    const value = (i: number) => plane[start + Math.min(FACE_SIDE - 1, Math.max(0, i)) * along];
    let sum = 0;
    for (let i = -RADIUS; i <= RADIUS; i++) sum += value(i);
    for (let i = 0; i < FACE_SIDE; i++) {
      out[start + i * along] = sum / (2 * RADIUS + 1);
      sum += value(i + RADIUS + 1) - value(i - RADIUS);
    }
  }
  return out;
}

/** Blurs `view` [3, FACE_SIDE, FACE_SIDE] in place where `map` is high. */
export function blurUnder(view: Uint8Array, map: Float32Array): void {
  for (let c = 0; c < 3; c++) {
    const plane = view.subarray(c * PLANE, (c + 1) * PLANE);
    let soft: Float32Array = Float32Array.from(plane);
    for (let pass = 0; pass < 2; pass++) soft = boxed(boxed(soft, 1, FACE_SIDE), FACE_SIDE, 1);
    for (let i = 0; i < PLANE; i++) plane[i] = Math.round(plane[i] + map[i] * (soft[i] - plane[i]));
  }
}
