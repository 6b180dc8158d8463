import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../core/random.ts';
import { sha256 } from '../../core/sha256.ts';
import { CODE_BITS, decode, encode, MESSAGE_BITS } from './code.ts';
import { analyse, noWaves, synthesise, waveAt } from './harmonics.ts';
import { KeyStream } from './key-stream.ts';
import { bitsOfHex, hexOfBits, hexOfPayload, payloadOfHex } from './payload.ts';
import { fromUnitSquare, inverse, project } from './plane.ts';

const hex = fc.stringMatching(/^[0-9a-f]{16}$/);

describe('sha256', () => {
  it('agrees with the platform', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(Buffer.from(sha256(bytes)).toString('hex')).toBe(
          createHash('sha256').update(bytes).digest('hex'),
        );
      }),
    );
  });

  it('streams of two keys, or two purposes, differ', () => {
    const draw = (key: string, purpose: string) => {
      const stream = new KeyStream(key, purpose);
      return Array.from({ length: 40 }, () => stream.byte()).join();
    };
    expect(new Set([draw('a', 'x'), draw('b', 'x'), draw('a', 'y')]).size).toBe(3);
    expect(draw('a', 'x')).toBe(draw('a', 'x'));
  });
});

describe('code', () => {
  it('corrects one in six bits flipped', () => {
    fc.assert(
      fc.property(hex, fc.nat(), (message, seed) => {
        const random = new Random(seed);
        const soft = Float32Array.from(encode(bitsOfHex(message)), (bit) => (bit ? 1 : -1));
        // Spread out: one in each run of six, which a code of free distance 24 always mends.
        let flipped = 0;
        for (let from = 0; from + 12 <= CODE_BITS; from += 12, flipped++) soft[from + random.below(12)] *= -1;
        const found = decode(soft);
        expect(found.valid).toBe(true);
        expect(hexOfBits(found.message)).toBe(message);
        expect(found.errors).toBe(flipped);
      }),
      { seed: 1, numRuns: 40 },
    );
  });

  it('noise is no message', () => {
    const random = new Random(7);
    for (let n = 0; n < 60; n++) {
      expect(decode(Float32Array.from({ length: CODE_BITS }, () => random.normal())).valid).toBe(false);
    }
    expect(decode(new Float32Array(CODE_BITS)).valid).toBe(false);
    expect(() => encode(new Uint8Array(MESSAGE_BITS - 1))).toThrow(RangeError);
  });
});

describe('payload', () => {
  it('a time, place and device come back', () => {
    const arbitrary = fc.record({
      time: fc
        .date({ min: new Date('2020-01-01'), max: new Date('2500-01-01'), noInvalidDate: true })
        .map((date) => date.toISOString()),
      place: fc.nat(65535),
      device: fc.nat(65535),
    });
    fc.assert(
      fc.property(arbitrary, (given) => {
        const payload = payloadOfHex(hexOfPayload(given));
        expect(payload).toEqual({ ...given, version: 1, time: `${given.time.slice(0, 16)}Z` });
      }),
    );
  });

  it('hexadecimal digits are bits and back; other text is refused', () => {
    fc.assert(
      fc.property(hex, (message) => {
        expect(hexOfBits(bitsOfHex(message))).toBe(message);
      }),
    );
    expect(hexOfBits(bitsOfHex('F'))).toBe('000000000000000f');
    for (const bad of ['', 'xyz', '0'.repeat(17)]) expect(() => bitsOfHex(bad)).toThrow('64 bits');
    expect(() => hexOfPayload({ time: 'yesterday', place: 0, device: 0 })).toThrow('do not fit');
    expect(payloadOfHex('0123456789abcdef')).toBeNull();
  });
});

describe('waves and maps', () => {
  it('a tile is analysed into what it was drawn from, at any size', () => {
    for (const size of [64, 97, 128]) {
      const waves = noWaves();
      waves[waveAt(3, 5)] = 0.7;
      waves[waveAt(-11, 2) + 1] = -0.4;
      const back = analyse(synthesise(waves, size), size);
      expect(back[waveAt(3, 5)]).toBeCloseTo(0.35, 5);
      expect(back[waveAt(-11, 2) + 1]).toBeCloseTo(-0.2, 5);
      expect(back[waveAt(4, 5)]).toBeCloseTo(0, 5);
    }
  });

  it('a projective map and its inverse undo each other', () => {
    const place = fc.record({
      x: fc.double({ min: -0.2, max: 0.2, noNaN: true }),
      y: fc.double({ min: -0.2, max: 0.2, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.tuple(place, place, place, place), ([a, b, c, d]) => {
        const corners = [
          a,
          { x: 1 + b.x, y: b.y },
          { x: 1 + c.x, y: 1 + c.y },
          { x: d.x, y: 1 + d.y },
        ] as const;
        const map = fromUnitSquare([...corners]);
        const p = project(map, 0.3, 0.6);
        const back = project(inverse(map), p.x, p.y);
        expect(back.x).toBeCloseTo(0.3, 6);
        expect(back.y).toBeCloseTo(0.6, 6);
        expect(project(map, 1, 1).x).toBeCloseTo(corners[2].x, 6);
      }),
    );
  });
});
