/**
 * Networks: declare once, train and run anywhere.
 *
 *   const net = network({
 *     name: 'example',
 *     inputs: { x: { shape: [3, 96, 96], type: 'uint8' } },
 *     seed: 1,
 *     build(b, { x }) {
 *       let h = b.pixelUnshuffle(b.mul(b.toFloat(x), 1 / 255), 2);
 *       h = b.relu(b.batchNorm(b.conv(h, 32, { bias: false })));
 *       h = b.relu(b.batchNorm(b.conv(h, 48, { stride: 2, bias: false })));
 *       const pooled = b.concat([b.globalMean(h), b.globalStd(h)]);
 *       return { logit: b.linear(b.dropout(pooled, 0.1), 1) };
 *     },
 *   });
 *   const program = compileTraining(net, {
 *     batch: 64,
 *     targets: { y: [1], w: [] },
 *     loss: (b, { logit }, { y, w }) => b.sigmoidCrossEntropy(logit, y, w),
 *     optimiser: adamW({ rate: 2e-3, schedule: cosine(1000, { warmupSteps: 50 }) }),
 *     clipNorm: 1,
 *     averageDecay: 0.999,
 *   });
 *   const trainer = await Trainer.create(program, { totalSteps: 1000 });   // trainer.node.ts
 *   await trainer.train({ x, y, w });                                      // typed arrays with the whole batch
 *   const file = exportInference(net, trainer.averagedWeights());          // ONNX bytes
 */

export type { Builder } from './builder.ts';
export { type ExportOptions, exportInference } from './export.ts';
export { BATCH, type Shape, type Value } from './graph.ts';
export { initialWeights, type Network, type NetworkDeclaration, network, type Weights } from './network.ts';
export {
  type AdamW,
  adamW,
  constant,
  cosine,
  type Optimiser,
  polynomial,
  type Schedule,
  type Sgd,
  sgd,
} from './optimiser.ts';
export { type Survey, type SurveyedOperator, survey } from './survey.ts';
export {
  compileTraining,
  type TrainingManifest,
  type TrainingOptions,
  type TrainingProgram,
  weightsOf,
} from './training.ts';
