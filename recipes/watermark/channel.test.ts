import { expect, it } from 'vitest';
import { Random } from '../../src/core/random.ts';
import { exportInference, initialWeights, network } from '../../src/nn/index.ts';
import { nodeRuntime } from '../../src/nn/runtime.node.ts';
import { carrierOf, drawTile } from '../../src/protect/watermark/carrier.ts';
import { CODE_BITS } from '../../src/protect/watermark/code.ts';
import { CHANNEL_INPUTS, type ChannelDraws, channel } from './channel.ts';
import { drawChannel } from './draws.ts';
import { SIDE } from './network.ts';
import { amplitudesOf, analysed, synthesised, TERMS } from './waves.ts';

const BATCH = 2;

it('a tile as two products of matrices is the tile that pictures get, and read back gives its waves', async () => {
  const net = network({
    ...{ name: 'waves', seed: 1, inputs: { amplitudes: [TERMS, TERMS] } },
    build(b, { amplitudes }) {
      const tile = synthesised(b, amplitudes);
      return { tile, back: analysed(b, tile) };
    },
  });
  const carrier = carrierOf('a key');
  const random = new Random(4);
  const code = Uint8Array.from({ length: CODE_BITS }, () => random.below(2));
  const { data, pilots } = amplitudesOf(carrier, code);
  const amplitudes = data.map((value, i) => value + pilots[i]);
  const session = await (await nodeRuntime()).load(
    exportInference(net, initialWeights(net), { half: false }),
  );
  const { tile, back } = await session.run({ amplitudes: { dims: [1, TERMS, TERMS], data: amplitudes } });
  await session.release();
  const wanted = drawTile(carrier, code, SIDE);
  wanted.forEach((value, i) => {
    expect(Math.abs((tile.data as Float32Array)[i] - value)).toBeLessThan(2e-4);
  });
  // A product of two terms that vary has a mean power of a quarter.
  amplitudes.forEach((value, i) => {
    if (value !== 0) expect(4 * (back.data as Float32Array)[i]).toBeCloseTo(value, 4);
  });
});

it('what is kind to a photograph gives the tile back; what is not, does not, and stays a picture', async () => {
  const net = network({
    ...{ name: 'channel', seed: 1, inputs: { marked: [1, SIDE, SIDE], ...CHANNEL_INPUTS } },
    build: (b, { marked, ...draws }) => ({ seen: channel(b, marked, draws as unknown as ChannelDraws) }),
  });
  const session = await (await nodeRuntime()).load(
    exportInference(net, initialWeights(net), { half: false }),
  );
  const marked = Float32Array.from(
    { length: BATCH * SIDE * SIDE },
    (_, i) => 120 + 60 * Math.sin((i % SIDE) / 9) * Math.cos(Math.floor(i / SIDE) / 11),
  );
  const run = async (draws: ReturnType<typeof drawChannel>) => {
    const inputs = Object.fromEntries(
      Object.entries(draws).map(([name, data]) => {
        const spec = CHANNEL_INPUTS[name as keyof typeof CHANNEL_INPUTS];
        return [name, { dims: [BATCH, ...('shape' in spec ? spec.shape : spec)], data }];
      }),
    );
    const { seen } = await session.run({ marked: { dims: [BATCH, 1, SIDE, SIDE], data: marked }, ...inputs });
    return seen.data as Float32Array;
  };
  const off = (seen: Float32Array) =>
    seen.reduce((sum, value, i) => sum + Math.abs(value - marked[i]), 0) / seen.length;
  const drawn = drawChannel(BATCH, new Random(2));
  const kind = {
    ...drawn,
    blur: drawn.blur.map((_, i) => (i % (drawn.blur.length / BATCH) === 0 ? 1 : 0)),
    light: drawn.light.map(() => 1),
    offset: drawn.offset.map(() => 0),
    sharpen: drawn.sharpen.map(() => 0),
    table: drawn.table.map(() => 1),
    rounding: drawn.rounding.map(() => 0),
  };
  expect(off(await run(kind))).toBeLessThan(4);
  const unkind = await run(drawn);
  expect(off(unkind)).toBeGreaterThan(off(await run(kind)));
  for (const value of unkind) expect(value >= 0 && value <= 255).toBe(true);
  await session.release();
});
