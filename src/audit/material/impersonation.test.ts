import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../../core/image.ts';
import { Random } from '../../core/random.ts';
import type { Face } from '../../face/face.ts';
import { deform, impersonate, type Portrait } from './impersonation.ts';
import { marked } from './visible-mark.ts';

const flat = (width: number, height: number, value: number): RgbImage => ({
  width,
  height,
  data: new Uint8Array(width * height * 3).fill(value),
});

/** A face whose 468 points lie on circles around the middle; as good as any for geometry. */
function portrait(side: number, value: number): Portrait {
  const mesh = new Float32Array(468 * 3);
  const [middle, radius] = [side / 2, side * 0.35];
  // The oval's own order does not matter here: points by index around the circle, every third drawn inwards.
  const oval = [
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148,
  ];
  const more = [176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109];
  for (let i = 0; i < 468; i++) {
    const angle = i * 2.399963;
    mesh.set([middle + 0.5 * radius * Math.cos(angle), middle + 0.5 * radius * Math.sin(angle), 0], i * 3);
  }
  [...oval, ...more].forEach((index, k) => {
    const angle = (2 * Math.PI * k) / 36;
    mesh.set([middle + radius * Math.cos(angle), middle + radius * Math.sin(angle), 0], index * 3);
  });
  return { image: flat(side, side, value), face: { mesh } as unknown as Face };
}

describe('moving least squares', () => {
  it('reproduces every affine map, everywhere', () => {
    const number = fc.double({ min: -3, max: 3, noNaN: true });
    const points = [
      { x: 0, y: 0 },
      { x: 10, y: 1 },
      { x: 3, y: 9 },
      { x: 7, y: 6 },
    ];
    fc.assert(
      fc.property(fc.tuple(number, number, number, number, number, number), number, number, (m, x, y) => {
        const map = (p: { x: number; y: number }) => ({
          x: m[0] * p.x + m[1] * p.y + m[2],
          y: m[3] * p.x + m[4] * p.y + m[5],
        });
        const [found, expected] = [deform({ x, y }, points, points.map(map)), map({ x, y })];
        expect(found.x).toBeCloseTo(expected.x, 4);
        expect(found.y).toBeCloseTo(expected.y, 4);
      }),
    );
  });
});

describe('an impersonation', () => {
  const soften = async (mask: RgbImage) => mask;

  it('changes the face and nothing else, and takes the colour of the base', async () => {
    const [base, source] = [portrait(80, 100), portrait(60, 200)];
    source.image.data.set([250, 0, 0], (30 * 60 + 30) * 3);
    const made = await impersonate(base, source, 'swap', new Random(1), soften);
    expect([made.width, made.height]).toEqual([80, 80]);
    expect(made.data.subarray(0, 80 * 3).every((v) => v === 100)).toBe(true);
    const middle = made.data.subarray((40 * 80 + 40) * 3, (40 * 80 + 41) * 3);
    expect([...middle]).not.toEqual([100, 100, 100]);
    const mean = Array.from(made.data).reduce((sum, v) => sum + v, 0) / made.data.length;
    expect(Math.abs(mean - 100)).toBeLessThan(2);
  });

  it('is the same for the same seed, and refuses a face without a mesh', async () => {
    const once = () => impersonate(portrait(50, 90), portrait(50, 120), 'blend', new Random(5), soften);
    expect(await once()).toEqual(await once());
    const none = { image: flat(9, 9, 0), face: {} as Face };
    await expect(impersonate(none, none, 'swap', new Random(1), soften)).rejects.toThrow(RangeError);
  });
});

describe('the visible mark', () => {
  it('covers the lower edge, and only that, at any size', () => {
    for (const [width, height] of [
      [400, 300],
      [60, 60],
      [8, 8],
      [1, 1],
    ]) {
      const image = marked(flat(width, height, 128));
      const touched = [...image.data]
        .map((v, i) => (v === 128 ? -1 : Math.floor(i / (width * 3))))
        .filter((y) => y >= 0);
      expect(new Set(image.data.subarray(-3))).toEqual(new Set([20]));
      expect(Math.min(...touched)).toBeGreaterThanOrEqual(Math.min(height - 1, Math.floor(height * 0.8) - 9));
    }
    expect([...marked(flat(400, 300, 128)).data].filter((v) => v === 240).length).toBeGreaterThan(500);
  });
});
