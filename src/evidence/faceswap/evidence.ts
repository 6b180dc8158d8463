/** From scored faces of a picture to the evidence that they are. */
import type { Detected, NotApplicable, NotDetected } from '../../core/evidence.ts';
import type { RgbImage } from '../../core/image.ts';
import type { Json } from '../../core/json.ts';
import type { Text } from '../../core/text.ts';
import { attentionMap, attentionOf } from './attention-map.ts';
import { type FaceswapCalibration, llrInterval, llrOf, llrOfAny } from './calibration.ts';
import { partsOf } from './parts.ts';
import type { ScoredFace } from './score.ts';
import { MEASURED_ON, summaryOf } from './words.ts';

export const NAME = 'faceswap';
export const VERSION = '1.3.0';

export function notApplicable(reason: string, summary: Text): NotApplicable {
  return { status: 'notApplicable', detector: NAME, version: VERSION, reason, summary, details: {} };
}

/** Probability at even odds, the strength that regions and maps show. */
export const strengthOf = (llr: number) => 1 / (1 + Math.exp(-llr));

/** Evidence of the faces of one picture; at least one. */
export function faceswapEvidence(
  image: RgbImage,
  faces: readonly ScoredFace[],
  calibration: FaceswapCalibration,
): Detected | NotDetected {
  const llrs = faces.map(({ logit }) => llrOf(logit, calibration));
  const llr = llrOfAny(llrs);
  const decisive = llrs.indexOf(Math.max(...llrs));
  // Of many faces one is soon the most suspicious: the bar is that of a single face, for the whole picture.
  const detected = llr >= calibration.detectFrom;
  const part = partsOf(faces[decisive])(attentionOf(faces[decisive]));
  return {
    status: detected ? 'detected' : 'notDetected',
    detector: NAME,
    version: VERSION,
    claim: 'manipulated',
    summary: summaryOf(llr, detected, faces.length, part),
    llr,
    llrInterval: llrInterval(
      faces.map(({ logit }) => logit),
      calibration,
    ),
    regions: faces.flatMap(({ face }, i) =>
      llrs[i] >= calibration.detectFrom ? [{ ...face.box, score: strengthOf(llrs[i]) }] : [],
    ),
    map: attentionMap(image, faces, llrs.map(strengthOf)),
    measuredOn: MEASURED_ON,
    details: { faces: faces.map((scored, i) => faceDetails(scored, llrs[i])) },
  };
}

function faceDetails(scored: ScoredFace, llr: number): Json {
  const { x, y, width, height } = scored.face.box;
  const partUnder = partsOf(scored);
  return {
    x,
    y,
    width,
    height,
    score: scored.logit,
    llr,
    // One word for each attention map, and the part that matters most.
    looksAt: partUnder(attentionOf(scored)),
    maps: scored.attention.map(partUnder),
  };
}
