/**
 * Was the picture made by a generator that this user enrolled? The everyday answer to a new generator: twenty of its
 * pictures, and from the next analysis on its other pictures are named (`huoyan trace enrol`). What is known to the
 * release is not asked here: the synthesis evidence has learned from the same pictures, and would be counted twice.
 */
import type { Evidence } from '../../core/evidence.ts';
import type { ImageMedia } from '../../core/media.ts';
import { describe, SMALLEST } from '../../trace/description.ts';
import { enrolledNames } from '../../trace/enrolled.node.ts';
import { Tracer } from '../../trace/tracer.node.ts';
import type { Detector } from '../detector.ts';
import { MEASURED_ON, madeBy, NONE_OF_THEM, TOO_SMALL } from './words.ts';

const NAME = 'enrolled';
const VERSION = '1.0.0';
/** Share of the probability that one enrolled generator must have. */
const NAMED_FROM = 0.5;
/** However alike: one kind of evidence alone does not make a verdict surer than this. */
const MOST_LLR = 4.6;

let tracer: Promise<Tracer> | undefined;

export const enrolled: Detector<'image'> = {
  name: NAME,
  version: VERSION,
  kinds: ['image'],
  async ready() {
    return (await enrolledNames()).length > 0;
  },
  async examine(media: ImageMedia): Promise<Evidence> {
    const { width, height } = media.pixels;
    if (Math.min(width, height) < SMALLEST) {
      const common = { detector: NAME, version: VERSION, summary: TOO_SMALL, details: {} };
      return { status: 'notApplicable', reason: 'too-small', ...common };
    }
    tracer ??= Tracer.open();
    tracer.catch(() => {
      tracer = undefined;
    });
    const { gallery } = await tracer;
    const { generators, photograph, unknown } = gallery.attribute(gallery.prepare(describe(media.pixels)));
    const best = generators.find(({ origin }) => origin === 'enrolled');
    const details = {
      photograph,
      unknown,
      enrolled: generators
        .filter(({ origin }) => origin === 'enrolled')
        .map(({ generator, probability, similarity }) => ({ generator, probability, similarity })),
    };
    const common = {
      ...{ detector: NAME, version: VERSION, claim: 'synthetic' as const },
      ...{ regions: [], measuredOn: MEASURED_ON, details },
    };
    if (!best || best.probability < NAMED_FROM)
      return { status: 'notDetected', ...common, llr: 0, summary: NONE_OF_THEM };
    const llr = Math.max(0, Math.min(MOST_LLR, Math.log(best.probability / Math.max(photograph, 1e-6))));
    return { status: 'detected', ...common, llr, summary: madeBy(best.generator) };
  },
};
