/**
 * The search for a cloak: many small steps along what hurts all surrogates, each step through other draws of the channel,
 * with momentum (MI-FGSM, Dong et al., arXiv 1710.06081), brought back onto the sphere the budget allows.
 */
import { grouped } from '../../core/group.ts';
import type { Random } from '../../core/random.ts';
import { arrive, CANVAS, type Draw, drawChannel, STRAIGHT } from './channel.ts';
import type { Surrogate } from './surrogate.ts';

export interface ClimbOptions {
  readonly steps: number;
  /** Draws of the channel each step; the first of them is always the straight road. */
  readonly draws: number;
  /** Root of the sum of squares of the result, samples 0..1. */
  readonly radius: number;
  readonly random: Random;
  /** [CANVAS, CANVAS], 0..1: how much each place may be changed. */
  readonly weight: Float32Array;
  /** Where to begin; default smooth noise. */
  readonly start?: Float32Array;
  readonly signal?: AbortSignal;
}

const MOMENTUM = 0.9;
/** Length of a step beside the radius, at the beginning and at the end. */
const STRIDE = [0.3, 0.05] as const;
/** Side of one place of the noise it begins with. */
const GRAIN = 4;

/** A cloak [3, CANVAS, CANVAS] for the canvas of the same shape. Throws the signal's reason when cancelled. */
export async function climb(
  canvas: Float32Array,
  surrogates: readonly Surrogate[],
  { steps, draws, radius, random, weight, start, signal }: ClimbOptions,
): Promise<Float32Array> {
  let cloak = scaledTo(weighed(start ?? smoothNoise(random), weight), radius);
  let velocity = new Float32Array(cloak.length);
  for (let step = 0; step < steps; step++) {
    signal?.throwIfAborted();
    const face = canvas.map((v, i) => Math.min(1, Math.max(0, v + cloak[i])));
    const uphill = weighed(await slopeOf(face, canvas, surrogates, draws, random), weight);
    const length = norm(uphill);
    if (length === 0) break;
    velocity = velocity.map((v, i) => MOMENTUM * v + uphill[i] / length);
    const stride = (STRIDE[0] + ((STRIDE[1] - STRIDE[0]) * step) / steps) * (radius / norm(velocity));
    cloak = scaledTo(
      cloak.map((v, i) => v + stride * velocity[i]),
      radius,
    );
  }
  return cloak;
}

/** Coarse noise in the shape of a cloak: what a manipulator of few pixels still sees of it. */
export function smoothNoise(random: Random): Float32Array {
  const side = CANVAS / GRAIN;
  const coarse = Float32Array.from({ length: 3 * side * side }, () => random.normal());
  return Float32Array.from({ length: 3 * CANVAS * CANVAS }, (_, i) => {
    const [c, rest] = [Math.floor(i / CANVAS ** 2), i % CANVAS ** 2];
    const [x, y] = [rest % CANVAS, Math.floor(rest / CANVAS)];
    return coarse[(c * side + Math.floor(y / GRAIN)) * side + Math.floor(x / GRAIN)];
  });
}

/** Every channel of `cloak`, place by place, times `weight`. */
export function weighed(cloak: Float32Array, weight: Float32Array): Float32Array {
  return cloak.map((v, i) => v * weight[i % weight.length]);
}

/** `cloak` with the given root of the sum of squares. */
export function scaledTo(cloak: Float32Array, radius: number): Float32Array {
  const factor = radius / (norm(cloak) || 1);
  return cloak.map((v) => v * factor);
}

async function slopeOf(
  face: Float32Array,
  canvas: Float32Array,
  surrogates: readonly Surrogate[],
  draws: number,
  random: Random,
): Promise<Float32Array> {
  const total = new Float32Array(face.length);
  const channels = Array.from({ length: draws }, (_, i) => (i === 0 ? STRAIGHT : drawChannel(random)));
  const seen = channels.map((draw) => ({ worn: face, clean: canvas, draw }));
  // Whoever looks alike shares the way there and back.
  for (const alike of grouped(surrogates, ({ side, reach }) => `${side} ${reach}`).values()) {
    for (const share of await slopesThrough(seen, alike))
      for (let i = 0; i < total.length; i++) total[i] += share[i];
  }
  return total;
}

/** A face [3, CANVAS, CANVAS] with and without its cloak, on its way to whoever looks at it. */
export interface Seen {
  readonly worn: Float32Array;
  readonly clean: Float32Array;
  readonly draw: Draw;
}

/** Of each of `seen`, the gradient by its canvas of the harm done to all of `alike`, who look at a face the same way. */
export async function slopesThrough(
  seen: readonly Seen[],
  alike: readonly Surrogate[],
): Promise<Float32Array[]> {
  const [look] = alike;
  const length = 3 * look.side * look.side;
  const arrived = seen.map(({ worn, draw }) => arrive(worn, draw, look));
  const views = joined(arrived.map(({ view }) => view));
  const clean = joined(seen.map(({ clean: face, draw }) => arrive(face, draw, look).view));
  const by = new Float32Array(views.length);
  for (const surrogate of alike) {
    const gradient = await surrogate.slope(views, clean);
    for (let i = 0; i < by.length; i++) by[i] += gradient[i];
  }
  return arrived.map(({ back }, k) => back(by.subarray(k * length, (k + 1) * length)));
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

function norm(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum);
}
