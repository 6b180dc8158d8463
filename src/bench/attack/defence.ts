/**
 * A defence that needs no training: the picture is judged several times, each time cut, scaled and saved a little
 * differently, and the mean counts. Noise made for one exact grid of pixels survives that badly (randomisation of Xie
 * et al., arXiv 1711.01991, with JPEG as in Guo et al., arXiv 1711.00117); what a detector rightly sees should not. The
 * draws come from the content and a seed the attacker is not told.
 */
import { crop, type RgbImage } from '../../core/image.ts';
import { Random } from '../../core/random.ts';
import { encodeJpeg, readImage, resize } from '../../media/index.node.ts';
import type { BenchDetector, Opinion, Sample } from '../detectors/detector.ts';

export interface DefenceOptions {
  /** Looks at a picture; default 5. */
  readonly looks?: number;
  readonly seed?: number;
}

/** `detector` behind the defence. Files that are no pictures go to it as they are. */
export function defended(
  detector: BenchDetector,
  { looks = 5, seed = 1 }: DefenceOptions = {},
): BenchDetector {
  return {
    ...detector,
    name: `${detector.name}+defended`,
    settings: { of: detector.settings, looks, seed },
    ...(detector.prepare ? { prepare: (samples) => detector.prepare?.(samples) ?? Promise.resolve() } : {}),
    async judge(sample, signal): Promise<Opinion> {
      if (sample.item.media !== 'image') return detector.judge(sample, signal);
      const { pixels, sha256 } = await sample.image();
      const random = new Random(seed ^ Number.parseInt(sha256.slice(0, 8), 16));
      const scores: number[] = [];
      let silent: Opinion | undefined;
      for (let look = 0; look < looks; look++) {
        const opinion = await detector.judge(await seenAnew(sample, pixels, random), signal);
        if ('score' in opinion && opinion.score !== null) scores.push(opinion.score);
        else silent = opinion;
      }
      if (scores.length === 0) return silent as Opinion;
      return { status: 'ok', score: scores.reduce((sum, score) => sum + score, 0) / scores.length };
    },
    close: () => detector.close(),
  };
}

async function seenAnew(sample: Sample, image: RgbImage, random: Random): Promise<Sample> {
  const share = random.uniform(0.85, 1);
  const width = Math.max(1, Math.round(image.width * share));
  const height = Math.max(1, Math.round(image.height * share));
  const x = random.below(image.width - width + 1);
  const y = random.below(image.height - height + 1);
  const scale = random.uniform(0.9, 1.1);
  const resized = await resize(crop(image, { x, y, width, height }), {
    width: Math.max(16, Math.round(width * scale)),
    height: Math.max(16, Math.round(height * scale)),
  });
  const bytes = await encodeJpeg(resized, { quality: 70 + random.below(26) });
  return {
    ...{ item: sample.item, bytes },
    image: () => readImage(bytes, sample.item.key),
    file: () => sample.fileOf(bytes),
    fileOf: (other) => sample.fileOf(other),
  };
}
