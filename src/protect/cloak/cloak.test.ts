/**
 * The search on manipulators of the zoo, without a face finder; and the whole command's road on a photograph that ships
 * inside the development dependency `@vladmandic/face-api`, skipped where that or the networks are missing.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { psnr } from '../../core/fidelity.ts';
import type { RgbImage } from '../../core/image.ts';
import { Random } from '../../core/random.ts';
import type { Face } from '../../face/face.ts';
import { facesAvailable, installedFaceFinder } from '../../face/finder.node.ts';
import { decodePixels, shrinkTo } from '../../media/index.node.ts';
import { openModels } from '../../nn/models.node.ts';
import { openZooWeights } from '../../zoo/weights.node.ts';
import { painted } from '../watermark/painted.test-support.ts';
import { radiusOf, STRENGTHS, wornWithin } from './budget.ts';
import { CANVAS, TIGHT } from './channel.ts';
import { scaledTo, smoothNoise, weighed } from './climb.ts';
import { cloaked, cloakedQuickly, faceToCloak, searchCloak } from './cloak.ts';
import { fade, frameOf, worn } from './frame.ts';
import { colourDistance, lab } from './lab.ts';
import { type Manipulator, openManipulator } from './manipulators.node.ts';
import { openRecogniser } from './recogniser.node.ts';
import { MANIPULATIONS, manipulatorsOf, THREATS, type Threat } from './threats.ts';
import { compare, tried } from './trial.ts';
import { openVenom } from './venom.ts';

/** A frontal face whose tight square has the given side and middle, turned by `roll`. */
function faceAt(x: number, y: number, side: number, roll = 0): Face {
  const at = (u: number, v: number) => {
    const [dx, dy] = [(u - 0.5) * side, (v - 0.5) * side];
    return {
      x: x + dx * Math.cos(roll) - dy * Math.sin(roll),
      y: y + dx * Math.sin(roll) + dy * Math.cos(roll),
    };
  };
  return {
    box: { x: x - side / 2, y: y - side / 2, width: side, height: side },
    ...{ score: 1, roll },
    landmarks: {
      ...{ rightEye: at(0.342, 0.462), leftEye: at(0.657, 0.46), noseTip: at(0.5, 0.641) },
      ...{ mouth: at(0.501, 0.824), rightEar: at(0, 0.5), leftEar: at(1, 0.5) },
    },
  };
}

const image = painted(240, 200, 3);
const random = (seed: number) => scaledTo(weighed(smoothNoise(new Random(seed)), fade()), 1);

describe('a cloak in a picture', () => {
  it('changes the face and nothing else, and keeps every budget', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 70, max: 120 }),
        fc.double({ min: -0.4, max: 0.4, noNaN: true }),
        fc.constantFrom('light', 'medium', 'strong'),
        fc.nat(99),
        (side, roll, strength, seed) => {
          const frame = frameOf(image, faceAt(120, 100, side, roll));
          const budget = STRENGTHS[strength];
          const { image: out, cost } = wornWithin(
            image,
            frame,
            scaledTo(random(seed), radiusOf(image, frame, budget)),
            budget,
          );
          expect(psnr(image, out)).toBeGreaterThanOrEqual(budget.pictureDb);
          expect(cost.faceDb).toBeGreaterThanOrEqual(budget.faceDb);
          expect(cost.colour).toBeLessThanOrEqual(budget.colour);
          // The budget is used, not only kept: of the three, one is nearly spent.
          const colourLeft = 20 * Math.log10(budget.colour / cost.colour);
          const [pictureLeft, faceLeft] = [cost.pictureDb - budget.pictureDb, cost.faceDb - budget.faceDb];
          expect(Math.min(pictureLeft, faceLeft, colourLeft)).toBeLessThan(1.5);
          const reach = (side * CANVAS) / TIGHT / Math.SQRT2 + 2;
          for (let i = 0; i < image.data.length; i += 3) {
            const [x, y] = [(i / 3) % 240, Math.floor(i / 720)];
            if (Math.hypot(x - 120, y - 100) > reach) expect(out.data[i]).toBe(image.data[i]);
          }
        },
      ),
      { numRuns: 6 },
    );
  });

  it('lies where it was made, whatever the size of the face', () => {
    const grey = { width: 400, height: 400, data: new Uint8Array(480_000).fill(128) };
    for (const side of [80, 130, 260]) {
      const face = faceAt(200, 200, side, 0.2);
      const cloak = random(5).map((v) => 12 * v);
      const out = worn(grey, frameOf(grey, face), cloak);
      const seen = frameOf(out, face).canvas.map((v) => v - 128 / 255);
      let [both, one, other] = [0, 0, 0];
      seen.forEach((v, i) => {
        both += v * cloak[i];
        one += v * v;
        other += cloak[i] * cloak[i];
      });
      expect(both / Math.sqrt(one * other), `side ${side}`).toBeGreaterThan(0.85);
    }
  });

  it('tells colours apart as the eye does', () => {
    expect(lab(255, 255, 255)[0]).toBeCloseTo(100, 3);
    expect(Math.hypot(...lab(128, 128, 128).slice(1))).toBeLessThan(0.02);
    // Red: Lindbloom's calculator, sRGB under D65.
    expect(lab(255, 0, 0).map((v) => Math.round(v * 10) / 10)).toEqual([53.2, 80.1, 67.2]);
    expect(colourDistance([1, 2, 3], [1, 2, 3], 0)).toBe(0);
  });
});

describe('manipulators of the zoo', { timeout: 120_000 }, () => {
  const wanted = ['inpainting-hinge', 'faceswap-classic', 'cyclegan-grey', 'pix2pix-edges'];
  let opened: Manipulator[];
  beforeAll(async () => {
    const zoo = openZooWeights();
    const declared = manipulatorsOf(THREATS).filter(({ name }) => wanted.includes(name));
    opened = await Promise.all(declared.map((one) => openManipulator(one, zoo)));
  });
  afterAll(async () => {
    for (const one of opened) await one.close();
  });

  const views = (seed: number) => {
    const grain = new Random(seed);
    return Float32Array.from(
      { length: 3 * 32 * 32 },
      (_, i) => 0.3 + 0.2 * Math.sin(i / 40) + 0.3 * grain.uniform(),
    );
  };

  it('stand for every threat but identity', () => {
    const threats = new Set(manipulatorsOf(THREATS).map(({ family }) => family));
    expect([...threats].sort()).toEqual(['face-swap', 'inpainting', 'translation']);
    expect(manipulatorsOf(['identity'])).toEqual([]);
  });

  it('give way along the slope they tell', async () => {
    for (const one of opened) {
      const clean = views(1);
      const start = clean.map((v, i) => v + 0.02 * Math.sin(i));
      const gap = async (x: Float32Array) =>
        compare(await one.manipulate(clean), await one.manipulate(x), 32).gap;
      const slope = await one.slope(start, clean);
      const length = Math.hypot(...slope);
      const moved = start.map((v, i) => v + (0.3 * slope[i]) / length);
      expect(await gap(moved), one.name).toBeGreaterThan(await gap(start));
      expect((await one.judge(clean, clean)).gap).toBe(0);
    }
  });

  it('are hurt more by a cloak than by noise of the same size, the same each time', async () => {
    const face = faceAt(120, 100, 110);
    const frame = frameOf(image, face);
    const budget = STRENGTHS.strong;
    const options = { budget, surrogates: opened, seed: 3, steps: 8, draws: 1 };
    const { image: out } = await cloaked(image, face, options);
    expect(psnr(image, out)).toBeGreaterThanOrEqual(38);
    const noise = wornWithin(image, frame, scaledTo(random(3), radiusOf(image, frame, budget)), budget);
    const harm = async (changed: RgbImage) =>
      (await tried({ image, face }, { image: changed, face }, opened)).reduce(
        (sum, { gap }) => sum + Math.log(gap + 0.02),
        0,
      );
    expect(await harm(out)).toBeGreaterThan(await harm(noise.image));
    expect(await searchCloak(image, frame, options)).toEqual(await searchCloak(image, frame, options));
  });

  describe('and the network that they taught', () => {
    const face = faceAt(120, 100, 110);
    const frame = frameOf(image, face);
    const budget = STRENGTHS.strong;
    const radius = radiusOf(image, frame, budget);
    const models = openModels();
    const venom = openVenom(models);
    afterAll(() => models.close());
    const harm = async (cloak: Float32Array, threat: Threat) => {
      const { image: changed } = wornWithin(image, frame, scaledTo(cloak, radius), budget);
      const asked = opened.filter((one) => one.threat === threat);
      const trials = await tried({ image, face }, { image: changed, face }, asked);
      return trials.reduce((sum, { gap }) => sum + Math.log(gap + 0.02), 0);
    };

    it('are hurt by what it makes at once, each threat more than by noise of the same size', async () => {
      for (const threat of MANIPULATIONS) {
        const made = await venom(frame.canvas, [threat]);
        expect(await harm(made, threat), threat).toBeGreaterThan(await harm(random(3), threat));
      }
    });

    it('are hurt by several threats at once, whose cloaks add up', async () => {
      const [both, swap, reenact] = [
        await venom(frame.canvas, ['swap', 'reenact']),
        await venom(frame.canvas, ['swap']),
        await venom(frame.canvas, ['reenact']),
      ];
      expect(both.every((v, i) => Math.abs(v - swap[i] - reenact[i]) < 1e-5)).toBe(true);
    });

    it('are hurt more by the short search that begins with it than by one as short that does not', async () => {
      const options = { budget, surrogates: opened, seed: 3 };
      const { image: out } = await cloakedQuickly(image, face, { ...options, threats: MANIPULATIONS, venom });
      expect(psnr(image, out)).toBeGreaterThanOrEqual(38);
      const { image: other } = await cloaked(image, face, { ...options, steps: 3, draws: 1 });
      const all = async (changed: RgbImage) =>
        (await tried({ image, face }, { image: changed, face }, opened)).reduce(
          (sum, { gap }) => sum + Math.log(gap + 0.02),
          0,
        );
      expect(await all(out)).toBeGreaterThan(await all(other));
    });
  });

  it('stops when told to', async () => {
    const stop = new AbortController();
    stop.abort();
    const options = { budget: STRENGTHS.light, surrogates: opened, seed: 1, signal: stop.signal };
    await expect(cloaked(image, faceAt(120, 100, 110), options)).rejects.toThrow();
  });
});

const demo = join(
  dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')),
  'demo',
  'sample2.jpg',
);
const ready = existsSync(demo) && (await facesAvailable());
if (!ready)
  console.warn(
    'skipped: @vladmandic/face-api (photographs) or @vladmandic/human (networks) is not installed',
  );

describe.skipIf(!ready)('a photograph', { timeout: 180_000 }, () => {
  const finder = installedFaceFinder();

  it('without a face, or with too small a one, is refused with a hint', async () => {
    await expect(faceToCloak(image, finder)).rejects.toMatchObject({ code: 'bad-argument' });
    const photo = await shrinkTo(await decodePixels(readFileSync(demo)), 300);
    await expect(faceToCloak(photo, finder)).rejects.toMatchObject({ code: 'bad-argument' });
  });

  it('is no longer taken for the person by the recogniser it was cloaked against', async () => {
    const photo = await shrinkTo(await decodePixels(readFileSync(demo)), 700);
    const { face, faces } = await faceToCloak(photo, finder);
    expect(faces).toBeGreaterThan(0);
    const recogniser = await openRecogniser();
    const { image: out } = await cloaked(photo, face, {
      ...{ budget: STRENGTHS.strong, surrogates: [recogniser], seed: 1, steps: 8, draws: 1 },
    });
    const [trial] = await tried({ image: photo, face }, { image: out, face }, [recogniser]);
    expect(trial).toMatchObject({ name: 'faceres', over: true });
    await recogniser.close();
  });
});
