import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toI420 } from './i420.ts';

/** A frame of smooth random content as planes of `depth` bits, chroma `stepX` by `stepY` pixels a sample. */
function planar(
  level: (plane: number, x: number, y: number) => number,
  [width, height, stepX, stepY]: number[],
  depth: number,
) {
  const values: number[] = [];
  for (const [plane, sx, sy] of [[0, 1, 1], ...[1, 2].map((p) => [p, stepX, stepY])]) {
    for (let y = 0; y < Math.ceil(height / sy); y++) {
      for (let x = 0; x < Math.ceil(width / sx); x++) {
        values.push(level(plane, x * sx, y * sy) << (depth - 8));
      }
    }
  }
  return depth === 8 ? Uint8Array.from(values) : new Uint8Array(Uint16Array.from(values).buffer);
}

const sides = fc.record({ width: fc.integer({ min: 2, max: 21 }), height: fc.integer({ min: 2, max: 21 }) });

describe('frames as 4:2:0', () => {
  it('says the same of a frame whatever layout it came in', () => {
    fc.assert(
      fc.property(sides, fc.integer({ min: 0, max: 2 ** 31 }), ({ width, height }, seed) => {
        // Constant in cells of two by two pixels, so that averaging chroma changes nothing.
        const level = (plane: number, x: number, y: number) =>
          ((((x >> 1) * 31 + (y >> 1) * 17 + plane * 101 + seed) * 2654435761) >>> 24) & 255;
        const expected = toI420('I420', width, height, planar(level, [width, height, 2, 2], 8));
        expect(expected).toMatchObject({ width: width & ~1, height: height & ~1 });
        for (const [format, sx, sy, depth] of [
          ['I420P10', 2, 2, 10],
          ['I422', 2, 1, 8],
          ['I422P12', 2, 1, 12],
          ['I444', 1, 1, 8],
          ['I444AP10', 1, 1, 10],
        ] as const) {
          const bytes = planar(level, [width, height, sx, sy], depth);
          expect(toI420(format, width, height, bytes).data).toEqual(expected.data);
        }
        const plain = planar(level, [width, height, 2, 2], 8);
        const half = Math.ceil(width / 2) * Math.ceil(height / 2);
        const nv12 = plain.slice();
        for (let i = 0; i < half; i++) {
          nv12[width * height + 2 * i] = plain[width * height + i];
          nv12[width * height + 2 * i + 1] = plain[width * height + half + i];
        }
        expect(toI420('NV12', width, height, nv12).data).toEqual(expected.data);
      }),
      { numRuns: 40 },
    );
  });

  it('takes RGB by BT.601, grey without colour', () => {
    fc.assert(
      fc.property(sides, fc.integer({ min: 0, max: 255 }), ({ width, height }, grey) => {
        const bytes = new Uint8Array(width * height * 4).fill(grey);
        for (const format of ['RGBA', 'BGRX']) {
          const { data } = toI420(format, width, height, bytes);
          const size = (width & ~1) * (height & ~1);
          expect(Math.abs(data[0] - (16 + (grey * 219) / 255))).toBeLessThan(1);
          expect(new Set(data.subarray(size))).toEqual(new Set([128]));
        }
      }),
      { numRuns: 20 },
    );
    const red = Uint8Array.from({ length: 16 }, (_, i) => [255, 0, 0, 255][i & 3]);
    expect([...toI420('RGBA', 2, 2, red).data]).toEqual([81, 81, 81, 81, 90, 240]);
  });

  it('refuses what is too short, too small or unknown', () => {
    for (const [format, width, height, bytes] of [
      ['I420', 4, 4, 23],
      ['NV12', 4, 4, 20],
      ['RGBA', 4, 4, 60],
      ['I420P10', 4, 4, 40],
      ['I420', 1, 8, 100],
      ['GRAY8', 4, 4, 100],
    ] as const) {
      expect(() => toI420(format, width, height, new Uint8Array(bytes))).toThrow(RangeError);
    }
  });
});
