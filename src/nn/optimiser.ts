/**
 * Optimisers, as nodes on flat vectors: all parameters lie end to end in one tensor, so that a step is a dozen
 * elementwise operations however many layers there are.
 */
import type { Graph, Value } from './graph.ts';

/** How the learning rate goes, as a fraction of `rate`, over the steps 0, 1, 2 … */
export interface Schedule {
  readonly kind: 'constant' | 'cosine' | 'polynomial';
  /** Linear rise over so many steps; default 0. */
  readonly warmupSteps?: number;
  /** The end, for cosine and polynomial. */
  readonly totalSteps?: number;
  /** What is left at the end, as a fraction; default 0. */
  readonly floor?: number;
  /** Polynomial: (1 - progress) ^ power; default 0.9. */
  readonly power?: number;
}

export const cosine = (
  totalSteps: number,
  options: { warmupSteps?: number; floor?: number } = {},
): Schedule => ({
  kind: 'cosine',
  totalSteps,
  ...options,
});
export const polynomial = (
  totalSteps: number,
  options: { warmupSteps?: number; floor?: number; power?: number } = {},
): Schedule => ({ kind: 'polynomial', totalSteps, ...options });
export const constant = (options: { warmupSteps?: number } = {}): Schedule => ({
  kind: 'constant',
  ...options,
});

export interface AdamW {
  readonly kind: 'adamW';
  readonly rate: number;
  readonly schedule: Schedule;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
}
export interface Sgd {
  readonly kind: 'sgd';
  readonly rate: number;
  readonly schedule: Schedule;
  readonly momentum: number;
  readonly nesterov: boolean;
  readonly weightDecay: number;
}
export type Optimiser = AdamW | Sgd;

/** AdamW (Loshchilov and Hutter 2019, arXiv:1711.05101): decay is decoupled and spares biases and gains. */
export function adamW(options: { rate: number } & Partial<Omit<AdamW, 'kind' | 'rate'>>): AdamW {
  const defaults = { schedule: constant(), beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 };
  return { kind: 'adamW', ...defaults, ...options };
}

/** SGD with momentum; weight decay is added to the gradient. */
export function sgd(options: { rate: number } & Partial<Omit<Sgd, 'kind' | 'rate'>>): Sgd {
  return { kind: 'sgd', schedule: constant(), momentum: 0.9, nesterov: false, weightDecay: 0, ...options };
}

/** Names of the vectors (each as long as the weights) that the optimiser keeps. */
export function slotsOf(optimiser: Optimiser): readonly string[] {
  return optimiser.kind === 'adamW' ? ['moment1', 'moment2'] : ['velocity'];
}

/** Learning rate at `step` (float32 scalar, counted from 0) as a scalar. */
export function learningRate(g: Graph, { rate, schedule }: Optimiser, step: Value): Value {
  const { kind, warmupSteps = 0, totalSteps = 0, floor = 0, power = 0.9 } = schedule;
  const op = (name: string, ...inputs: Value[]) => g.node(name, inputs, []);
  const s = (value: number) => g.scalar(value);
  let factor = s(1);
  if (kind !== 'constant') {
    if (totalSteps <= warmupSteps) throw new TypeError('a schedule ends after its warm-up');
    const ran = op('Div', op('Sub', step, s(warmupSteps)), s(totalSteps - warmupSteps));
    const progress = op('Min', op('Max', ran, s(0)), s(1));
    const shape =
      kind === 'cosine'
        ? op('Mul', op('Add', op('Cos', op('Mul', progress, s(Math.PI))), s(1)), s(0.5))
        : op('Pow', op('Sub', s(1), progress), s(power));
    factor = op('Add', op('Mul', shape, s(1 - floor)), s(floor));
  }
  if (warmupSteps > 0) {
    factor = op('Mul', factor, op('Min', op('Div', op('Add', step, s(1)), s(warmupSteps)), s(1)));
  }
  return op('Mul', factor, s(rate));
}

/**
 * One update of the flat `weights` [P] by `gradient` [P]. `decayMask` [P] is 1 where weight decay applies; `step`
 * counts from 0. Returns the new weights and slots.
 */
export function update(
  g: Graph,
  optimiser: Optimiser,
  weights: Value,
  gradient: Value,
  slots: readonly Value[],
  rate: Value,
  step: Value,
  decayMask: Value,
): { weights: Value; slots: Value[] } {
  const p = weights.shape;
  const op = (name: string, ...inputs: Value[]) =>
    g.node(name, inputs, inputs.some((v) => v.shape.length) ? p : []);
  const s = (value: number) => g.scalar(value);
  if (optimiser.kind === 'adamW') {
    const { beta1, beta2, epsilon, weightDecay } = optimiser;
    const [m, v] = slots;
    const m2 = op('Add', op('Mul', m, s(beta1)), op('Mul', gradient, s(1 - beta1)));
    const v2 = op('Add', op('Mul', v, s(beta2)), op('Mul', op('Mul', gradient, gradient), s(1 - beta2)));
    const count = op('Add', step, s(1));
    const correct = (beta: number) => op('Sub', s(1), op('Pow', s(beta), count));
    // rate * (m / c1) / (sqrt(v / c2) + eps)
    const root = op('Add', op('Div', op('Sqrt', v2), op('Sqrt', correct(beta2))), s(epsilon));
    let change = op('Mul', op('Div', m2, root), op('Div', rate, correct(beta1)));
    if (weightDecay > 0) {
      const pull = op('Mul', weights, op('Mul', decayMask, op('Mul', rate, s(weightDecay))));
      change = op('Add', change, pull);
    }
    return { weights: op('Sub', weights, change), slots: [m2, v2] };
  }
  const { momentum, nesterov, weightDecay } = optimiser;
  const d =
    weightDecay > 0
      ? op('Add', gradient, op('Mul', weights, op('Mul', decayMask, s(weightDecay))))
      : gradient;
  const velocity = op('Add', op('Mul', slots[0], s(momentum)), d);
  const direction = nesterov ? op('Add', d, op('Mul', velocity, s(momentum))) : velocity;
  return { weights: op('Sub', weights, op('Mul', direction, rate)), slots: [velocity] };
}
