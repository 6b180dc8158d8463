/** The engine of tracing: files in, attributions out, and among the files of one request those of one source. */
import type { ConstructionEstimate } from '../core/construction.ts';
import { asHuoyanError } from '../core/errors.ts';
import type { RgbImage } from '../core/image.ts';
import type { FingerprintView, Neighbour, Trace, Traced, Untraceable } from '../core/trace.ts';
import { encodeJpeg, readImage, readImageFile, shrinkTo } from '../media/index.node.ts';
import { reship } from '../media/reshipping.node.ts';
import { PRIOR } from './cluster/cluster.ts';
import { describe, SMALLEST } from './description.ts';
import { readEnrolled } from './enrolled.node.ts';
import type { FingerprintEstimator } from './fingerprint/estimator.ts';
import { fingerprintView } from './fingerprint/view.ts';
import { PAIR_OFFSET, PAIR_SLOPE } from './fitted.ts';
import { type Enrolment, Gallery } from './gallery.ts';
import { readKnown } from './known.node.ts';
import type { Prepared } from './metric.ts';
import { look } from './parsing/look.ts';
import type { Parser } from './parsing/parser.ts';
import { readEstimator, readParser } from './parsing/trained.node.ts';

export interface TraceOptions {
  /** Also estimate how the generator is likely built. Default false. */
  readonly construction?: boolean;
  /** Also make what a report shows: fingerprint, spectrum, a small picture. Default false. */
  readonly view?: boolean;
}

/** A picture and what it is compared by. */
export interface Examined {
  readonly trace: Trace;
  /** Absent where the picture could not be traced. */
  readonly prepared?: Prepared;
}

/** Longer side of the picture in a report. */
const PREVIEW_SIDE = 480;
/** Two of ten random pictures hardly ever share a source: less than this is no evidence that these do. */
const LEAST_LLR = Math.log((1 - PRIOR) / PRIOR);
/** At most so many neighbours are named for one picture. */
const MOST_NEIGHBOURS = 20;

/** Log-likelihood ratio of one source against two, from the similarity of two pictures (fitted on unseen sources). */
export function pairLlr(similarity: number): number {
  return PAIR_SLOPE * similarity + PAIR_OFFSET;
}

function tooSmall(file: string, sha256: string, { width, height }: RgbImage, started: number): Untraceable {
  const elapsedMs = performance.now() - started;
  const common = { file, sha256, width, height, elapsedMs };
  return { outcome: 'notApplicable', ...common, reason: 'too-small', limit: SMALLEST };
}

export class Tracer {
  /** Each loaded when it is first asked for. */
  #estimator: Promise<FingerprintEstimator> | undefined;
  #parser: Promise<Parser> | undefined;

  private constructor(readonly gallery: Gallery) {}

  /**
   * With the known sources of this release and what is enrolled under `home` (default: the user's own). Throws
   * HuoyanError `model-missing`, or `corrupt` for an enrolment that cannot be read.
   */
  static async open({ home }: { home?: string } = {}): Promise<Tracer> {
    const [known, enrolled] = await Promise.all([readKnown(), readEnrolled(home)]);
    return new Tracer(new Gallery(known.metric, known.pictures, known.sources, enrolled));
  }

  /** The picture in `bytes`, or in the file `name`. Never throws for a picture: what is wrong is in the result. */
  async examine(name: string, bytes?: Uint8Array, options: TraceOptions = {}): Promise<Examined> {
    const started = performance.now();
    try {
      const { pixels, sha256 } = bytes ? await readImage(bytes, name) : await readImageFile(name);
      const { width, height } = pixels;
      if (Math.min(width, height) < SMALLEST) return { trace: tooSmall(name, sha256, pixels, started) };
      const prepared = this.gallery.prepare(describe(pixels));
      const trace: Traced = {
        outcome: 'traced',
        ...{ file: name, sha256, width, height },
        attribution: this.gallery.attribute(prepared),
        neighbours: [],
        ...(options.construction && { construction: await this.#construction(pixels) }),
        ...(options.view && {
          fingerprint: await this.#view(pixels),
          preview: await encodeJpeg(await shrinkTo(pixels, PREVIEW_SIDE), { quality: 82 }),
        }),
        elapsedMs: performance.now() - started,
      };
      return { trace, prepared };
    } catch (thrown) {
      const elapsedMs = performance.now() - started;
      return { trace: { outcome: 'unreadable', file: name, error: asHuoyanError(thrown), elapsedMs } };
    }
  }

  async #construction(pixels: RgbImage): Promise<ConstructionEstimate> {
    this.#parser ??= readParser();
    return (await this.#parser).parse(look(pixels));
  }

  async #view(pixels: RgbImage): Promise<FingerprintView> {
    this.#estimator ??= readEstimator();
    return fingerprintView(await (await this.#estimator).fingerprint(pixels));
  }

  /** Fills in which of the examined pictures share a source with which. */
  neighbours(examined: readonly Examined[]): Trace[] {
    return examined.map(({ trace, prepared }, i) => {
      if (trace.outcome !== 'traced' || !prepared) return trace;
      const found: Neighbour[] = [];
      examined.forEach((other, j) => {
        if (j === i || !other.prepared) return;
        const similarity = this.gallery.metric.similarity(prepared, other.prepared);
        const llr = pairLlr(similarity);
        if (llr > LEAST_LLR) found.push({ file: other.trace.file, similarity, llr });
      });
      found.sort((a, b) => b.llr - a.llr);
      return { ...trace, neighbours: found.slice(0, MOST_NEIGHBOURS) };
    });
  }
}

/** What happens to a picture between its maker and whoever asks about it; each way is enrolled. */
const WAYS = ['stored', 'jpeg96', 'jpeg75', 'jpeg50', 'half'] as const;

/**
 * Describes pictures as examples of one generator, as they are and as they look after being sent on. Pictures that
 * cannot be used are handed to `skipped` and left out.
 */
export async function describeExamples(
  name: string,
  files: AsyncIterable<string> | Iterable<string>,
  skipped: (file: string, why: Trace) => void,
  each: (done: number) => void = () => {},
): Promise<Enrolment> {
  const sent: Record<(typeof WAYS)[number], Float32Array[]> = {
    stored: [],
    jpeg96: [],
    jpeg75: [],
    jpeg50: [],
    half: [],
  };
  for await (const file of files) {
    const started = performance.now();
    try {
      const { pixels, sha256 } = await readImageFile(file);
      if (Math.min(pixels.width, pixels.height) < SMALLEST) {
        skipped(file, tooSmall(file, sha256, pixels, started));
        continue;
      }
      for (const way of WAYS) {
        const arrived = way === 'stored' ? pixels : (await readImage(await reship(pixels, way), file)).pixels;
        if (Math.min(arrived.width, arrived.height) >= SMALLEST) sent[way].push(describe(arrived));
      }
      each(sent.stored.length);
    } catch (thrown) {
      const elapsedMs = performance.now() - started;
      skipped(file, { outcome: 'unreadable', file, error: asHuoyanError(thrown), elapsedMs });
    }
  }
  return { name, sent };
}
