import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Packet } from '../../core/media.ts';
import { Random } from '../../core/random.ts';
import { timelineOf } from './timeline.ts';

/** Coded at 25 frames a second with key frames every `key`, after an earlier coding every `earlier` pictures. */
function coded(count: number, key: number, earlier: number | null): Packet[] {
  const random = new Random(4);
  return Array.from({ length: count }, (_, i) => {
    const isKey = i % key === 0;
    const again = earlier !== null && i % earlier === 0;
    const bytes = (isKey ? 20_000 : again ? 4000 : 2000) * (1 + 0.1 * random.normal());
    return { time: i / 25, seconds: 1 / 25, bytes: Math.round(Math.max(50, bytes)), key: isKey };
  });
}

describe('timelineOf', () => {
  it('finds the rhythm of an earlier coding and not that of the present one', () => {
    const { rhythm, keyDistance } = timelineOf(coded(250, 50, 12));
    expect(keyDistance).toBe(50);
    expect(rhythm?.period).toBe(12);
    const once = timelineOf(coded(250, 50, null)).rhythm;
    expect(once?.strength ?? 0).toBeLessThan((rhythm?.strength ?? 0) / 2);
  });

  it('finds a cut-out second', () => {
    const packets = coded(100, 25, null).map((p) => (p.time < 2 ? p : { ...p, time: p.time + 1 }));
    const { gaps, frameRate } = timelineOf(packets);
    expect(frameRate).toBeCloseTo(25, 3);
    expect(gaps).toHaveLength(1);
    expect(gaps[0]).toBeCloseTo(1.96, 2);
  });

  it('says nothing false of whatever it is given', () => {
    const packet = fc.record({
      time: fc.double({ min: -5, max: 1e5, noNaN: true }),
      seconds: fc.double({ min: 0, max: 10, noNaN: true }),
      bytes: fc.nat(1e6),
      key: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(packet, { maxLength: 60 }), (packets) => {
        const t = timelineOf(packets);
        expect(t.packets).toBe(packets.length);
        expect(Number.isFinite(t.frameRate)).toBe(true);
        expect(t.irregularKeys).toBeGreaterThanOrEqual(0);
        expect(t.irregularKeys).toBeLessThanOrEqual(1);
      }),
      { numRuns: 60 },
    );
  });
});
