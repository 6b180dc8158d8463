/** The engine of tracing: files in, attributions out, and among the files of one request those of one source. */
import type { ConstructionEstimate } from '../core/construction.ts';
import { asHuoyanError } from '../core/errors.ts';
import type { RgbImage } from '../core/image.ts';
import type { AudioMedia, ImageMedia } from '../core/media.ts';
import type { FingerprintView, Neighbour, Trace, TracedPicture, TracedSound } from '../core/trace.ts';
import { encodeJpeg, shrinkTo } from '../media/index.node.ts';
import { PICTURES, pairLlr } from './calibration.ts';
import { PRIOR } from './cluster/cluster.ts';
import { describe } from './description.ts';
import { readEnrolled } from './enrolled.node.ts';
import type { FingerprintEstimator } from './fingerprint/estimator.ts';
import { fingerprintView } from './fingerprint/view.ts';
import { Gallery } from './gallery.ts';
import { readKnown } from './known.node.ts';
import { type Prepared, similarityOf } from './metric.ts';
import { look } from './parsing/look.ts';
import type { Parser } from './parsing/parser.ts';
import { readEstimator, readParser } from './parsing/trained.node.ts';
import { readTraceable } from './read.node.ts';
import { tooLittleSpeech, tooSmall } from './untraceable.ts';
import { describeVoice } from './voice/description.ts';
import { VOICES } from './voice/fitted.ts';
import { voiceGallery } from './voice/gallery.ts';

export interface TraceOptions {
  /** Also estimate how the generator is likely built. Default false. */
  readonly construction?: boolean;
  /** Also make what a report shows: fingerprint, spectrum, a small picture. Default false. */
  readonly view?: boolean;
}

/** A picture or sound, and what it is compared by with others of its kind. */
export interface Examined {
  readonly trace: Trace;
  /** Absent where it could not be traced. */
  readonly prepared?: Prepared;
}

/** Longer side of the picture in a report. */
const PREVIEW_SIDE = 480;
/** Two of ten random works hardly ever share a source: less than this is no evidence that these do. */
const LEAST_LLR = Math.log((1 - PRIOR) / PRIOR);
/** At most so many neighbours are named for one file. */
const MOST_NEIGHBOURS = 20;

export class Tracer {
  /** Each loaded when it is first asked for. */
  #estimator: Promise<FingerprintEstimator> | undefined;
  #parser: Promise<Parser> | undefined;

  #voices: Promise<Gallery> | undefined;

  private constructor(
    /** What pictures are compared with. */
    readonly gallery: Gallery,
    private readonly home: string | undefined,
  ) {}

  /**
   * With the known sources of this release and what is enrolled under `home` (default: the user's own). Throws
   * HuoyanError `model-missing`, or `corrupt` for an enrolment that cannot be read.
   */
  static async open({ home }: { home?: string } = {}): Promise<Tracer> {
    const [known, enrolled] = await Promise.all([readKnown(), readEnrolled(home)]);
    return new Tracer(new Gallery(known.metric, known.works, known.sources, enrolled), home);
  }

  /** What voices are compared with. Throws as {@link Tracer.open} does. */
  voices(): Promise<Gallery> {
    this.#voices ??= openVoices(this.home);
    return this.#voices;
  }

  /**
   * The picture or sound in `bytes`, or in the file `name`. Never throws for a file: what is wrong is in the result.
   */
  async examine(name: string, bytes?: Uint8Array, options: TraceOptions = {}): Promise<Examined> {
    const started = performance.now();
    try {
      const media = await readTraceable(name, bytes);
      if (media.kind === 'image') return await this.#examinePicture(name, media, options, started);
      try {
        return await this.#examineSound(name, media, started);
      } finally {
        await media.file.close();
      }
    } catch (thrown) {
      const elapsedMs = performance.now() - started;
      return { trace: { outcome: 'unreadable', file: name, error: asHuoyanError(thrown), elapsedMs } };
    }
  }

  async #examinePicture(
    file: string,
    { pixels, sha256 }: ImageMedia,
    options: TraceOptions,
    started: number,
  ): Promise<Examined> {
    const { width, height } = pixels;
    const small = tooSmall(pixels);
    if (small) return { trace: { ...small, file, sha256, elapsedMs: performance.now() - started } };
    const prepared = this.gallery.prepare(describe(pixels));
    const trace: TracedPicture = {
      outcome: 'traced',
      kind: 'image',
      ...{ file, sha256, width, height },
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
  }

  async #examineSound(file: string, { sound, sha256 }: AudioMedia, started: number): Promise<Examined> {
    const { heard, description, reason } = describeVoice(sound);
    if (!description) {
      const elapsedMs = performance.now() - started;
      return { trace: { ...tooLittleSpeech(heard, reason), file, sha256, elapsedMs } };
    }
    const gallery = await this.voices();
    const prepared = gallery.prepare(description);
    const trace: TracedSound = {
      outcome: 'traced',
      kind: 'audio',
      ...{ file, sha256, heard },
      attribution: gallery.attribute(prepared),
      neighbours: [],
      elapsedMs: performance.now() - started,
    };
    return { trace, prepared };
  }

  async #construction(pixels: RgbImage): Promise<ConstructionEstimate> {
    this.#parser ??= readParser();
    return (await this.#parser).parse(look(pixels));
  }

  async #view(pixels: RgbImage): Promise<FingerprintView> {
    this.#estimator ??= readEstimator();
    return fingerprintView(await (await this.#estimator).fingerprint(pixels));
  }

  /** Fills in which of the examined files share a source with which; a picture and a sound never do. */
  neighbours(examined: readonly Examined[]): Trace[] {
    const kindOf = ({ trace }: Examined) => (trace.outcome === 'unreadable' ? null : trace.kind);
    return examined.map((one, i) => {
      const { trace, prepared } = one;
      if (trace.outcome !== 'traced' || !prepared) return trace;
      const { pair } = trace.kind === 'image' ? PICTURES : VOICES;
      const found: Neighbour[] = [];
      examined.forEach((other, j) => {
        if (j === i || !other.prepared || kindOf(other) !== kindOf(one)) return;
        const similarity = similarityOf(prepared, other.prepared);
        const llr = pairLlr(similarity, pair);
        if (llr > LEAST_LLR) found.push({ file: other.trace.file, similarity, llr });
      });
      found.sort((a, b) => b.llr - a.llr);
      return { ...trace, neighbours: found.slice(0, MOST_NEIGHBOURS) };
    });
  }
}

async function openVoices(home: string | undefined): Promise<Gallery> {
  const [known, enrolled] = await Promise.all([readKnown('audio'), readEnrolled(home, 'audio')]);
  return voiceGallery(known.metric, known.works, known.sources, enrolled);
}
