import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../core/random.ts';
import { fromFloat16Bits, toFloat16Bits } from './float16.ts';
import { exportInference, initialWeights, network, type Weights } from './index.ts';
import { summariseModel } from './onnx.ts';
import { nodeRuntime } from './runtime.node.ts';
import { webRuntime } from './runtime.web.ts';
import { decodeTensors, encodeTensors } from './safetensors.ts';

const net = network({
  name: 'everything',
  inputs: { x: [3, 8, 8] },
  seed: 3,
  build(b, { x }) {
    let h = b.relu(b.batchNorm(b.conv(x, 6)));
    h = b.relu(b.batchNorm(b.depthwise(h, { bias: false })));
    h = b.groupNorm(b.concat([h, b.resize(b.averagePool(h, { size: 2 }), 8, 8)]), 3);
    const tokens = b.layerNorm(
      b.transpose(b.reshape(b.maxPool(h, { size: 2 }), [h.shape[0], 12, 16]), [0, 2, 1]),
    );
    const seen = b.add(tokens, b.attention(tokens, { heads: 2 }));
    const map = b.convTranspose(b.maxPool(h, { size: 2 }), 1);
    const spectrum = b.mean(b.dftMagnitude(x, { half: true }), { axes: [1, 2, 3] });
    return { logit: b.linear(b.mean(seen, { axes: [1] }), 2), map: b.sigmoid(map), spectrum };
  },
});

/** Weights and running statistics away from their starting values. */
function stirred(): Weights {
  const random = new Random(9);
  const start = initialWeights(net);
  for (const [name, { data }] of Object.entries(start)) {
    for (let i = 0; i < data.length; i++)
      data[i] = data[i] + (name.endsWith('variance') ? random.uniform(0, 2) : random.normal() * 0.1);
  }
  return start;
}

const picture = {
  x: { dims: [2, 3, 8, 8], data: Float32Array.from({ length: 384 }, (_, i) => Math.sin(i * 1.7)) },
};

describe('export for inference', () => {
  it('folds batch normalisation, stores halves, and native, web and both precisions agree', async () => {
    const weights = stirred();
    const half = exportInference(net, weights);
    const full = exportInference(net, weights, { half: false });
    expect(summariseModel(half).operators.BatchNormalization).toBeUndefined();
    expect(half.length).toBeLessThan(full.length);
    const native = await nodeRuntime();
    const web = await webRuntime();
    const results = [];
    for (const [runtime, bytes] of [
      [native, full],
      [web, full],
      [native, half],
    ] as const) {
      const session = await runtime.load(bytes);
      results.push(await session.run(picture));
    }
    for (const name of ['logit', 'map', 'spectrum']) {
      expect(results[0][name].dims[0]).toBe(2);
      for (let i = 0; i < results[0][name].data.length; i++) {
        const value = Number(results[0][name].data[i]);
        expect(Number(results[1][name].data[i])).toBeCloseTo(value, 4);
        expect(Math.abs(Number(results[2][name].data[i]) - value)).toBeLessThan(5e-3);
      }
    }
  });

  it('names the missing weight', () => {
    const { 'conv1/weight': _, ...rest } = stirred();
    expect(() => exportInference(net, rest)).toThrow(/conv1\/weight/);
  });
});

describe('float16', () => {
  it('brings every half back', () => {
    for (let bits = 0; bits < 65536; bits++) {
      const value = fromFloat16Bits(bits);
      if (!Number.isNaN(value)) expect(toFloat16Bits(value)).toBe(bits);
    }
  });
  it('rounds to the nearest', () => {
    fc.assert(
      fc.property(fc.double({ min: -65000, max: 65000, noNaN: true }), (wide) => {
        const v = Math.fround(wide);
        const bits = toFloat16Bits(v);
        const error = Math.abs(fromFloat16Bits(bits) - v);
        for (const other of [bits - 1, bits + 1]) {
          const near = fromFloat16Bits(other & 0xffff);
          if (Number.isFinite(near) && other >= 0) expect(error).toBeLessThanOrEqual(Math.abs(near - v));
        }
      }),
    );
  });
});

describe('safetensors', () => {
  it('brings everything back', () => {
    const data = fc.oneof(
      fc.uint8Array({ maxLength: 20 }),
      fc.float32Array({ maxLength: 20 }),
      fc.int32Array({ maxLength: 20 }),
      fc.bigInt64Array({ maxLength: 20 }),
    );
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.string({ minLength: 1 }).filter((s) => s !== '__metadata__' && s !== '__proto__'),
          data,
        ),
        (parts) => {
          const tensors = Object.fromEntries(
            Object.entries(parts).map(([k, d]) => [k, { dims: [d.length], data: d }]),
          );
          expect(decodeTensors(encodeTensors(tensors)).tensors).toEqual(tensors);
        },
      ),
    );
  });
  it('stores floats as float16 when asked, and nothing else', () => {
    const half = (v: number) => fromFloat16Bits(toFloat16Bits(v));
    fc.assert(
      fc.property(
        fc.float32Array({ maxLength: 20, noNaN: true }),
        fc.uint8Array({ maxLength: 9 }),
        fc.bigInt64Array({ maxLength: 3 }),
        (floats, bytes, longs) => {
          const tensors = {
            bytes: { dims: [bytes.length], data: bytes },
            floats: { dims: [floats.length], data: floats },
            longs: { dims: [longs.length], data: longs },
          };
          const wide = encodeTensors(tensors, { why: 'test' });
          const narrow = encodeTensors(tensors, { why: 'test' }, { half: true });
          if (floats.length > 8) expect(narrow.length).toBeLessThan(wide.length);
          const { tensors: back, metadata } = decodeTensors(narrow);
          expect(metadata).toEqual({ why: 'test' });
          expect(back).toEqual({ ...tensors, floats: { ...tensors.floats, data: floats.map(half) } });
          // What is a half already is kept as it is.
          expect(decodeTensors(encodeTensors(back, {}, { half: true })).tensors).toEqual(back);
        },
      ),
    );
  });
  it('reads a float16 file that others wrote', () => {
    // 1, -2, 65504, the smallest subnormal, minus infinity, 1/3 rounded: as numpy writes them.
    const bits = [0x3c00, 0xc000, 0x7bff, 0x0001, 0xfc00, 0x3555];
    const header = '{"w":{"dtype":"F16","shape":[2,3],"data_offsets":[0,12]}}';
    const bytes = new Uint8Array(8 + header.length + 12);
    const view = new DataView(bytes.buffer);
    view.setBigUint64(0, BigInt(header.length), true);
    bytes.set(new TextEncoder().encode(header), 8);
    bits.forEach((v, i) => {
      view.setUint16(8 + header.length + i * 2, v, true);
    });
    const { w } = decodeTensors(bytes).tensors;
    expect(w.dims).toEqual([2, 3]);
    expect([...w.data]).toEqual([1, -2, 65504, 2 ** -24, Number.NEGATIVE_INFINITY, 0.333251953125]);
  });
  it('answers damage with a typed error', () => {
    const good = encodeTensors({
      a: { dims: [2, 3], data: new Float32Array(6) },
      b: { dims: [4], data: new Uint8Array(4) },
    });
    fc.assert(
      fc.property(
        fc.nat(good.length - 1),
        fc.integer({ min: 1, max: 255 }),
        fc.boolean(),
        (at, flip, cut) => {
          const bytes = cut ? good.slice(0, at) : good.slice();
          if (!cut) bytes[at] ^= flip;
          try {
            decodeTensors(bytes);
          } catch (thrown) {
            expect(thrown).toMatchObject({ code: 'corrupt' });
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
