import { constants, deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inflateBounded } from './inflate.ts';

/** Few different bytes, so that there is something to repeat. */
const content = fc.oneof(
  fc.uint8Array({ maxLength: 2000 }),
  fc.array(fc.integer({ min: 60, max: 66 }), { maxLength: 6000 }).map((bytes) => Uint8Array.from(bytes)),
);
const how = fc.record({
  level: fc.integer({ min: 0, max: 9 }),
  strategy: fc.constantFrom(
    constants.Z_DEFAULT_STRATEGY,
    constants.Z_FIXED,
    constants.Z_HUFFMAN_ONLY,
    constants.Z_RLE,
  ),
});

describe('zlib with a ceiling', () => {
  it('gives back what zlib packed, however it packed it', () => {
    fc.assert(
      fc.property(content, how, (bytes, options) => {
        const found = inflateBounded(deflateSync(bytes, options), 1 << 16);
        expect('data' in found && Buffer.from(found.data).equals(bytes)).toBe(true);
      }),
    );
  });

  it('stops at the ceiling, before it holds more', () => {
    const bomb = deflateSync(Buffer.alloc(50_000_000));
    expect(inflateBounded(bomb, 1 << 20)).toEqual({ problem: 'too-large' });
    expect(inflateBounded(deflateSync(Buffer.alloc(100)), 100)).toHaveProperty('data');
    expect(inflateBounded(deflateSync(Buffer.alloc(101)), 100)).toEqual({ problem: 'too-large' });
  });

  it('says of damaged streams that they are broken, whatever is in them', () => {
    const whole = deflateSync(Buffer.from('a fox, 8k, '.repeat(40)));
    for (let length = 0; length < whole.length; length++)
      expect(inflateBounded(whole.subarray(0, length), 1 << 16)).toEqual({ problem: 'broken' });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (noise) => {
        const found = inflateBounded(Uint8Array.from([0x78, 0x9c, ...noise]), 1 << 14);
        expect('problem' in found || found.data.length <= 1 << 14).toBe(true);
      }),
    );
  });
});
