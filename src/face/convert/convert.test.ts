/**
 * Every operator of the converter against TensorFlow.js itself (its CPU kernels, bundled in the development
 * dependency `@vladmandic/human`): small graph models are made here, run by TensorFlow.js, converted, run by ONNX
 * Runtime, and compared. Then the same for the real networks.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { HuoyanError } from '../../core/errors.ts';
import { Random } from '../../core/random.ts';
import { nodeRuntime } from '../../nn/runtime.node.ts';
import { permute } from './emitter.ts';
import { type GraphModelFiles, halfToNumber, readGraphModel } from './graph-model.ts';
import { convertGraphModel } from './to-onnx.ts';

interface TfTensor {
  readonly shape: number[];
  dataSync(): Float32Array;
}
interface TfModel {
  readonly outputs: { readonly name: string }[];
  execute(input: TfTensor | Record<string, TfTensor>): TfTensor | TfTensor[];
}
interface Tf {
  setBackend(name: string): Promise<boolean>;
  ready(): Promise<void>;
  tensor(data: Float32Array, shape: readonly number[]): TfTensor;
  loadGraphModel(handler: { load(): Promise<unknown> }): Promise<TfModel>;
}

const human = dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')).replace(
  /face-api$/,
  'human',
);
const bundle = join(human, 'dist', 'tfjs.esm.js');
let tf: Tf;

beforeAll(async () => {
  // The bundle is built for browsers; all it needs of one is to believe in it.
  const scope = globalThis as Record<string, unknown>;
  scope.window ??= { document: {} };
  scope.document ??= {};
  tf = (await import(/* @vite-ignore */ bundle)) as Tf;
  await tf.setBackend('cpu');
  await tf.ready();
}, 300_000);

type AttributeJson = Record<string, unknown>;
interface NodeJson {
  readonly name: string;
  readonly op: string;
  readonly input?: string[];
  readonly attr?: Record<string, AttributeJson>;
}
interface WeightJson {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}

/** A graph model of the given nodes and constants, as the two files it would be stored in. */
function modelOf(nodes: NodeJson[], weights: Record<string, WeightJson>): GraphModelFiles {
  const parts: Uint8Array[] = [];
  const manifest = Object.entries(weights).map(([name, { shape, data }]) => {
    parts.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    return { name, shape, dtype: data instanceof Int32Array ? 'int32' : 'float32' };
  });
  const constants = Object.entries(weights).map(([name, { data }]) => ({
    name,
    op: 'Const',
    attr: { dtype: { type: data instanceof Int32Array ? 'DT_INT32' : 'DT_FLOAT' } },
  }));
  const json = {
    format: 'graph-model',
    modelTopology: { node: [...constants, ...nodes], versions: {} },
    weightsManifest: [{ paths: ['w.bin'], weights: manifest }],
  };
  return { json: new TextEncoder().encode(JSON.stringify(json)), weights: Buffer.concat(parts) };
}

async function runTf(
  files: GraphModelFiles,
  data: Float32Array,
  shape: readonly number[],
): Promise<Map<string, TfTensor>> {
  const json = JSON.parse(new TextDecoder().decode(files.json));
  const model = await tf.loadGraphModel({
    load: async () => ({
      modelTopology: json.modelTopology,
      format: json.format,
      signature: json.signature,
      weightSpecs: json.weightsManifest.flatMap((g: { weights: unknown[] }) => g.weights),
      weightData: Uint8Array.from(files.weights).buffer,
    }),
  });
  const result = model.execute(tf.tensor(data, shape));
  const list = Array.isArray(result) ? result : [result];
  return new Map(list.map((t, i) => [model.outputs[i]?.name ?? String(i), t]));
}

/** Largest difference over the largest value, over all outputs; pairs outputs by shape and nearness. */
async function distance(
  files: GraphModelFiles,
  shape: readonly number[],
  low = -1,
  high = 1,
): Promise<number> {
  const random = new Random(7);
  const data = new Float32Array(shape.reduce((p, s) => p * s, 1)).map(() => random.uniform(low, high));
  const expected = await runTf(files, data, shape);
  const session = await (await nodeRuntime()).load(convertGraphModel(files));
  const got = await session.run({ [session.inputNames[0]]: { dims: shape, data } });
  expect(Object.keys(got)).toHaveLength(expected.size);
  let worst = 0;
  for (const tensor of expected.values()) {
    const want = tensor.dataSync();
    const scale = want.reduce((m, v) => Math.max(m, Math.abs(v)), 1e-3);
    const nearest = Object.values(got)
      .filter((g) => g.dims.join() === tensor.shape.join())
      .map((g) => want.reduce((m, v, i) => Math.max(m, Math.abs(v - Number(g.data[i]))), 0) / scale);
    worst = Math.max(worst, Math.min(Number.POSITIVE_INFINITY, ...nearest));
  }
  await session.release();
  return worst;
}

const base64 = (s: string) => btoa(s);
const ints = (...values: number[]): WeightJson => ({ shape: [values.length], data: Int32Array.from(values) });
const scalar = (value: number): WeightJson => ({ shape: [], data: Float32Array.of(value) });
const noise = (seed: number, ...shape: number[]): WeightJson => {
  const random = new Random(seed);
  return { shape, data: new Float32Array(shape.reduce((p, s) => p * s, 1)).map(() => random.uniform(-1, 1)) };
};
const float = { type: 'DT_FLOAT' };
const input = (shape: readonly number[]): NodeJson => ({
  name: 'x',
  op: 'Placeholder',
  attr: { dtype: float, shape: { shape: { dim: shape.map((size) => ({ size: String(size) })) } } },
});
const spatial = (strides: number, padding: string, dilations = 1): Record<string, AttributeJson> => ({
  T: float,
  strides: { list: { i: ['1', String(strides), String(strides), '1'] } },
  dilations: { list: { i: ['1', String(dilations), String(dilations), '1'] } },
  padding: { s: base64(padding) },
  data_format: { s: base64('NHWC') },
  explicit_paddings: { list: {} },
});
const fused = (...ops: string[]) => ({
  fused_ops: { list: { s: ops.map(base64) } },
  num_args: { i: ops.includes('Prelu') ? '2' : '1' },
});

const sliceMasks = (open: number, shrink: number) => ({
  begin_mask: { i: String(open) },
  end_mask: { i: String(open) },
  shrink_axis_mask: { i: String(shrink) },
  ellipsis_mask: { i: '0' },
  new_axis_mask: { i: '0' },
});

interface Case {
  readonly name: string;
  readonly shape: readonly number[];
  readonly nodes: NodeJson[];
  readonly weights?: Record<string, WeightJson>;
  readonly low?: number;
}

const one = (
  name: string,
  op: string,
  weights: Record<string, WeightJson> = {},
  attr: Record<string, AttributeJson> = {},
  shape: readonly number[] = [2, 7, 6, 4],
  low = -1,
): Case => ({
  name,
  shape,
  low,
  weights,
  nodes: [{ name: 'y', op, input: ['x', ...Object.keys(weights)], attr: { T: float, ...attr } }],
});

const CASES: Case[] = [
  ...['SAME', 'VALID'].flatMap((padding) =>
    [1, 2].flatMap((stride) => [
      one(`Conv2D ${padding} ${stride}`, 'Conv2D', { w: noise(1, 3, 2, 4, 5) }, spatial(stride, padding)),
      one(
        `Depthwise ${padding} ${stride}`,
        'DepthwiseConv2dNative',
        { w: noise(2, 3, 3, 4, 2) },
        spatial(stride, padding),
      ),
      one(
        `MaxPool ${padding} ${stride}`,
        'MaxPool',
        {},
        { ...spatial(stride, padding), ksize: { list: { i: ['1', '3', '2', '1'] } } },
      ),
      one(
        `AvgPool ${padding} ${stride}`,
        'AvgPool',
        {},
        { ...spatial(stride, padding), ksize: { list: { i: ['1', '2', '2', '1'] } } },
      ),
    ]),
  ),
  one('Conv2D dilated', 'Conv2D', { w: noise(1, 3, 3, 4, 5) }, spatial(1, 'SAME', 2)),
  one(
    '_FusedConv2D bias',
    '_FusedConv2D',
    { w: noise(1, 1, 1, 4, 3), b: noise(2, 3) },
    { ...spatial(1, 'SAME'), ...fused('BiasAdd') },
  ),
  ...['Relu', 'Relu6', 'Elu'].map((act) =>
    one(
      `_FusedConv2D ${act}`,
      '_FusedConv2D',
      { w: noise(3, 3, 3, 4, 3), b: noise(2, 3) },
      { ...spatial(2, 'SAME'), ...fused('BiasAdd', act) },
    ),
  ),
  one(
    '_FusedConv2D Prelu',
    '_FusedConv2D',
    { w: noise(3, 3, 3, 4, 3), b: noise(2, 3), a: noise(4, 1, 1, 3) },
    { ...spatial(2, 'SAME'), ...fused('BiasAdd', 'Prelu') },
  ),
  one(
    '_FusedConv2D LeakyRelu',
    '_FusedConv2D',
    { w: noise(3, 3, 3, 4, 3), b: noise(2, 3) },
    { ...spatial(2, 'SAME'), ...fused('BiasAdd', 'LeakyRelu'), leakyrelu_alpha: { f: 0.3 } },
  ),
  one(
    'FusedDepthwiseConv2dNative',
    'FusedDepthwiseConv2dNative',
    { w: noise(3, 3, 3, 4, 1), b: noise(2, 4) },
    { ...spatial(1, 'SAME'), ...fused('BiasAdd', 'Relu') },
  ),
  one('Pad', 'Pad', { p: { shape: [4, 2], data: Int32Array.of(0, 0, 1, 2, 0, 3, 2, 1) } }),
  one('PadV2', 'PadV2', {
    p: { shape: [4, 2], data: Int32Array.of(0, 0, 1, 2, 0, 3, 2, 1) },
    v: scalar(0.5),
  }),
  one(
    'MirrorPad',
    'MirrorPad',
    { p: { shape: [4, 2], data: Int32Array.of(0, 0, 1, 2, 0, 3, 0, 0) } },
    { mode: { s: base64('REFLECT') } },
  ),
  ...[
    [false, false],
    [true, false],
    [false, true],
  ].flatMap(([aligned, centres]) =>
    [
      [14, 12],
      [5, 9],
    ].map(([h, w]) =>
      one(
        `ResizeBilinear ${aligned} ${centres} ${h}x${w}`,
        'ResizeBilinear',
        { s: ints(h, w) },
        { align_corners: { b: aligned }, half_pixel_centers: { b: centres } },
      ),
    ),
  ),
  one(
    'ResizeNearestNeighbor',
    'ResizeNearestNeighbor',
    { s: ints(14, 12) },
    { align_corners: { b: false }, half_pixel_centers: { b: false } },
  ),
  one(
    'DepthToSpace',
    'DepthToSpace',
    {},
    { block_size: { i: '2' }, data_format: { s: base64('NHWC') } },
    [1, 3, 2, 12],
  ),
  ...['Add', 'AddV2', 'Sub', 'Mul', 'RealDiv', 'Maximum', 'Minimum', 'SquaredDifference'].flatMap((op) => [
    one(`${op} channel`, op, { c: noise(5, 4) }),
    one(`${op} scalar`, op, { c: scalar(0.7) }),
  ]),
  one('BiasAdd', 'BiasAdd', { c: noise(5, 4) }, { data_format: { s: base64('NHWC') } }),
  ...['Relu', 'Relu6', 'Elu', 'Sigmoid', 'Tanh', 'Softplus', 'Exp', 'Neg', 'Abs', 'Square', 'Floor'].map(
    (op) => one(op, op),
  ),
  ...['Sqrt', 'Rsqrt', 'Log'].map((op) => one(op, op, {}, {}, [2, 3, 2, 4], 0.1)),
  one('LeakyRelu', 'LeakyRelu', {}, { alpha: { f: 0.1 } }),
  one('Prelu', 'Prelu', { a: noise(6, 1, 1, 4) }),
  one('Softmax', 'Softmax', {}, {}, [3, 5]),
  ...['Mean', 'Sum', 'Max', 'Min'].flatMap((op) => [
    one(`${op} spatial`, op, { a: ints(1, 2) }, { keep_dims: { b: false } }),
    one(`${op} kept`, op, { a: ints(1, 2) }, { keep_dims: { b: true } }),
    one(`${op} channel`, op, { a: ints(-1) }, { keep_dims: { b: false } }),
    one(`${op} rows`, op, { a: ints(1) }, { keep_dims: { b: false } }),
  ]),
  one(
    'MatMul',
    'MatMul',
    { w: noise(1, 6, 5) },
    { transpose_a: { b: false }, transpose_b: { b: false } },
    [3, 6],
  ),
  one(
    'MatMul transposed',
    'MatMul',
    { w: noise(1, 5, 6) },
    { transpose_a: { b: false }, transpose_b: { b: true } },
    [3, 6],
  ),
  one(
    '_FusedMatMul',
    '_FusedMatMul',
    { w: noise(1, 6, 5), b: noise(2, 5) },
    { transpose_a: { b: false }, transpose_b: { b: false }, ...fused('BiasAdd', 'Relu') },
    [3, 6],
  ),
  one('Reshape', 'Reshape', { s: ints(-1, 42, 4) }),
  one('Transpose', 'Transpose', { p: ints(0, 3, 1, 2) }),
  one('Squeeze', 'Squeeze', {}, { squeeze_dims: { list: { i: ['1'] } } }, [2, 1, 3, 4]),
  one('ExpandDims', 'ExpandDims', { a: ints(1) }),
  one(
    'StridedSlice',
    'StridedSlice',
    { b: ints(0, 1, 0, 1), e: ints(0, 6, 0, 3), s: ints(1, 2, 1, 1) },
    sliceMasks(5, 0),
  ),
  // With a step and a vanishing axis together TensorFlow.js's own CPU kernel is wrong, so not both at once here.
  one(
    'StridedSlice shrinking',
    'StridedSlice',
    { b: ints(0, 1, 0, 1), e: ints(0, 6, 0, 2), s: ints(1, 1, 1, 1) },
    sliceMasks(5, 8),
  ),
  one(
    'FusedBatchNormV3',
    'FusedBatchNormV3',
    {
      g: noise(1, 4),
      o: noise(2, 4),
      m: noise(3, 4),
      v: { shape: [4], data: Float32Array.of(1, 2, 0.5, 3) },
    },
    { epsilon: { f: 0.01 }, data_format: { s: base64('NHWC') }, is_training: { b: false } },
  ),
];

describe('each operator agrees with TensorFlow.js', () => {
  it.each(CASES)('$name', async ({ shape, nodes, weights = {}, low }) => {
    const files = modelOf([input([-1, ...shape.slice(1)]), ...nodes], weights);
    expect(await distance(files, shape, low)).toBeLessThan(1e-4);
  });

  it('layouts mixed in one graph: convolve, add a picture, join, split off sizes, reshape', async () => {
    const weights = {
      w: noise(1, 3, 3, 4, 4),
      axis: { shape: [], data: Int32Array.of(-1) },
      from: ints(0),
      to: ints(1),
      step: ints(1),
      n: { shape: [], data: Int32Array.of(-1) },
      c: { shape: [], data: Int32Array.of(8) },
    };
    const masks = {
      begin_mask: { i: '0' },
      end_mask: { i: '0' },
      ellipsis_mask: { i: '0' },
      new_axis_mask: { i: '0' },
    };
    const nodes: NodeJson[] = [
      input([-1, 7, 6, 4]),
      { name: 'conv', op: 'Conv2D', input: ['x', 'w'], attr: spatial(1, 'SAME') },
      { name: 'sum', op: 'AddV2', input: ['x', 'conv'], attr: { T: float } },
      { name: 'join', op: 'ConcatV2', input: ['sum', 'x', 'axis'], attr: { T: float, N: { i: '2' } } },
      { name: 'shape', op: 'Shape', input: ['join'], attr: {} },
      {
        name: 'batch',
        op: 'StridedSlice',
        input: ['shape', 'from', 'to', 'step'],
        attr: { ...masks, shrink_axis_mask: { i: '1' } },
      },
      { name: 'target', op: 'Pack', input: ['batch', 'n', 'c'], attr: { axis: { i: '0' }, N: { i: '3' } } },
      { name: 'flat', op: 'Reshape', input: ['join', 'target'], attr: { T: float } },
      { name: 'soft', op: 'Softmax', input: ['flat'], attr: { T: float } },
      { name: 'map', op: 'Relu', input: ['join'], attr: { T: float } },
    ];
    expect(await distance(modelOf(nodes, weights), [2, 7, 6, 4])).toBeLessThan(1e-4);
  });
});

describe('the real networks agree with TensorFlow.js', () => {
  it.each([
    { name: 'blazeface', size: 256, low: -1, high: 1 },
    { name: 'facemesh', size: 192, low: 0, high: 1 },
    { name: 'faceres', size: 224, low: 0, high: 255 },
  ])('$name', async ({ name, size, low, high }) => {
    const path = join(human, 'models', name);
    if (!existsSync(`${path}.json`)) return console.warn(`skipped: ${path}.json is not installed`);
    const files = { json: readFileSync(`${path}.json`), weights: readFileSync(`${path}.bin`) };
    // A face flag of 1e-8 on noise has no four significant digits in float32; hence the floor in `distance`.
    expect(await distance(files, [1, size, size, 3], low, high)).toBeLessThan(1e-4);
  });
});

describe('weights', () => {
  it('reads every half-precision number', () => {
    const halves = Uint16Array.from({ length: 65536 }, (_, i) => i);
    const json = JSON.stringify({
      modelTopology: {
        node: [
          { name: 'c', op: 'Const' },
          { name: 'y', op: 'Identity', input: ['c'] },
        ],
      },
      weightsManifest: [
        { weights: [{ name: 'c', shape: [65536], dtype: 'float32', quantization: { dtype: 'float16' } }] },
      ],
    });
    const model = readGraphModel({
      json: new TextEncoder().encode(json),
      weights: new Uint8Array(halves.buffer),
    });
    const data = model.constants.get('c')?.data as Float32Array;
    for (let i = 0; i < 65536; i++) {
      const want = halfToNumber(i);
      if (!Object.is(data[i], want) && !(Number.isNaN(want) && Number.isNaN(data[i]))) {
        expect.fail(`half ${i}: ${data[i]} is not ${want}`);
      }
    }
  });

  it('undoes affine quantisation, with bytes at any offset', () => {
    const json = JSON.stringify({
      modelTopology: {
        node: [
          { name: 'a', op: 'Const' },
          { name: 'b', op: 'Const' },
          { name: 'y', op: 'AddV2', input: ['a', 'b'] },
        ],
      },
      weightsManifest: [
        {
          weights: [
            {
              name: 'a',
              shape: [3],
              dtype: 'float32',
              quantization: { dtype: 'uint8', scale: 0.5, min: -1 },
            },
            {
              name: 'b',
              shape: [2],
              dtype: 'float32',
              quantization: { dtype: 'uint16', scale: 0.25, min: 2 },
            },
          ],
        },
      ],
    });
    const weights = Uint8Array.of(0, 2, 255, 4, 0, 0, 1);
    const model = readGraphModel({ json: new TextEncoder().encode(json), weights });
    expect([...(model.constants.get('a')?.data ?? [])]).toEqual([-1, 0, 126.5]);
    expect([...(model.constants.get('b')?.data ?? [])]).toEqual([3, 66]);
  });

  it('permutes axes as the definition says', () => {
    const shapes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 });
    const property = fc.property(shapes, fc.integer(), (dims, seed) => {
      const order = new Random(seed).shuffle(dims.map((_, i) => i));
      const size = dims.reduce((p, s) => p * s, 1);
      const source = Float32Array.from({ length: size }, (_, i) => i);
      const { data, dims: out } = permute(source, dims, order);
      for (let i = 0; i < size; i++) {
        let rest = i;
        const at: number[] = [];
        for (let axis = out.length - 1; axis >= 0; axis--) {
          at[order[axis]] = rest % out[axis];
          rest = Math.floor(rest / out[axis]);
        }
        expect(data[i]).toBe(at.reduce((p, index, axis) => p * dims[axis] + index, 0));
      }
    });
    fc.assert(property, { seed: 1, numRuns: 50 });
  });
});

describe('bad input is a typed error', () => {
  const good = modelOf(
    [input([-1, 4, 4, 2]), { name: 'y', op: 'Conv2D', input: ['x', 'w'], attr: spatial(1, 'SAME') }],
    {
      w: noise(1, 3, 3, 2, 2),
    },
  );

  it('says which operator it does not know', () => {
    const files = modelOf([input([1, 4]), { name: 'y', op: 'FancyOp', input: ['x'] }], {});
    expect(() => convertGraphModel(files)).toThrow(/FancyOp/);
  });

  it('refuses weights that end too early, circles, and empty files', () => {
    expect(() => convertGraphModel({ ...good, weights: good.weights.subarray(0, 20) })).toThrow(HuoyanError);
    const circle = modelOf(
      [
        { name: 'a', op: 'Relu', input: ['b'] },
        { name: 'b', op: 'Relu', input: ['a'] },
        { name: 'c', op: 'Relu', input: ['a'] },
      ],
      {},
    );
    expect(() => convertGraphModel(circle)).toThrow(/circle/);
    expect(() => convertGraphModel({ json: new Uint8Array(), weights: new Uint8Array() })).toThrow(
      HuoyanError,
    );
  });

  it('survives any damaged model.json', () => {
    const text = new TextDecoder().decode(good.json);
    const property = fc.property(
      fc.nat(text.length - 1),
      fc.nat(20),
      fc.string({ maxLength: 8 }),
      (at, cut, put) => {
        const json = new TextEncoder().encode(text.slice(0, at) + put + text.slice(at + cut));
        try {
          convertGraphModel({ json, weights: good.weights });
        } catch (error) {
          expect(error).toBeInstanceOf(HuoyanError);
        }
      },
    );
    fc.assert(property, { seed: 5, numRuns: 400 });
  });
});
