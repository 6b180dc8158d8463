/**
 * One file in, everything found out about it out: reads, shows the picture to every detector of the manifest, weighs,
 * and looks again after a few plausible re-shippings. Holds models warm between files; knows nothing of any one kind
 * of evidence.
 */
import type { Analysis } from '../core/analysis.ts';
import { asHuoyanError, HuoyanError } from '../core/errors.ts';
import type { Evidence } from '../core/evidence.ts';
import type { Box } from '../core/image.ts';
import type { ImageMedia } from '../core/media.ts';
import type { StabilityStep } from '../core/verdict.ts';
import type { FaceFinder } from '../face/detect.ts';
import { facesAvailable, installedFaceFinder } from '../face/finder.node.ts';
import { encodeJpeg, readBytes, readImage, shrinkTo } from '../media/index.node.ts';
import { type Reshipping, reship } from '../media/reshipping.node.ts';
import { openModels } from '../nn/models.node.ts';
import type { Models } from '../nn/models.ts';
import type { Detector } from './detector.ts';
import { detectors } from './manifest.node.ts';
import { countFlips, DEFAULT_PRIOR, weigh } from './verdict.ts';

export interface AnalyseOptions {
  /** P(synthetic or manipulated) before looking, between 0 and 1; {@link DEFAULT_PRIOR} unless told. */
  readonly prior?: number;
  /** Score again after re-encoding, resizing and cropping; default true. */
  readonly stability?: boolean;
  /** Keep a small JPEG of the picture and look for faces, for reports that show them; default false. */
  readonly preview?: boolean;
  readonly signal?: AbortSignal;
}

export interface EngineOptions {
  /** Threads inside one operator of a network; default 1. */
  readonly threads?: number;
  readonly models?: Models;
}

export interface Engine {
  /** Never rejects for what a file is or contains: that is an `unreadable` analysis. */
  analyseFile(path: string, options?: AnalyseOptions): Promise<Analysis>;
  analyseBytes(bytes: Uint8Array, name: string, options?: AnalyseOptions): Promise<Analysis>;
  close(): Promise<void>;
}

/** The re-shippings of the stability ladder, mildest first. */
export const LADDER: readonly Reshipping[] = ['jpeg75', 'jpeg50', 'half', 'crop'];
const PREVIEW_SIDE = 1024;

/** Opens an engine. Networks load when first needed and stay warm until `close`. */
export async function openEngine(options: EngineOptions = {}): Promise<Engine> {
  const models = options.models ?? openModels({ threads: options.threads ?? 1 });
  const ready = await Promise.all(detectors.map((detector) => detector.ready?.() ?? true));
  return new LocalEngine(
    models,
    detectors.filter((_, i) => ready[i]),
  );
}

class LocalEngine implements Engine {
  #finder: Promise<FaceFinder | null> | undefined;

  constructor(
    private readonly models: Models,
    private readonly detectors: readonly Detector[],
  ) {}

  analyseFile(path: string, options: AnalyseOptions = {}): Promise<Analysis> {
    return this.#analyse(path, () => readBytes(path), options);
  }

  analyseBytes(bytes: Uint8Array, name: string, options: AnalyseOptions = {}): Promise<Analysis> {
    return this.#analyse(name, async () => bytes, options);
  }

  async close(): Promise<void> {
    await this.models.close();
  }

  async #analyse(file: string, bytes: () => Promise<Uint8Array>, options: AnalyseOptions): Promise<Analysis> {
    const started = performance.now();
    const timing: Record<string, number> = {};
    let media: ImageMedia | undefined;
    try {
      media = await readImage(await bytes(), file);
      timing.read = performance.now() - started;
      const evidence = await this.#examine(media, options, timing);
      const prior = options.prior ?? DEFAULT_PRIOR;
      const verdict = weigh(evidence, prior);
      let stability = null;
      if (options.stability ?? true) {
        const from = performance.now();
        const ladder = await this.#ladder(media, prior, options);
        stability = { flips: countFlips(verdict.label, ladder), ladder };
        timing.stability = performance.now() - from;
      }
      const preview = options.preview
        ? await encodeJpeg(await shrinkTo(media.pixels, PREVIEW_SIDE), { quality: 85 })
        : undefined;
      const faces = options.preview ? await this.#faces(media) : undefined;
      timing.total = performance.now() - started;
      const { sha256, kind, container } = media;
      return {
        outcome: 'analysed',
        file,
        sha256,
        kind,
        verdict: { ...verdict, stability },
        evidence,
        container,
        timing,
        preview,
        faces,
      };
    } catch (thrown) {
      timing.total = performance.now() - started;
      return {
        outcome: 'unreadable',
        file,
        sha256: media?.sha256 ?? null,
        error: asHuoyanError(thrown),
        timing,
      };
    }
  }

  async #examine(
    media: ImageMedia,
    options: AnalyseOptions,
    timing: Record<string, number>,
  ): Promise<Evidence[]> {
    const evidence: Evidence[] = [];
    for (const detector of this.detectors) {
      throwIfCancelled(options.signal);
      const from = performance.now();
      evidence.push(await this.#ask(detector, media, options.signal));
      timing[detector.name] = performance.now() - from;
    }
    return evidence;
  }

  /** A detector that breaks is a result too: the others still count. */
  async #ask(detector: Detector, media: ImageMedia, signal?: AbortSignal): Promise<Evidence> {
    try {
      return finite(await detector.examine(media, { models: this.models, signal }));
    } catch (thrown) {
      const error = asHuoyanError(thrown);
      return {
        status: 'failed',
        detector: detector.name,
        version: detector.version,
        summary: { en: `could not be examined: ${error.text.en}`, zh: `未能检验：${error.text.zh}` },
        details: {},
        error: { code: error.code, message: error.text.en, hint: error.hint.en },
      };
    }
  }

  /** Faces for the report's crops: an ornament, so whatever hinders it (networks not installed, time) costs only them. */
  async #faces(media: ImageMedia): Promise<Box[]> {
    this.#finder ??= facesAvailable().then((there) => (there ? installedFaceFinder() : null));
    try {
      const finder = await this.#finder;
      const faces = finder ? await finder.find(media.pixels, { maxFaces: 12, timeBudgetMs: 2000 }) : [];
      return faces.map(({ box }) => box);
    } catch {
      return [];
    }
  }

  async #ladder(media: ImageMedia, prior: number, options: AnalyseOptions): Promise<StabilityStep[]> {
    const ladder: StabilityStep[] = [];
    for (const step of LADDER) {
      throwIfCancelled(options.signal);
      const arrived = await readImage(await reship(media.pixels, step), media.name);
      const { label, probability } = weigh(await this.#examine(arrived, options, {}), prior);
      ladder.push({ step, label, probability });
    }
    return ladder;
  }
}

/** A likelihood ratio that is no number would spoil the verdict unseen: better that its detector fails. */
function finite(evidence: Evidence): Evidence {
  const weighed = evidence.status === 'detected' || evidence.status === 'notDetected';
  if (weighed && !Number.isFinite(evidence.llr))
    throw new Error(`${evidence.detector} weighed ${evidence.llr}`);
  return evidence;
}

function throwIfCancelled(signal?: AbortSignal): void {
  if (!signal?.aborted) return;
  throw new HuoyanError(
    'cancelled',
    { en: 'the analysis was cancelled', zh: '分析已取消' },
    { en: 'run it again', zh: '请重新运行' },
  );
}
