import { beforeAll, expect, it, describe as suite } from 'vitest';
import { describe } from './description.ts';
import { Embedder } from './embedding.ts';
import { readKnown } from './known.node.ts';
import { type Painter, painted } from './painters.test-support.ts';

suite('an embedding', () => {
  let embedder: Embedder;
  beforeAll(async () => {
    embedder = new Embedder(await readKnown());
  });
  const embed = (painter: Painter, seed: number) => embedder.embed(describe(painted(painter, seed)));
  const cosine = (a: Float32Array, b: Float32Array) => a.reduce((s, v, i) => s + v * b[i], 0);

  it('has length one, and as many numbers as there are known sources', async () => {
    const { sources } = await readKnown();
    const one = embed('camera', 1);
    expect(one).toHaveLength(sources.length);
    expect(embedder.dimensions).toBe(sources.length);
    expect(cosine(one, one)).toBeCloseTo(1, 5);
  });

  it('brings pictures of one source together, whatever they show', () => {
    const own = cosine(embed('doubled', 1), embed('doubled', 2));
    const other = cosine(embed('doubled', 1), embed('checkered', 1));
    expect(own).toBeGreaterThan(other + 0.2);
  });
});
