/**
 * The shipped face network opened for attacks: its declaration with a gradient by the input, and its weights read back
 * from the ONNX file. There normalisation is folded into convolutions; here it is unfolded as a normalisation that does
 * nothing but add the folded bias, so both give the same logits.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import proto from 'onnx-proto';
import { faceswapNetwork } from '../../recipes/faceswap/network.ts';
import { type Differentiable, differentiable } from '../../src/bench/peers/learned.ts';
import { MODEL } from '../../src/evidence/faceswap/score.ts';
import { FACE_SIDE } from '../../src/evidence/faceswap/view.ts';
import { fromFloat16 } from '../../src/nn/float16.ts';
import { type Builder, type Network, network, type Value, type Weights } from '../../src/nn/index.ts';
import { packageModelsFolder } from '../../src/nn/models.node.ts';

/** What the normalisation adds to the variance. */
const EPSILON = 1e-5;

/** `x` [3, FACE_SIDE, FACE_SIDE] in 0..1 to `logit` [1] and its `gradient`. */
function openNetwork(): Network {
  const body = faceswapNetwork(MODEL);
  const logit = (b: Builder, x: Value) => body.build(b, { pixels: b.mul(x, 255) }).logit;
  return network({
    ...{ name: MODEL, seed: 1, inputs: { x: [3, FACE_SIDE, FACE_SIDE] } },
    build: (b, { x }) => ({
      logit: b.tied('net', () => logit(b, x)),
      gradient: b.inputGradient(x, (v) => b.sum(b.tied('net', () => logit(b, v)))),
    }),
  });
}

/** The shipped weights under the names of {@link openNetwork}. Throws RangeError when the file is of another network. */
function shippedWeights(net: Network): Weights {
  const file = proto.onnx.ModelProto.decode(readFileSync(join(packageModelsFolder(), `${MODEL}.onnx`)));
  const stored = new Map(
    (file.graph?.initializer ?? []).map((tensor) => {
      const raw = Uint8Array.from(tensor.rawData ?? []);
      const half = tensor.dataType === 10;
      const data = half ? fromFloat16(new Uint16Array(raw.buffer)) : new Float32Array(raw.buffer);
      return [String(tensor.name), data] as const;
    }),
  );
  const biases = [...stored].filter(([name]) => /\/Conv:\d+\.bias$/.test(name)).map(([, data]) => data);
  let folded = 0;
  const norms = new Map<string, Float32Array | null>();
  return Object.fromEntries(
    [...net.parameters, ...net.statistics].map(({ name: full, shape }) => {
      const size = shape.reduce((product, d) => product * d, 1);
      const name = full.replace(/^net\//, '');
      const own = stored.get(name) ?? stored.get(`${name}.half`);
      const [, norm, leaf] = /^(batchNorm\d+)\/(\w+)$/.exec(name) ?? [];
      let data = own;
      if (!own && norm) {
        const bias = norms.get(norm) ?? biases[folded];
        if (!norms.has(norm)) folded++;
        norms.set(norm, bias);
        const identity = { scale: Math.sqrt(1 + EPSILON), mean: 0, variance: 1 }[leaf];
        data = leaf === 'shift' ? bias : new Float32Array(size).fill(identity ?? Number.NaN);
      }
      if (data?.length !== size)
        throw new RangeError(`${name} of the shipped network is not ${shape.join('x')}`);
      return [full, { dims: shape, data: Float32Array.from(data) }];
    }),
  );
}

/** The shipped face network from inside. */
export function openFaceswap(): Promise<Differentiable> {
  const net = openNetwork();
  return differentiable(net, shippedWeights(net), FACE_SIDE);
}
