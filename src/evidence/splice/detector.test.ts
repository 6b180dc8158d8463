import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Evidence } from '../../core/evidence.ts';
import type { ContainerFacts, ImageMedia } from '../../core/media.ts';
import { Random } from '../../core/random.ts';
import type { Models } from '../../nn/models.ts';
import { LLR_LEAST, LLR_MOST } from './calibration.ts';
import { findSplice, LEAST_SIDE_PX, spliceDetector, spliceEvidence } from './detector.ts';
import { lossOfJpeg, paste, scenery, tableAt } from './fixtures.ts';
import { lastSave } from './traces.ts';

const SIZE = 384;
const BOX = { x: 144, y: 96, width: 128, height: 144 };

function container(more: Partial<ContainerFacts>): ContainerFacts {
  return {
    format: 'png',
    mime: 'image/png',
    bytes: 1,
    width: SIZE,
    height: SIZE,
    orientation: 1,
    frames: 1,
    bitDepth: 8,
    channels: 3,
    colourSpace: 'srgb',
    hasAlpha: false,
    segments: [],
    text: [],
    xmp: [],
    trailingBytes: 0,
    warnings: [],
    ...more,
  };
}

describe('a pasted part of another history', () => {
  // surroundings saved at 75; the part at 60 on a grid three and five pixels off; the whole as PNG
  let evidence: Evidence;
  beforeAll(() => {
    const host = lossOfJpeg(scenery(SIZE, SIZE, 1, 3), 75);
    const donor = lossOfJpeg(scenery(SIZE, SIZE, 2, 3), 60, 3, 5);
    evidence = spliceEvidence(paste(host, donor, BOX), null);
  });

  it('is detected, with weight', () => {
    expect(evidence.status).toBe('detected');
    if (evidence.status !== 'detected') return;
    expect(evidence.claim).toBe('manipulated');
    expect(evidence.llr).toBeGreaterThan(1);
    const [low, high] = evidence.llrInterval ?? [0, 0];
    expect(low).toBeLessThanOrEqual(evidence.llr);
    expect(high).toBeGreaterThanOrEqual(evidence.llr);
    expect(evidence.summary.en).toMatch(/pasted/);
    expect(evidence.summary.zh).toMatch(/拼接/);
  });

  it('is found where it is', () => {
    if (evidence.status !== 'detected') return;
    const [region] = evidence.regions;
    const width = Math.min(BOX.x + BOX.width, region.x + region.width) - Math.max(BOX.x, region.x);
    const height = Math.min(BOX.y + BOX.height, region.y + region.height) - Math.max(BOX.y, region.y);
    const shared = Math.max(0, width) * Math.max(0, height);
    const union = BOX.width * BOX.height + region.width * region.height - shared;
    expect(shared / union).toBeGreaterThan(0.5);
    expect(evidence.details.regions).toMatchObject([{ foreignGrid: { x: 3, y: 5 } }]);
  });

  it('shows on the map, inside brighter than outside', () => {
    if (evidence.status !== 'detected' || !evidence.map) return;
    const { width, height, data } = evidence.map;
    const sums = [0, 0];
    const counts = [0, 0];
    data.forEach((v, i) => {
      if (Number.isNaN(v)) return;
      expect(v).toBeGreaterThanOrEqual(0);
      expect(v).toBeLessThanOrEqual(1);
      const x = (((i % width) + 0.5) * SIZE) / width;
      const y = ((Math.floor(i / width) + 0.5) * SIZE) / height;
      const inside = x > BOX.x && x < BOX.x + BOX.width && y > BOX.y && y < BOX.y + BOX.height;
      sums[inside ? 1 : 0] += v;
      counts[inside ? 1 : 0]++;
    });
    expect(sums[1] / counts[1]).toBeGreaterThan(0.7);
    expect(sums[0] / counts[0]).toBeLessThan(0.4);
  });
});

describe('a picture of one history', () => {
  it.each([
    ['never saved as JPEG', null],
    ['saved once', 80],
  ])('%s is left alone', (_, quality) => {
    for (const seed of [11, 12, 13]) {
      const raw = scenery(SIZE, 320, seed, 2.5);
      const evidence = quality
        ? spliceEvidence(lossOfJpeg(raw, quality), { x: 0, y: 0, table: tableAt(quality) })
        : spliceEvidence(raw, null);
      expect(evidence.status).toBe('notDetected');
      if (evidence.status === 'notDetected') expect(evidence.llr).toBeLessThan(1);
    }
  });
});

describe('what cannot be judged', () => {
  const models = {} as Models;

  it('is too small', async () => {
    const pixels = scenery(LEAST_SIDE_PX - 1, 300, 1);
    const media: ImageMedia = {
      kind: 'image',
      name: '-',
      bytes: new Uint8Array(1),
      sha256: '',
      pixels,
      container: container({ width: pixels.width, height: pixels.height }),
    };
    const evidence = await spliceDetector.examine(media, { models });
    expect(evidence).toMatchObject({ detector: 'splice', status: 'notApplicable', reason: 'too-small' });
  });

  it('is flat', () => {
    const flat = { width: 256, height: 256, data: new Uint8Array(256 * 256 * 3).fill(128) };
    expect(spliceEvidence(flat, null)).toMatchObject({ status: 'notApplicable', reason: 'nothing-to-judge' });
  });

  it('is blank on the map where it is white', () => {
    const white = { width: SIZE, height: SIZE, data: new Uint8Array(SIZE * SIZE * 3).fill(255) };
    const evidence = spliceEvidence(
      paste(scenery(SIZE, SIZE, 4), white, { x: 0, y: 0, width: 160, height: 160 }),
      null,
    );
    if (evidence.status === 'notApplicable' || evidence.status === 'failed') throw new Error(evidence.status);
    expect(evidence.map?.data[0]).toBeNaN();
    expect(evidence.map?.data.at(-1)).not.toBeNaN();
  });
});

describe('any picture', () => {
  it('of any size and content gives bounded evidence, the same every time', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 1, max: 300 }),
        fc.integer(),
        fc.constantFrom('noise', 'stripes', 'halves'),
        (width, height, seed, kind) => {
          const random = new Random(seed);
          const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
            const x = Math.floor(i / 3) % width;
            if (kind === 'stripes') return x % 8 < 4 ? 30 : 220;
            if (kind === 'halves' && x < width / 2) return 128;
            return random.below(256);
          });
          const image = { width, height, data };
          const save = random.chance(0.5)
            ? { x: random.below(8), y: random.below(8), table: tableAt(90) }
            : null;
          const found = findSplice(image, save);
          if (found.status === 'judged') {
            expect(found.llr).toBeGreaterThanOrEqual(LLR_LEAST);
            expect(found.llr).toBeLessThanOrEqual(LLR_MOST);
            expect(Number.isFinite(found.score)).toBe(true);
            const again = findSplice(image, save);
            expect(again.status === 'judged' && again.score).toBe(found.score);
          } else if (Math.min(width, height) < LEAST_SIDE_PX) expect(found.status).toBe('too-small');
        },
      ),
      { seed: 7, numRuns: 25 },
    );
  });
});

describe('lastSave', () => {
  const table = Array.from({ length: 64 }, (_, i) => i + 1);
  const jpeg = (orientation: number, width: number, height: number) =>
    lastSave(
      container({
        format: 'jpeg',
        orientation,
        width,
        height,
        jpeg: {
          progressive: false,
          quantisation: [table],
          subsampling: '4:2:0',
          quality: 90,
          qualityDistance: 0,
        },
      }),
    );

  it('is null when the container is no JPEG', () => {
    expect(lastSave(container({}))).toBeNull();
  });

  it('turns grid and table with the picture', () => {
    expect(jpeg(1, 103, 205)).toEqual({ x: 0, y: 0, table });
    expect(jpeg(3, 103, 205)).toMatchObject({ x: 103 % 8, y: 205 % 8 });
    // orientation 8: the stored left edge is the displayed bottom; orientation 6: the stored top is the displayed right
    expect(jpeg(8, 103, 205)).toMatchObject({ x: 0, y: 205 % 8 });
    const turned = jpeg(6, 103, 205);
    expect(turned).toMatchObject({ x: 103 % 8, y: 0 });
    expect(turned?.table[1]).toBe(table[8]);
  });
});
