import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Face } from '../../face/face.ts';
import { apply, invert } from '../../face/geometry.ts';
import type { SeenFace, Watched } from '../watch/watched.ts';
import { attentionMap } from './attention-map.ts';
import { type FaceswapCalibration, LLR_LEAST, LLR_MOST, llrInterval, llrOfAny } from './calibration.ts';
import { faceswapEvidenceOfClip, spansOf } from './clip.ts';
import { faceswapEvidence } from './evidence.ts';
import { bySecond, confidentStrategy } from './pooling.ts';
import { judgeable, type ScoredFace } from './score.ts';
import { FACE_SIDE, faceView, onGrid, ROOM, viewTransform } from './view.ts';

const CALIBRATION: FaceswapCalibration = {
  ...{ madeBy: 'test', slope: 1, offset: -0.5, detectFrom: 1 },
  redrawn: [
    [0.9, -0.4],
    [1.1, -0.6],
  ],
};

/** A face of `size` pixels whose mesh lies on an ellipse, tilted by `roll`. */
function face(x: number, y: number, size: number, roll = 0): Face {
  const mesh = new Float32Array(468 * 3);
  for (let i = 0; i < 468; i++) {
    const angle = (2 * Math.PI * i) / 468;
    const [u, v] = [0.4 * size * Math.cos(angle), 0.5 * size * Math.sin(angle)];
    mesh[3 * i] = x + u * Math.cos(roll) - v * Math.sin(roll);
    mesh[3 * i + 1] = y + u * Math.sin(roll) + v * Math.cos(roll);
  }
  const point = { x, y };
  const landmarks = {
    rightEye: point,
    leftEye: point,
    noseTip: point,
    mouth: point,
    rightEar: point,
    leftEar: point,
  };
  const box = { x: x - 0.4 * size, y: y - 0.5 * size, width: 0.8 * size, height: size };
  return { box, score: 0.9, presence: 0.9, landmarks, mesh, roll };
}

const picture = { width: 400, height: 300, data: new Uint8Array(400 * 300 * 3).fill(90) };

function scored(one: Face, logit: number): ScoredFace {
  const attention = Array.from({ length: 4 }, (_, m) => {
    const map = new Float32Array(256).fill(0.1);
    map[m * 60 + 20] = 1;
    return map;
  });
  return { face: one, view: faceView(picture, one), logit, attention, attentionSide: 16 };
}

describe('view', () => {
  it('holds the whole hull upright, whatever the place, size and tilt', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -50, max: 450, noNaN: true }),
        fc.double({ min: 20, max: 500, noNaN: true }),
        fc.double({ min: -3, max: 3, noNaN: true }),
        (x, size, roll) => {
          const one = face(x, 100, size, roll);
          const t = viewTransform(one);
          const mesh = one.mesh as Float32Array;
          let [top, bottom] = [Infinity, -Infinity];
          for (let i = 0; i < 468; i++) {
            const p = apply(t, { x: mesh[3 * i], y: mesh[3 * i + 1] });
            expect(p.x > 0 && p.y > 0 && p.x < FACE_SIDE && p.y < FACE_SIDE).toBe(true);
            top = Math.min(top, p.y);
            bottom = Math.max(bottom, p.y);
          }
          expect(bottom - top).toBeCloseTo(FACE_SIDE / ROOM, 0);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('the grid of views', () => {
  const place = fc.record({
    x: fc.double({ min: -50, max: 5000, noNaN: true }),
    size: fc.double({ min: 48, max: 3000, noNaN: true }),
    roll: fc.double({ min: -3, max: 3, noNaN: true }),
  });

  it('moves nothing by a quarter of a pixel', () => {
    fc.assert(
      fc.property(place, ({ x, size, roll }) => {
        const free = viewTransform(face(x, 900, size, roll));
        const back = invert(free);
        const near = onGrid(free);
        for (const corner of [0, 1, 2, 3]) {
          const seen = { x: (corner & 1) * FACE_SIDE, y: (corner >> 1) * FACE_SIDE };
          const moved = apply(near, apply(back, seen));
          expect(Math.hypot(moved.x - seen.x, moved.y - seen.y)).toBeLessThan(0.25);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('is the same to the last bit for faces that lie a thousandth of a pixel apart', () => {
    const nudge = fc.double({ min: -1e-3, max: 1e-3, noNaN: true });
    fc.assert(
      fc.property(place, nudge, nudge, nudge, ({ x, size, roll }, dx, dy, turn) => {
        // In the middle between two steps, so that no nudge reaches the next.
        const middle = onGrid(viewTransform(face(x, 900, size, roll)));
        const turned = turn * 1e-2;
        const [cos, sin] = [Math.cos(turned), Math.sin(turned)];
        // About the middle of the view.
        const half = FACE_SIDE / 2;
        const [a, c] = [cos * middle.a - sin * middle.c, sin * middle.a + cos * middle.c];
        const [tx, ty] = [middle.tx - half, middle.ty - half];
        const nudged = {
          ...{ a, b: -c, c, d: a },
          tx: cos * tx - sin * ty + half + dx,
          ty: sin * tx + cos * ty + half + dy,
        };
        expect(onGrid(nudged)).toEqual(middle);
      }),
      { numRuns: 100 },
    );
  });
});

describe('confident strategy', () => {
  it('lets enough sure frames decide, and nearly all unsure ones', () => {
    const frames = [...Array<number>(14).fill(0.95), ...Array<number>(18).fill(0.4)];
    expect(confidentStrategy(frames)).toBeCloseTo(0.95);
    expect(confidentStrategy([...Array<number>(30).fill(0.05), 0.6])).toBeCloseTo(0.05);
    expect(confidentStrategy([0.3, 0.6, 0.5])).toBeCloseTo(0.4667, 3);
    expect(confidentStrategy([])).toBe(0.5);
  });
  it('stays between the least and the greatest', () => {
    const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(shares, (p) => {
        const pooled = confidentStrategy(p);
        expect(pooled).toBeGreaterThanOrEqual(Math.min(...p) - 1e-9);
        expect(pooled).toBeLessThanOrEqual(Math.max(...p) + 1e-9);
      }),
      { numRuns: 100 },
    );
  });
});

describe('evidence of a picture', () => {
  it('marks the face that decides and shows where it was looked at', () => {
    const faces = [scored(face(100, 150, 120), -2), scored(face(300, 150, 120), 4)];
    const evidence = faceswapEvidence(picture, faces, CALIBRATION);
    expect(evidence.status).toBe('detected');
    expect(evidence.regions).toHaveLength(1);
    expect(evidence.regions[0].x).toBeGreaterThan(200);
    expect(evidence.llr).toBeLessThan(LLR_MOST);
    const map = attentionMap(picture, faces, [0.1, 0.9]);
    const cells = [...map.data];
    expect(cells.some(Number.isNaN)).toBe(true);
    expect(Math.max(...cells.filter((v) => !Number.isNaN(v)))).toBeLessThanOrEqual(1);
  });

  it('is bounded whatever the logits', () => {
    const logits = fc.array(fc.double({ min: -1e4, max: 1e4, noNaN: true }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(logits, (all) => {
        const faces = all.map((logit, i) => scored(face(60 + 50 * i, 150, 90), logit));
        const { llr } = faceswapEvidence(picture, faces, CALIBRATION);
        expect(llr >= LLR_LEAST - 1e-9 && llr <= LLR_MOST + 1e-9).toBe(true);
        const [low, high] = llrInterval(all, CALIBRATION);
        expect(low).toBeLessThanOrEqual(high);
      }),
      { numRuns: 40 },
    );
    expect(llrOfAny([])).toBe(0);
  });

  it('leaves out faces too small to be judged', () => {
    expect(judgeable([face(50, 50, 40), face(200, 100, 100)])).toHaveLength(1);
  });
});

describe('evidence of a clip', () => {
  const seen = (time: number, logit: number | null): SeenFace => {
    const one = face(200, 150, 120);
    return { time, shot: 0, face: one, logit, view: faceView(picture, one).image };
  };
  const clip = (people: Watched['people'], facesLookedFor = true): Watched => ({
    ...{ duration: 6, shots: [{ start: 0, end: 6 }], run: null, facesLookedFor, people },
    moments: [0.5, 1.5, 2.5, 3.5].map((time) => ({ time, shot: 0, faces: [], synthesis: null })),
  });

  it('tells each person second by second and abstains with a reason', () => {
    const one = { sightings: [0.5, 1.5, 2.5, 3.5].map((time) => seen(time, 3)) };
    const two = { sightings: [0.5, 1.5, 2.5].map((time) => seen(time, -3)) };
    const evidence = faceswapEvidenceOfClip(clip([one, two]), CALIBRATION);
    if (evidence.status !== 'detected') throw new Error(evidence.status);
    expect(evidence.people?.map(({ person }) => person)).toEqual([1, 2]);
    expect([...(evidence.people?.[0].perSecond ?? [])].map(Number.isNaN)).toEqual([
      ...[false, false, false, false, true, true],
    ]);
    expect(evidence.spans).toMatchObject([{ start: 0, end: 4 }]);
    const reasons = [
      faceswapEvidenceOfClip(clip([]), CALIBRATION),
      faceswapEvidenceOfClip(clip([], false), CALIBRATION),
      faceswapEvidenceOfClip(clip([{ sightings: [seen(1, null)] }]), CALIBRATION),
    ].map((e) => (e.status === 'notApplicable' ? e.reason : e.status));
    expect(reasons).toEqual(['no-face', 'component-missing', 'too-small']);
  });

  it('puts times into seconds and joins neighbours into spans', () => {
    const lane = bySecond([0.1, 0.9, 2.2, 9], [0.2, 0.4, 0.9, 0.7], 4);
    expect(Array.from(lane, (v) => (Number.isNaN(v) ? null : Number(v.toFixed(2))))).toEqual([
      0.3,
      null,
      0.9,
      0.7,
    ]);
    expect(spansOf({ perSecond: lane })).toMatchObject([{ start: 2, end: 4 }]);
  });
});
