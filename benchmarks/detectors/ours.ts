/**
 * Our own kinds of evidence as detectors of the bench, each alone: its calibrated log-likelihood ratio is the score, and
 * the verdict is what it alone would lead to. Not through the engine, which would run every other kind as well.
 */
import type { BenchDetector, Opinion, Sample } from '../../src/bench/detectors/detector.ts';
import { type Differentiable, planesOf } from '../../src/bench/peers/learned.ts';
import { MESO_SIDE } from '../../src/bench/peers/mesonet.ts';
import type { Evidence } from '../../src/core/evidence.ts';
import { MIN_SIDE } from '../../src/core/tiles.ts';
import { facesOf } from '../../src/evidence/faces.node.ts';
import { faceswapEvidence } from '../../src/evidence/faceswap/evidence.ts';
import { CALIBRATION } from '../../src/evidence/faceswap/fitted.ts';
import { judgeable, scoreFaces } from '../../src/evidence/faceswap/score.ts';
import { faceView } from '../../src/evidence/faceswap/view.ts';
import { synthesisEvidence } from '../../src/evidence/synthesis/detector.ts';
import { scoreTiles } from '../../src/evidence/synthesis/score.ts';
import { weigh } from '../../src/evidence/verdict.ts';
import type { Face } from '../../src/face/face.ts';
import type { Models } from '../../src/nn/models.ts';

function opinionOf(evidence: Evidence): Opinion {
  if (evidence.status === 'failed') throw evidence.error;
  if (evidence.status === 'notApplicable') return { status: 'notApplicable', reason: evidence.reason };
  const { label } = weigh([evidence]);
  return { status: label === 'inconclusive' ? 'inconclusive' : 'ok', score: evidence.llr, verdict: label };
}

/** The shipped network for null, else the one fitted without the fold that `foldOf` says. */
export function synthesisDetector(
  models: Models,
  name: string,
  foldOf: ((source: string) => number) | null,
  seenGenerators: readonly string[],
): BenchDetector {
  return {
    ...{ name, scale: 'logit', threshold: 0, seenGenerators },
    async judge(sample) {
      const { pixels } = await sample.image();
      if (Math.min(pixels.width, pixels.height) < MIN_SIDE)
        return { status: 'notApplicable', reason: 'too-small' };
      const fold = foldOf ? foldOf(sample.item.source as string) : null;
      return opinionOf(synthesisEvidence(pixels, await scoreTiles(pixels, models, fold)));
    },
    async close() {},
  };
}

/** Faces by content, so that finding them is paid once for all detectors that look at them. */
const known = new Map<string, Promise<readonly Face[]>>();

async function facesIn(sample: Sample): Promise<readonly Face[]> {
  const { pixels, sha256 } = await sample.image();
  const found = known.get(sha256) ?? facesOf(pixels).then((faces) => judgeable(faces ?? []));
  known.set(sha256, found);
  return found;
}

export function faceswapDetector(models: Models, seenGenerators: readonly string[]): BenchDetector {
  return {
    ...{ name: 'ours: faces, as shipped', scale: 'logit', threshold: 0, seenGenerators },
    async judge(sample) {
      const faces = await facesIn(sample);
      if (faces.length === 0) return { status: 'notApplicable', reason: 'no-face' };
      const { pixels } = await sample.image();
      return opinionOf(faceswapEvidence(pixels, await scoreFaces(pixels, faces, models), CALIBRATION));
    },
    async close() {},
  };
}

/** The authors' crops of faces reach a little further than the hull. */
const MESO_ROOM = 1.3;

/** MesoNet on each face, as it was meant; the most suspicious one counts. */
export function mesoOnFaces(name: string, inside: Differentiable): BenchDetector {
  return {
    ...{ name, scale: 'logit', threshold: 0, seenGenerators: [] },
    async judge(sample) {
      const faces = await facesIn(sample);
      if (faces.length === 0) return { status: 'notApplicable', reason: 'no-face' };
      const { pixels } = await sample.image();
      const logits: number[] = [];
      for (const face of faces) {
        const planes = planesOf(faceView(pixels, face, MESO_SIDE, MESO_ROOM).image);
        logits.push((await inside.logits(planes))[0]);
      }
      return { status: 'ok', score: Math.max(...logits) };
    },
    async close() {},
  };
}
