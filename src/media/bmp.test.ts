import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HuoyanError } from '../core/errors.ts';
import { decodeBmp, readBmp } from './bmp.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { readStructure } from './structure.ts';

interface Recipe {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  readonly compression?: number;
  readonly topDown?: boolean;
  readonly core?: boolean;
  readonly palette?: readonly (readonly number[])[];
  readonly masks?: readonly number[];
  readonly data: readonly number[];
}

/** A BMP file, written as the documentation says. */
function writeBmp(recipe: Recipe): Uint8Array {
  const { width, height, bits, compression = 0, core = false, palette = [], masks = [], data } = recipe;
  const headerSize = core ? 12 : 40;
  const offset = 14 + headerSize + 4 * masks.length + palette.length * (core ? 3 : 4);
  const out = new Uint8Array(offset + data.length);
  const view = new DataView(out.buffer);
  out.set([0x42, 0x4d]);
  view.setUint32(2, out.length, true);
  view.setUint32(10, offset, true);
  view.setUint32(14, headerSize, true);
  if (core) {
    view.setUint16(18, width, true);
    view.setUint16(20, height, true);
    view.setUint16(22, 1, true);
    view.setUint16(24, bits, true);
  } else {
    view.setInt32(18, width, true);
    view.setInt32(22, recipe.topDown ? -height : height, true);
    view.setUint16(26, 1, true);
    view.setUint16(28, bits, true);
    view.setUint32(30, compression, true);
    view.setUint32(34, data.length, true);
    view.setUint32(46, palette.length, true);
  }
  masks.forEach((mask, i) => {
    view.setUint32(14 + headerSize + 4 * i, mask, true);
  });
  palette.forEach(([r, g, b], i) => {
    out.set([b, g, r], offset - (palette.length - i) * (core ? 3 : 4));
  });
  out.set(data, offset);
  return out;
}

/** Rows of bytes, padded to four, in the order of the file. */
function rows(height: number, topDown: boolean, row: (y: number) => number[]): number[] {
  const out: number[] = [];
  for (let i = 0; i < height; i++) {
    const bytes = row(topDown ? i : height - 1 - i);
    out.push(...bytes, ...new Array((4 - (bytes.length % 4)) % 4).fill(0));
  }
  return out;
}

const size = fc.record({
  width: fc.integer({ min: 1, max: 37 }),
  height: fc.integer({ min: 1, max: 9 }),
  topDown: fc.boolean(),
});
const flat = (image: { data: ArrayLike<number> }) => Array.from(image.data);

describe('decodeBmp', () => {
  it('reads palettes of 1, 2, 4 and 8 bits, both headers and row orders', () => {
    fc.assert(
      fc.property(
        size,
        fc.constantFrom(1, 2, 4, 8),
        fc.boolean(),
        fc.integer(),
        ({ width, height, topDown }, bits, core, seed) => {
          const down = topDown && !core;
          const palette = Array.from({ length: 1 << bits }, (_, i) => [
            (i * 7 + seed) & 255,
            (i * 13) & 255,
            (i * 29) & 255,
          ]);
          const index = (x: number, y: number) => (x * 31 + y * 17 + Math.abs(seed % 97)) % (1 << bits);
          const data = rows(height, down, (y) => {
            const bytes = new Array(Math.ceil((width * bits) / 8)).fill(0);
            for (let x = 0; x < width; x++)
              bytes[Math.floor((x * bits) / 8)] |= index(x, y) << (8 - bits - ((x * bits) % 8));
            return bytes;
          });
          const { image, coverage } = decodeBmp(
            writeBmp({ width, height, bits, core, topDown: down, palette, data }),
          );
          const expected: number[] = [];
          for (let y = 0; y < height; y++)
            for (let x = 0; x < width; x++) expected.push(...palette[index(x, y)]);
          expect(coverage).toBe(1);
          expect(flat(image)).toEqual(expected);
        },
      ),
    );
  });

  it('reads 24 and 32 bits', () => {
    fc.assert(
      fc.property(size, fc.constantFrom(24, 32), ({ width, height, topDown }, bits) => {
        const colour = (x: number, y: number) => [(x * 9) & 255, (y * 40) & 255, (x * y) & 255];
        const data = rows(height, topDown, (y) =>
          Array.from({ length: width }, (_, x) => [
            ...colour(x, y).reverse(),
            ...(bits === 32 ? [0] : []),
          ]).flat(),
        );
        const expected: number[] = [];
        for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) expected.push(...colour(x, y));
        expect(flat(decodeBmp(writeBmp({ width, height, bits, topDown, data })).image)).toEqual(expected);
      }),
    );
  });

  it('reads 16 bits: 5-5-5 by default, other layouts by masks', () => {
    const pixel = (r: number, g: number, b: number, masks: readonly number[]) =>
      [r, g, b].reduce((sum, v, i) => {
        const shift = 31 - Math.clz32(masks[i] & -masks[i]);
        return sum | (Math.round((v / 255) * (masks[i] >>> shift)) << shift);
      }, 0);
    for (const masks of [[], [0xf800, 0x07e0, 0x001f], [0x0f00, 0x00f0, 0x000f]]) {
      const used = masks.length ? masks : [0x7c00, 0x03e0, 0x001f];
      const colours = [
        [255, 255, 255],
        [0, 0, 0],
        [255, 0, 0],
        [0, 255, 0],
        [0, 0, 255],
      ];
      const data = rows(1, false, () =>
        colours.flatMap(([r, g, b]) => {
          const value = pixel(r, g, b, used);
          return [value & 255, value >> 8];
        }),
      );
      const bytes = writeBmp({
        width: 5,
        height: 1,
        bits: 16,
        compression: masks.length ? 3 : 0,
        masks,
        data,
      });
      expect(flat(decodeBmp(bytes).image)).toEqual(colours.flat());
    }
  });

  it('lays alpha on white, but not an alpha that is zero everywhere', () => {
    const masks = [0xff0000, 0xff00, 0xff, 0xff000000];
    const make = (alphas: number[]) =>
      decodeBmp(
        writeBmp({
          width: 2,
          height: 1,
          bits: 32,
          compression: 6,
          masks,
          data: alphas.flatMap((a) => [10, 20, 30, a]),
        }),
      ).image;
    expect(flat(make([255, 0]))).toEqual([30, 20, 10, 255, 255, 255]);
    expect(flat(make([0, 0]))).toEqual([30, 20, 10, 30, 20, 10]);
  });

  it('reads run-length coded pictures of 8 and 4 bits as they were written', () => {
    fc.assert(
      fc.property(
        size,
        fc.constantFrom(8, 4),
        fc.integer({ min: 1, max: 9 }),
        ({ width, height }, bits, run) => {
          const colours = 1 << bits;
          const palette = Array.from({ length: colours }, (_, i) => [i, 255 - i, (i * 3) & 255]);
          const index = (x: number, y: number) => (Math.floor(x / run) * 5 + y) % colours;
          const data: number[] = [];
          for (let y = height - 1; y >= 0; y--) {
            for (let x = 0; x < width; ) {
              // Literals where there is room for three or more, runs otherwise.
              const length = Math.min(width - x, (x + y) % 2 === 0 ? 5 : run - (x % run));
              const values = Array.from({ length }, (_, i) => index(x + i, y));
              if (values.every((v) => v === values[0]))
                data.push(length, bits === 8 ? values[0] : values[0] * 17);
              else if (length >= 3) {
                const packed =
                  bits === 8
                    ? values
                    : Array.from(
                        { length: Math.ceil(length / 2) },
                        (_, i) => (values[2 * i] << 4) | (values[2 * i + 1] ?? 0),
                      );
                data.push(0, length, ...packed, ...(packed.length % 2 ? [0] : []));
              } else for (const v of values) data.push(1, bits === 8 ? v : v * 17);
              x += length;
            }
            data.push(0, 0);
          }
          data.push(0, 1);
          const bytes = writeBmp({ width, height, bits, compression: bits === 8 ? 1 : 2, palette, data });
          const expected: number[] = [];
          for (let y = 0; y < height; y++)
            for (let x = 0; x < width; x++) expected.push(...palette[index(x, y)]);
          expect(flat(decodeBmp(bytes).image)).toEqual(expected);
        },
      ),
    );
  });

  it('jumps over pixels with the delta code', () => {
    const palette = [[1, 2, 3], [9, 9, 9], ...new Array(254).fill([0, 0, 0])];
    const data = [1, 1, 0, 2, 1, 1, 1, 1, 0, 1];
    const { image } = decodeBmp(writeBmp({ width: 3, height: 2, bits: 8, compression: 1, palette, data }));
    expect(flat(image)).toEqual([1, 2, 3, 1, 2, 3, 9, 9, 9, 9, 9, 9, 1, 2, 3, 1, 2, 3]);
  });

  it('answers damage with a typed error and without allocating what is not there', () => {
    const whole = writeBmp({ width: 64, height: 64, bits: 24, data: new Array(64 * 64 * 3).fill(7) });
    for (let tenth = 0; tenth < 10; tenth++) {
      const cut = whole.subarray(0, Math.floor((whole.length * tenth) / 10));
      if (cut.length < 18) continue;
      expect(() => decodeBmp(cut)).toThrow(HuoyanError);
    }
    const missing = whole.subarray(0, Math.floor(whole.length * 0.95));
    expect(decodeBmp(missing).coverage).toBeLessThan(1);
    const huge = writeBmp({ width: 30_000, height: 30_000, bits: 24, data: [1, 2, 3] });
    expect(() => decodeBmp(huge)).toThrow(/damaged/);
    expect(readStructure(readBmp, huge, DEFAULT_LIMITS).header).toMatchObject({
      width: 30_000,
      height: 30_000,
    });
  });

  it('only ever throws typed errors', () => {
    const whole = writeBmp({
      width: 8,
      height: 8,
      bits: 8,
      palette: new Array(256).fill([1, 2, 3]),
      data: new Array(64).fill(3),
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(90), fc.nat(255)), { minLength: 1, maxLength: 6 }), (changes) => {
        const changed = whole.slice();
        for (const [at, value] of changes) if (at < 18 || at > 25) changed[at] = value;
        try {
          decodeBmp(changed);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(HuoyanError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
