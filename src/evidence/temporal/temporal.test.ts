/** A face of 468 points on a ring pattern, drawn into regions here, so that what flickers is known. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { median } from '../../core/median.ts';
import { Random } from '../../core/random.ts';
import type { Run, RunFrame } from '../watch/watched.ts';
import { CHANGES, changesOf, LEAST_FRAMES } from './changes.ts';
import { temporalFeatures } from './features.ts';
import { WINDOW, windowsOf } from './score.ts';

const WIDTH = 160;
const CENTRE = 80;
const RADIUS = 44;

/** Points on rings; those the pose is read from stand where a face has them. */
function meshAt(x: number, y: number): Float32Array {
  const mesh = new Float32Array(468 * 3);
  for (let i = 0; i < 468; i++) {
    const angle = (2 * Math.PI * i) / 36;
    const r = (RADIUS * (1 + (i % 13))) / 13;
    mesh.set([x + r * Math.cos(angle), y + r * Math.sin(angle), 0], 3 * i);
  }
  const put = (i: number, dx: number, dy: number) => mesh.set([x + dx, y + dy, 0], 3 * i);
  put(33, -20, -12);
  put(263, 20, -12);
  put(1, 0, 2);
  put(13, 0, 18);
  return mesh;
}

interface Trembling {
  /** Grey levels of noise that is new in every frame, inside the face and around it. */
  readonly inside: number;
  readonly outside: number;
  /** Pixels a landmark is off by, each on its own. */
  readonly points: number;
}

function frames(count: number, { inside, outside, points }: Trembling): RunFrame[] {
  const random = new Random(4);
  const texture = Float32Array.from({ length: WIDTH * WIDTH }, () => 128 + 20 * random.normal());
  return Array.from({ length: count }, (_, t) => {
    const mesh = meshAt(CENTRE, CENTRE);
    for (let i = 0; i < mesh.length; i++) if (i % 3 < 2) mesh[i] += points * random.normal();
    const data = new Uint8ClampedArray(WIDTH * WIDTH * 3);
    for (let y = 0, k = 0; y < WIDTH; y++) {
      for (let x = 0; x < WIDTH; x++, k++) {
        const size = Math.hypot(x - CENTRE, y - CENTRE) < RADIUS ? inside : outside;
        data.fill(texture[k] + size * random.normal(), 3 * k, 3 * k + 3);
      }
    }
    return {
      ...{ time: t / 25, mesh, patch: new Float32Array(0) },
      region: { image: { width: WIDTH, height: WIDTH, data }, x: 0, y: 0 },
    };
  });
}

const run = (count: number, trembling: Partial<Trembling>): Run => ({
  frames: frames(count, { inside: 2, outside: 2, points: 0, ...trembling }),
  ...{ person: 0, patchSide: 0 },
});
const features = (trembling: Partial<Trembling>) => {
  const changes = changesOf(run(18, trembling));
  if (!changes) throw new Error('too few frames');
  return temporalFeatures(changes);
};

describe('changes of a followed face', () => {
  it('has nothing to say of fewer frames than it needs, and one length for all changes of more', () => {
    expect(changesOf(run(LEAST_FRAMES - 1, {}))).toBeNull();
    const changes = changesOf(run(LEAST_FRAMES + 3, {}));
    expect(CHANGES.map((name) => changes?.[name].length)).toEqual(CHANGES.map(() => LEAST_FRAMES + 1));
  });

  it('sees noise that is new in every frame inside the face, and not that which is everywhere', () => {
    const even = features({});
    const pasted = features({ inside: 8 });
    expect(pasted.textureFlicker).toBeGreaterThan(even.textureFlicker + 0.5);
    expect(pasted.noiseMemory).toBeLessThan(even.noiseMemory - 0.1);
    expect(features({ inside: 8, outside: 8 }).textureFlicker).toBeLessThan(even.textureFlicker + 0.2);
  });

  it('sees landmarks tremble', () => {
    expect(features({ points: 1 }).rigidJitter).toBeGreaterThan(features({ points: 0.2 }).rigidJitter + 0.5);
  });
});

describe('windows of changes', () => {
  it('cover a run of any length from its beginning, each as the changes are', () => {
    fc.assert(
      fc.property(fc.integer({ min: LEAST_FRAMES - 2, max: 118 }), (length) => {
        const changes = Object.fromEntries(
          CHANGES.map((name, c) => [name, Float32Array.from({ length }, (_, t) => 1000 * c + t)]),
        ) as NonNullable<ReturnType<typeof changesOf>>;
        const windows = windowsOf(changes);
        windows.forEach((window, w) => {
          const first = window[0];
          expect(first).toBe(windows.length > 1 ? w * (windows[1][0] - windows[0][0]) : 0);
          const wanted = CHANGES.flatMap((_, c) =>
            Array.from({ length: WINDOW }, (__, t) => 1000 * c + first + t),
          );
          expect(Array.from(window)).toEqual(wanted);
        });
        expect(windows.at(-1)?.[0] ?? 0).toBeGreaterThan(length - 2 * WINDOW);
      }),
      { numRuns: 30 },
    );
  });
});

describe('median', () => {
  it('is the middle, between the two in the middle, or nothing', () => {
    expect([median([3, 1, 2]), median(Float32Array.of(4, 1, 2, 3)), median([])]).toEqual([2, 2.5, 0]);
  });
});
