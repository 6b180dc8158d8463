/**
 * One file in, everything found out about it out: reads it by its kind, shows it to every detector of the manifest that
 * examines that kind, weighs, and looks again after a few plausible re-shippings. Holds models warm between files; knows
 * nothing of any one kind of evidence, and of the kinds of media no more than `kinds.node.ts` tells.
 */
import type { AnalysedFile, AnalysedImage, Analysis, SeenPerson } from '../core/analysis.ts';
import { asHuoyanError } from '../core/errors.ts';
import type { Box } from '../core/image.ts';
import type { ImageMedia, Media, VideoMedia } from '../core/media.ts';
import type { StabilityStep } from '../core/verdict.ts';
import { readMedia, readMediaFile } from '../media/index.node.ts';
import { openModels } from '../nn/models.node.ts';
import type { Models } from '../nn/models.ts';
import type { AnyDetector } from './detector.ts';
import { examine, throwIfCancelled } from './examine.ts';
import { facesOf } from './faces.node.ts';
import { kindOf } from './kinds.node.ts';
import { detectors } from './manifest.node.ts';
import { countFlips, DEFAULT_PRIOR, weigh } from './verdict.ts';
import { portraits } from './watch/portraits.node.ts';
import { watch } from './watch/watch.node.ts';

export interface AnalyseOptions {
  /** P(synthetic or manipulated) before looking, between 0 and 1; {@link DEFAULT_PRIOR} unless told. */
  readonly prior?: number;
  /** Score again after re-encoding, resizing and cropping; default true. */
  readonly stability?: boolean;
  /** Keep a small JPEG of what is to be seen and look for faces, for reports that show them; default false. */
  readonly preview?: boolean;
  /** How much of a video is looked at, in seconds of work on an ordinary core; default 20. */
  readonly budgetSeconds?: number;
  readonly signal?: AbortSignal;
}

export interface EngineOptions {
  /** Threads inside one operator of a network; default 1. */
  readonly threads?: number;
  readonly models?: Models;
}

export interface Engine {
  /** Every kind of evidence with its version: what was scored by another edition was scored by other networks. */
  readonly edition: string;
  /** Never rejects for what a file is or contains: that is an `unreadable` analysis. */
  analyseFile(path: string, options?: AnalyseOptions): Promise<Analysis>;
  analyseBytes(bytes: Uint8Array, name: string, options?: AnalyseOptions): Promise<Analysis>;
  close(): Promise<void>;
}

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
  readonly edition: string;

  constructor(
    private readonly models: Models,
    private readonly detectors: readonly AnyDetector[],
  ) {
    this.edition = detectors.map(({ name, version }) => `${name} ${version}`).join(', ');
  }

  analyseFile(path: string, options: AnalyseOptions = {}): Promise<Analysis> {
    return this.#analyse(path, () => readMediaFile(path), options);
  }

  analyseBytes(bytes: Uint8Array, name: string, options: AnalyseOptions = {}): Promise<Analysis> {
    return this.#analyse(name, () => readMedia(bytes, name), options);
  }

  async close(): Promise<void> {
    await this.models.close();
  }

  async #analyse(file: string, read: () => Promise<Media>, options: AnalyseOptions): Promise<Analysis> {
    const started = performance.now();
    const timing: Record<string, number> = {};
    let media: Media | undefined;
    try {
      media = await read();
      timing.read = performance.now() - started;
      const evidence = await examine(media, this.detectors, { ...options, models: this.models }, timing);
      const prior = options.prior ?? DEFAULT_PRIOR;
      const verdict = weigh(evidence, prior);
      let stability = null;
      if (options.stability ?? true) {
        const from = performance.now();
        const ladder = await this.#ladder(media, prior, options);
        // A kind whose ladder cannot be made here has not been examined for stability.
        if (ladder.length > 0) stability = { flips: countFlips(verdict.label, ladder), ladder };
        timing.stability = performance.now() - from;
      }
      const preview = options.preview ? await kindOf(media).preview(media) : undefined;
      const faces = options.preview && media.kind === 'image' ? await this.#faces(media) : undefined;
      const people =
        options.preview && media.kind === 'video' ? await this.#people(media, options) : undefined;
      timing.total = performance.now() - started;
      const { sha256 } = media;
      const found = { file, sha256, verdict: { ...verdict, stability }, evidence, timing, preview, faces };
      return analysed(media, { outcome: 'analysed', ...found }, people);
    } catch (thrown) {
      timing.total = performance.now() - started;
      return {
        outcome: 'unreadable',
        file,
        sha256: media?.sha256 ?? null,
        error: asHuoyanError(thrown),
        timing,
      };
    } finally {
      if (media && media.kind !== 'image') await media.file.close().catch(() => {});
    }
  }

  /** Faces for the report's crops: an ornament, so whatever hinders it (networks not installed, time) costs only them. */
  async #faces(media: ImageMedia): Promise<Box[]> {
    try {
      return ((await facesOf(media.pixels)) ?? []).map(({ box }) => box);
    } catch {
      return [];
    }
  }

  /** Portraits for the report, an ornament like the faces. */
  async #people(media: VideoMedia, options: AnalyseOptions): Promise<SeenPerson[]> {
    try {
      return await portraits(await watch(media, { ...options, models: this.models }));
    } catch {
      return [];
    }
  }

  async #ladder(media: Media, prior: number, options: AnalyseOptions): Promise<StabilityStep[]> {
    const ladder: StabilityStep[] = [];
    const kind = kindOf(media);
    for (const step of await kind.ladder()) {
      throwIfCancelled(options.signal);
      const arrived = await kind.reship(media, step);
      const { label, probability } = weigh(
        await examine(arrived, this.detectors, { ...options, models: this.models }),
        prior,
      );
      ladder.push({ step, label, probability });
    }
    return ladder;
  }
}

/** What was found, with kind and container together. */
function analysed(
  media: Media,
  found: Omit<AnalysedImage, 'kind' | 'container'>,
  people?: readonly SeenPerson[],
): AnalysedFile {
  if (media.kind === 'image') return { ...found, kind: media.kind, container: media.container };
  if (media.kind === 'audio') return { ...found, kind: media.kind, container: media.container };
  return { ...found, kind: media.kind, container: media.container, people };
}
