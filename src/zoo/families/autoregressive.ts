/**
 * Pixel by pixel: PixelCNN (arXiv:1601.06759) with plain or gated (arXiv:1606.05328) residual blocks. Masked
 * convolutions make one feature vector of all that is drawn before a pixel; three heads make of it the softmax of red,
 * of green given red, and of blue given both, as PixelCNN++ has it (arXiv:1701.05517). One stack, so places far to the
 * right in the rows above stay unseen; the second stack of the gated paper would double the cost of drawing.
 *
 * A picture of 1,024 pixels is 1,024 runs, so a run computes only the drawn pixel's features: `step` takes what the
 * layers made at its four neighbours (kept by `sample`, zeros outside the picture) and gives what they make here, which
 * is what the whole network would give there. A level is drawn inside the graph as the largest of logits plus Gumbel
 * noise, which is an exact draw from the softmax.
 */
import type { Random } from '../../core/random.ts';
import type { Tensor } from '../../core/tensor.ts';
import { adamW, type Builder, cosine, network, type TrainingOptions, type Value } from '../../nn/index.ts';
import type {
  AutoregressiveDeclaration,
  PictureSource,
  Run,
  SampleRequest,
  ZooModel,
} from '../declaration.ts';
import { causalConv, patchOf } from '../parts/causal.ts';
import { gumbels } from '../parts/gumbel.ts';

/** Of the first layer. */
const RADIUS = 3;
const SIDE = 2 * RADIUS + 1;
/** Planes it sees: three colours in 0..1, and three that say where. */
const SEEN = 6;
const COLOURS = ['red', 'green', 'blue'] as const;
/** The neighbours a layer of radius 1 sees, in the order of its kernel: row and column beside the place's own. */
const NEIGHBOURS = { nw: [-1, -1], n: [-1, 0], ne: [-1, 1], w: [0, -1] } as const;
type Neighbour = keyof typeof NEIGHBOURS;
const NAMES = Object.keys(NEIGHBOURS) as Neighbour[];
/** Pictures drawn side by side: enough for full kernels, few enough for the caches. */
const TOGETHER = 250;

/**
 * [levels, width]: every level as a place on cosine waves of falling height, so that learning starts from neighbouring
 * levels being alike, which a table of random numbers would have to be taught.
 */
function waves(levels: number, width: number, height: number): Float32Array {
  return Float32Array.from({ length: levels * width }, (_, i) => {
    const [level, wave] = [Math.floor(i / width), 1 + (i % width)];
    return (height * Math.cos((Math.PI * wave * (level + 0.5)) / levels)) / Math.sqrt(wave);
  });
}

export function autoregressive(declaration: AutoregressiveDeclaration): ZooModel {
  const { name, seed, size, batch, width, layers, gated, levels, steps } = declaration;

  /** From features that neighbours have been mixed into, to what is added to a place. */
  const mixed = (b: Builder, h: Value, over: 'picture' | 'patch') => {
    const seen = causalConv(b, 'masked', b.relu(h), gated ? width * 2 : width, {
      radius: 1,
      self: true,
      over,
    });
    const half = (start: number) => b.slice(seen, [{ axis: 1, start, end: start + width }]);
    const active = gated ? b.mul(b.tanh(half(0)), b.sigmoid(half(width))) : b.relu(seen);
    return b.conv(active, width, { kernel: 1 });
  };

  /**
   * Logits [B, H, W, levels] of the three colours from features [B, width, H, W]; `choose` gives the level of a colour
   * from its logits, int64 [B, H, W].
   */
  const colours = (b: Builder, h: Value, choose: (colour: number, logits: Value) => Value) => {
    const chosen: Value[] = [];
    const features = b.relu(h);
    return COLOURS.map((colour, c) =>
      b.scope(colour, () => {
        let given = b.conv(features, width, { kernel: 1, name: 'features' });
        chosen.forEach((level, i) => {
          const table = b.parameter(
            `given-${COLOURS[i]}/table`,
            [levels, width],
            waves(levels, width, 0.5),
            false,
          );
          const told = b.rows(table, level);
          given = b.add(given, b.transpose(told, [0, 3, 1, 2]));
        });
        const scores = b.conv(b.relu(given), levels, {
          kernel: 1,
          name: 'logits',
          initial: waves(levels, width, 0.1),
        });
        const logits = b.transpose(scores, [0, 2, 3, 1]);
        chosen.push(choose(c, logits));
        return { logits, level: chosen[c] };
      }),
    );
  };

  const share = (b: Builder, level: Value) => b.mul(b.toFloat(level), 1 / (levels - 1));
  const first = (b: Builder, seen: Value, over: 'picture' | 'patch') =>
    causalConv(b, 'first', seen, width, { radius: RADIUS, self: false, over });

  const step = network({
    name: `${name}-step`,
    seed,
    inputs: {
      // Around the pixel and above it: what `places` gives of the picture, zeros outside.
      seen: [SEEN, RADIUS + 1, SIDE],
      gumbel: [3, levels],
      ...Object.fromEntries(
        Array.from({ length: layers }, (_, i) => NAMES.map((n) => [`${n}${i}`, [width, 1, 1]])).flat(),
      ),
    },
    build: (b, inputs) =>
      b.tied('generator', () => {
        let h = first(b, inputs.seen, 'patch');
        const out: Record<string, Value> = {};
        for (let i = 0; i < layers; i++) {
          out[`made${i}`] = h;
          const places = [...NAMES.map((n) => inputs[`${n}${i}`]), h, b.mul(h, 0)];
          h = b.scope(`block${i + 1}`, () =>
            b.scope('skip', () => b.add(h, mixed(b, patchOf(b, places), 'patch'))),
          );
        }
        const drawn = colours(b, h, (c, logits) => {
          const noise = b.slice(inputs.gumbel, [{ axis: 1, start: c, end: c + 1 }]);
          return b.argMax(b.add(logits, b.reshape(noise, [noise.shape[0], 1, 1, levels])));
        });
        const pixel = drawn.map(({ level }) => b.reshape(share(b, level), [level.shape[0], 1]));
        return { pixel: b.concat(pixel), ...out };
      }),
  });

  const training = () => ({
    network: network({
      name,
      seed,
      inputs: { levels: { shape: [3, size, size], type: 'int64' as const } },
      build(b, { levels: given }) {
        const picture = share(b, given);
        const plane = (c: number) => b.slice(given, [{ axis: 1, start: c, end: c + 1 }]);
        const whereabouts = b.constant(places(size), [1, 3, size, size]);
        const known = b.concat([picture, b.add(b.mul(picture, 0), whereabouts)]);
        const drawn = b.tied('generator', () => {
          let h = first(b, known, 'picture');
          for (let i = 0; i < layers; i++) {
            h = b.scope(`block${i + 1}`, () => b.scope('skip', () => b.add(h, mixed(b, h, 'picture'))));
          }
          return colours(b, h, (c) => b.reshape(plane(c), [given.shape[0], size, size]));
        });
        const logits = drawn.map((d, c) => [COLOURS[c], d.logits]);
        return { ...Object.fromEntries(logits), given };
      },
    }),
    options: {
      batch,
      targets: {},
      // Nats per colour of a pixel.
      loss(b, o) {
        const pixels = batch * size * size;
        const each = COLOURS.map((colour, c) => {
          const plane = b.slice(o.given, [{ axis: 1, start: c, end: c + 1 }]);
          return b.softmaxCrossEntropy(b.reshape(o[colour], [pixels, levels]), b.reshape(plane, [pixels]));
        });
        return b.mul(
          each.reduce((sum, term) => b.add(sum, term)),
          1 / 3,
        );
      },
      optimiser: adamW({
        rate: declaration.rate,
        weightDecay: 0,
        schedule: cosine(steps, { warmupSteps: Math.ceil(steps / 20), floor: 0.02 }),
      }),
      clipNorm: 1,
      averageDecay: 0.99,
    } satisfies TrainingOptions,
  });

  return {
    declaration,
    generator: step,
    networks: { generator: step },
    needsPictures: false,
    training,
    feed(random: Random, pictures: PictureSource) {
      const bytes = pictures.draw(random, declaration.subject, size, batch);
      return { levels: BigInt64Array.from(bytes, (v) => BigInt(Math.round((v / 255) * (levels - 1)))) };
    },
    async sample({ run, random, count }: SampleRequest) {
      const out = new Float32Array(count * 3 * size * size);
      for (let from = 0; from < count; from += TOGETHER) {
        const part = Math.min(TOGETHER, count - from);
        const pictures = out.subarray(from * 3 * size * size, (from + part) * 3 * size * size);
        await draw(declaration, run, random, pictures, part);
      }
      return out;
    },
  };
}

/** Fills `pictures`, `count` planar pictures, pixel by pixel. */
async function draw(
  { size, width, layers, levels }: AutoregressiveDeclaration,
  run: Run,
  random: Random,
  pictures: Float32Array,
  count: number,
): Promise<void> {
  const whereabouts = places(size);
  const nothing: Tensor = { dims: [count, width, 1, 1], data: new Float32Array(count * width) };
  const seen = new Float32Array(count * SEEN * (RADIUS + 1) * SIDE);
  /** What each layer was given, at every column of the row above and of this one. */
  let above: Tensor[][] = [];
  for (let y = 0; y < size; y++) {
    const here: Tensor[][] = [];
    for (let x = 0; x < size; x++) {
      look(pictures, whereabouts, seen, size, x, y);
      const inputs: Record<string, Tensor> = {
        seen: { dims: [count, SEEN, RADIUS + 1, SIDE], data: seen },
        gumbel: { dims: [count, 3, levels], data: gumbels(random, count * 3 * levels) },
      };
      for (let layer = 0; layer < layers; layer++) {
        for (const name of NAMES) {
          const [dy, dx] = NEIGHBOURS[name];
          inputs[`${name}${layer}`] = (dy === 0 ? here : above)[x + dx]?.[layer] ?? nothing;
        }
      }
      const results = await run('generator', inputs);
      here.push(Array.from({ length: layers }, (_, layer) => results[`made${layer}`]));
      const plane = size * size;
      results.pixel.data.forEach((value, i) => {
        pictures[i * plane + y * size + x] = Number(value);
      });
    }
    above = here;
  }
}

/** [3, size, size]: 1, and the column and the row in -1..1, so that the edge and the place in the picture are known. */
function places(size: number): Float32Array {
  const at = (i: number) => (2 * i) / (size - 1) - 1;
  const plane = size * size;
  return Float32Array.from({ length: 3 * plane }, (_, i) => {
    if (i < plane) return 1;
    return at(i < 2 * plane ? i % size : Math.floor((i % plane) / size));
  });
}

/** Copies what is drawn around (x, y) of every picture, and where it is, into `seen` [N, SEEN, RADIUS + 1, SIDE]. */
function look(
  pictures: Float32Array,
  whereabouts: Float32Array,
  seen: Float32Array,
  size: number,
  x: number,
  y: number,
): void {
  const plane = size * size;
  const patch = (RADIUS + 1) * SIDE;
  const count = pictures.length / (3 * plane);
  for (let i = 0; i < patch; i++) {
    const [row, column] = [y + Math.floor(i / SIDE) - RADIUS, x + (i % SIDE) - RADIUS];
    const inside = row >= 0 && column >= 0 && column < size;
    const from = row * size + column;
    for (let n = 0; n < count; n++) {
      for (let c = 0; c < 3; c++) {
        const to = (n * SEEN + c) * patch + i;
        seen[to] = inside ? pictures[(n * 3 + c) * plane + from] : 0;
        seen[to + 3 * patch] = inside ? whereabouts[c * plane + from] : 0;
      }
    }
  }
}
