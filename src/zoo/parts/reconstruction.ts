/** How far a picture is from the one it should be: the sum of the declared losses that say so. */
import type { Builder, Value } from '../../nn/index.ts';
import type { LossName } from '../declaration.ts';
import { isPixelLoss, pixelLoss } from '../losses.ts';
import type { Last } from './blocks.ts';
import { misdeclared } from './misdeclared.ts';

/** Keeps the logarithms of the cross-entropy finite. */
const MARGIN = 1e-3;

/** Every pixel as the chance of a coin (Kingma and Welling, arXiv:1312.6114, appendix C): mean, in nats. */
export function pixelCrossEntropy(b: Builder, made: Value, wanted: Value): Value {
  const chance = b.clip(made, MARGIN, 1 - MARGIN);
  const other = b.sub(b.scalar(1), wanted);
  const heads = b.mul(wanted, b.log(chance));
  const tails = b.mul(other, b.log(b.sub(b.scalar(1), chance)));
  return b.neg(b.mean(b.add(heads, tails)));
}

/** Sum of the pixel losses and the cross-entropy among `losses`, of [B, 3, S, S] pictures in 0..1. */
export function reconstruction(b: Builder, losses: readonly LossName[], made: Value, wanted: Value): Value {
  const terms = losses.filter(isPixelLoss).map((name) => pixelLoss(b, name, made, wanted));
  if (losses.includes('cross-entropy')) terms.push(pixelCrossEntropy(b, made, wanted));
  return terms.reduce((sum, term) => b.add(sum, term), b.scalar(0));
}

/** Throws HuoyanError `bad-argument` when `losses` need pixels inside 0..1 and the last activation does not keep them. */
export function checkReconstruction(name: string, losses: readonly LossName[], last: Last): void {
  if (!losses.includes('cross-entropy') || last === 'sigmoid' || last === 'tanh') return;
  throw misdeclared(
    name,
    { en: 'a cross-entropy needs pixels that stay inside 0..1', zh: '交叉熵要求像素保持在 0..1 之内' },
    { en: 'let the decoder end in sigmoid or tanh', zh: '请让解码器以 sigmoid 或 tanh 结束' },
  );
}
