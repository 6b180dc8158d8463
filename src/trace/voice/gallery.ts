/** What voices are compared with: the gallery, with what was fitted on voices. */
import { type Enrolment, Gallery, type Source } from '../gallery.ts';
import type { MetricData } from '../metric.ts';
import { VOICES } from './fitted.ts';

/** Ways of sending whose enrolled clips also widen the metric. */
const WIDENING = ['stored', 'telephone'];

/** `works`: clips the metric was fitted on. */
export function voiceGallery(
  data: MetricData,
  works: number,
  known: readonly Source[],
  enrolled: readonly Enrolment[] = [],
  calibration = VOICES,
): Gallery {
  return new Gallery(data, works, known, enrolled, { calibration, widening: WIDENING });
}
