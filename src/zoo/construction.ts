/**
 * How a generator of the zoo is built. Read off the declared network's own graph; nothing here is typed in by hand, so the ground
 * truth of model parsing cannot disagree with what was trained.
 */
import { type Construction, LOSS_BITS } from '../core/construction.ts';
import { type Survey, survey } from '../nn/index.ts';
import type { ZooModel } from './declaration.ts';
import { lossBits } from './losses.ts';

const BLOCK = /^(.*\/)?block\d+(?=\/)/;
const NORMALISATION = /\/(batchNorm|instanceNorm|groupNorm|layerNorm|actNorm)\d*\/scale$/;
const POOLS = new Set(['MaxPool', 'AveragePool', 'GlobalAveragePool']);

interface Layer {
  readonly path: string;
  readonly kind: 'convolution' | 'linear' | 'pooling' | 'normalisation';
  /** Output channels of a convolution. */
  readonly filters: number;
}

function layersOf({ operators, parameters }: Survey): Layer[] {
  const layers: Layer[] = [];
  for (const { name, shape } of parameters) {
    if (NORMALISATION.test(name)) layers.push({ path: name, kind: 'normalisation', filters: 0 });
    if (!name.endsWith('/weight')) continue;
    if (shape.length === 2) layers.push({ path: name, kind: 'linear', filters: 0 });
    if (shape.length === 4) {
      const filters = /\/convTranspose/.test(name) ? shape[1] : shape[0];
      layers.push({ path: name, kind: 'convolution', filters });
    }
  }
  for (const { op, path } of operators) {
    if (POOLS.has(op) && !path.includes('/mask/')) layers.push({ path, kind: 'pooling', filters: 0 });
  }
  return layers;
}

/** Which of `kinds` names most of the layers or operators; the last one for none. */
function mostFrequent(counts: readonly number[], otherwise: number): number {
  const most = Math.max(...counts);
  return most === 0 ? otherwise : counts.indexOf(most);
}

function lastOf(operators: readonly string[]): number {
  if (operators.includes('Tanh')) return 1;
  if (operators.includes('Sigmoid')) return 3;
  return operators.includes('Relu') ? 0 : 2;
}

/** The construction of one generator. */
export function construction(model: ZooModel): Construction {
  const surveyed = survey(model.generator);
  const { operators, parameters } = surveyed;
  const layers = layersOf(surveyed);
  const count = (kind: Layer['kind']) => layers.filter((layer) => layer.kind === kind).length;
  const blocks = new Set(layers.map(({ path }) => path.match(BLOCK)?.[0]).filter((path) => path));
  const inBlocks = layers.filter(({ path }) => BLOCK.test(path)).length;

  const norms = layers.filter((layer) => layer.kind === 'normalisation').map(({ path }) => path);
  const named = (word: string) => norms.filter((path) => path.includes(`/${word}`)).length;
  const [batch, instance] = [named('batchNorm'), named('instanceNorm')];
  const last = operators.filter(({ path }) => path.includes('/last/')).map(({ op }) => op);
  const inner = operators.filter(({ path }) => !path.includes('/last/')).map(({ op }) => op);
  const times = (op: string) => inner.filter((name) => name === op).length;
  const learnedUp = operators.some(({ op, path }) => op === 'ConvTranspose' || path.includes('/subpixel/'));
  const strided = operators.some(({ op, strides }) => op === 'Conv' && (strides?.[0] ?? 1) > 1);
  const bits = lossBits(model.declaration.losses);

  return {
    continuous: {
      layers: layers.length,
      convolutionalLayers: count('convolution'),
      fullyConnectedLayers: count('linear'),
      poolingLayers: count('pooling'),
      normalisationLayers: count('normalisation'),
      filters: layers.reduce((sum, layer) => sum + layer.filters, 0),
      blocks: blocks.size,
      layersPerBlock: blocks.size ? Math.round(inBlocks / blocks.size) : 0,
      parameters: parameters.reduce((sum, { shape }) => sum + shape.reduce((a, d) => a * d, 1), 0),
    },
    discrete: {
      normalisation: mostFrequent([batch, instance, 0, norms.length - batch - instance], 2),
      lastActivation: lastOf(last),
      activation: mostFrequent(
        [times('Elu'), times('Relu'), times('LeakyRelu'), times('Sigmoid') + times('Tanh')],
        3,
      ),
      upsampling: learnedUp ? 1 : 0,
      skip: operators.some(({ path }) => path.includes('/skip/')) ? 1 : 0,
      downsampling: strided || count('pooling') > 0 ? 1 : 0,
    },
    losses: Object.fromEntries(LOSS_BITS.map((bit, i) => [bit, bits[i] === 1])) as Construction['losses'],
  };
}
