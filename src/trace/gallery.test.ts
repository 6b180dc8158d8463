import { beforeAll, expect, it, describe as suite } from 'vitest';
import { crop } from '../core/image.ts';
import { DESCRIPTION, describe, SMALLEST } from './description.ts';
import { Gallery, type Known } from './gallery.ts';
import { readKnown } from './known.node.ts';
import { type Painter, painted } from './painters.test-support.ts';

const described = (painter: Painter, seed: number) => describe(painted(painter, seed));
const enrolment = (name: string, painter: Painter, count = 8) => ({
  name,
  sent: { stored: Array.from({ length: count }, (_, i) => described(painter, i)) },
});

suite('a description', () => {
  it('has its length, is finite and the same every time', () => {
    const one = described('camera', 1);
    expect(one).toHaveLength(DESCRIPTION);
    expect(one.every(Number.isFinite)).toBe(true);
    expect(described('camera', 1)).toEqual(one);
  });

  it('is refused for what is too small', () => {
    const small = crop(painted('camera', 1), { x: 0, y: 0, width: SMALLEST - 1, height: SMALLEST });
    expect(() => describe(small)).toThrow(RangeError);
  });

  it('is finite for a picture without any texture', () => {
    const flat = { width: 128, height: 128, data: new Uint8Array(128 * 128 * 3).fill(200) };
    expect(describe(flat).every(Number.isFinite)).toBe(true);
  });
});

suite('the gallery', () => {
  let known: Known;
  beforeAll(async () => {
    known = await readKnown();
  });

  it('comes with known generators and kinds of photographs', () => {
    const kinds = new Set(known.sources.map((source) => source.kind));
    expect(kinds).toEqual(new Set(['generator', 'photograph']));
    expect(known.sources.every((s) => s.prototypes.every((p) => p.length === DESCRIPTION))).toBe(true);
  });

  it('tells enrolled generators apart, and its probabilities sum to one', () => {
    const gallery = new Gallery(known.metric, known.works, known.sources, [
      enrolment('doubler', 'doubled'),
      enrolment('checker', 'checkered'),
    ]);
    for (const [painter, name] of [
      ['doubled', 'doubler'],
      ['checkered', 'checker'],
    ] as const) {
      for (let seed = 50; seed < 54; seed++) {
        const { generators, photograph, unknown } = gallery.attribute(
          gallery.prepare(described(painter, seed)),
        );
        expect(generators[0]).toMatchObject({ generator: name, origin: 'enrolled' });
        const sum = generators.reduce((s, g) => s + g.probability, photograph + unknown);
        expect(sum).toBeCloseTo(1, 6);
        for (let i = 1; i < generators.length; i++)
          expect(generators[i].probability).toBeLessThanOrEqual(generators[i - 1].probability);
      }
    }
  });

  it('lets what is like nothing be of an unknown generator', () => {
    const none = new Gallery(known.metric, known.works, []);
    const { generators, unknown, photograph } = none.attribute(none.prepare(described('camera', 3)));
    expect(generators).toEqual([]);
    expect(photograph).toBe(0);
    expect(unknown).toBe(1);
  });
});
