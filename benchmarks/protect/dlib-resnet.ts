/**
 * A recogniser the cloak has never seen: dlib's residual network of 128 features (King 2017), as the development
 * dependency @vladmandic/face-api carries it, rebuilt here so that the rig can ask it. Two faces are called the same
 * person when their features lie within 0.6, the threshold its authors give.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { RgbImage } from '../../src/core/image.ts';
import { alignment } from '../../src/face/align.ts';
import type { Face } from '../../src/face/face.ts';
import { warp } from '../../src/face/sampling.ts';
import { type Builder, exportInference, network, type Value } from '../../src/nn/index.ts';
import { nodeRuntime } from '../../src/nn/runtime.node.ts';

export const SAME_PERSON = 0.6;
const SIDE = 150;
const MEANS = [122.782, 117.001, 104.298];
/** The cut in parts of the tight, upright square: face-api's, whose centre is the mean of both eyes and the mouth. */
const CUT = { side: 0.878, left: 0.061, top: 0.204 };

type Tensors = ReadonlyMap<string, { readonly dims: readonly number[]; readonly data: Float32Array }>;

interface Stored {
  readonly name: string;
  readonly shape: readonly number[];
  readonly quantization?: { readonly scale: number; readonly min: number };
}

function packageFolder(): string | null {
  try {
    return dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json'));
  } catch {
    return null;
  }
}

async function tensors(root: string): Promise<Tensors> {
  const file = (name: string) => readFile(join(root, 'model', name));
  const manifest = (await file('face_recognition_model-weights_manifest.json')).toString();
  const [{ weights }] = JSON.parse(manifest) as { weights: Stored[] }[];
  const bytes = await file('face_recognition_model.bin');
  let at = 0;
  return new Map(
    weights.map(({ name, shape, quantization }) => {
      const length = shape.reduce((product, side) => product * side, 1);
      const from = at;
      at += quantization ? length : 4 * length;
      const data = Float32Array.from({ length }, (_, i) =>
        quantization
          ? bytes[from + i] * quantization.scale + quantization.min
          : bytes.readFloatLE(from + 4 * i),
      );
      return [name, { dims: shape, data }] as const;
    }),
  );
}

/** x [B, 3, 150, 150] in 0..255 to features [B, 128]. */
function features(b: Builder, known: Tensors, x: Value): Value {
  const of = (name: string) => {
    const found = known.get(name);
    if (!found) throw new TypeError(`no ${name} in the recogniser's file`);
    return found;
  };
  const channelwise = (name: string) => {
    const { data } = of(name);
    return b.constant(data, [1, data.length, 1, 1]);
  };
  const conv = (name: string, h: Value, stride: number, pad: number, active: boolean): Value => {
    const { dims, data } = of(`${name}/conv/filters`);
    const [kh, kw, inner, outer] = dims;
    const kernel = new Float32Array(data.length);
    for (let o = 0; o < outer; o++) {
      for (let i = 0; i < inner; i++) {
        for (let k = 0; k < kh * kw; k++)
          kernel[(o * inner + i) * kh * kw + k] = data[(k * inner + i) * outer + o];
      }
    }
    const bias = b.constant(of(`${name}/conv/bias`).data, [outer]);
    const made = b.convWith(h, b.constant(kernel, [outer, inner, kh, kw]), bias, { stride, pad });
    const scaled = b.add(
      b.mul(made, channelwise(`${name}/scale/weights`)),
      channelwise(`${name}/scale/biases`),
    );
    return active ? b.relu(scaled) : scaled;
  };
  const residual = (name: string, h: Value): Value =>
    b.relu(b.add(h, conv(`${name}/conv2`, conv(`${name}/conv1`, h, 1, 1, true), 1, 1, false)));
  const down = (name: string, h: Value): Value => {
    const made = conv(`${name}/conv2`, conv(`${name}/conv1`, h, 2, 0, true), 1, 1, false);
    const pooled = b.averagePool(h, { size: 2 });
    // What is smaller is filled up with zeros behind.
    const [, wide, height, width] = made.shape;
    const [, has, pooledHeight, pooledWidth] = pooled.shape;
    const fill = (value: Value, rows: number, columns: number) => b.pad(value, [0, 0, rows, columns]);
    const shortcut = fill(pooled, Math.max(0, height - pooledHeight), Math.max(0, width - pooledWidth));
    const deep = fill(made, Math.max(0, pooledHeight - height), Math.max(0, pooledWidth - width));
    const full = has === wide ? shortcut : b.concat([shortcut, b.mul(shortcut, 0)].slice(0, wide / has));
    return b.relu(b.add(full, deep));
  };
  let h = b.div(b.sub(x, b.constant(MEANS, [1, 3, 1, 1])), 256);
  h = b.maxPool(conv('conv32_down', h, 2, 0, true), { size: 3, stride: 2 });
  for (const name of ['conv32_1', 'conv32_2', 'conv32_3']) h = residual(name, h);
  h = down('conv64_down', h);
  for (const name of ['conv64_1', 'conv64_2', 'conv64_3']) h = residual(name, h);
  h = down('conv128_down', h);
  for (const name of ['conv128_1', 'conv128_2']) h = residual(name, h);
  h = down('conv256_down', h);
  for (const name of ['conv256_1', 'conv256_2']) h = residual(name, h);
  h = down('conv256_down_out', h);
  const { dims, data } = of('fc');
  return b.matmul(b.globalMean(h), b.constant(data, dims));
}

export interface UnseenRecogniser {
  /** Features of a face; compare by Euclidean distance. */
  embed(image: RgbImage, face: Face): Promise<Float32Array>;
  close(): Promise<void>;
}

/** Null where the package is not installed. */
export async function dlibResnet(): Promise<UnseenRecogniser | null> {
  const root = packageFolder();
  if (root === null) return null;
  const known = await tensors(root);
  const net = network({
    ...{ name: 'dlib-resnet', seed: 1, inputs: { x: [3, SIDE, SIDE] } },
    build: (b, { x }) => ({ features: features(b, known, x) }),
  });
  const session = await (await nodeRuntime()).load(exportInference(net, {}, { half: false }));
  return {
    async embed(image, face) {
      const tight = SIDE / CUT.side;
      const whole = alignment(face.landmarks, tight);
      const toCut = { ...whole, tx: whole.tx - CUT.left * tight, ty: whole.ty - CUT.top * tight };
      const pixels = warp(image, toCut, { width: SIDE, height: SIDE, outside: 'edge' });
      const plane = SIDE * SIDE;
      const data = Float32Array.from(
        { length: 3 * plane },
        (_, i) => pixels[(i % plane) * 3 + Math.floor(i / plane)],
      );
      return (await session.run({ x: { dims: [1, 3, SIDE, SIDE], data } })).features.data as Float32Array;
    },
    close: () => session.release(),
  };
}

export function distance(a: Float32Array, b: Float32Array): number {
  return Math.hypot(...a.map((v, i) => v - b[i]));
}
