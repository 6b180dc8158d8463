/**
 * Pictures analysed where they are: in the browser, with nothing uploaded. The same detectors, networks and weighing as in
 * Node over the same pixels, so that the figures are Node's; what a browser cannot examine, the result says.
 */
import type { Analysis } from '../core/analysis.ts';
import { asHuoyanError } from '../core/errors.ts';
import type { Evidence } from '../core/evidence.ts';
import type { ImageMedia } from '../core/media.ts';
import type { StabilityStep, Verdict } from '../core/verdict.ts';
import { c2paReader, loadLibrary } from '../credentials/c2pa/reader.ts';
import type { AnyDetector, Detector } from '../evidence/detector.ts';
import { examine, throwIfCancelled } from '../evidence/examine.ts';
import { NAME, VERSION } from '../evidence/faceswap/evidence.ts';
import { faceswapOfPicture } from '../evidence/faceswap/picture.ts';
import { createProvenance } from '../evidence/provenance/detector.ts';
import { SeenFaces } from '../evidence/seen-faces.ts';
import { spliceDetector } from '../evidence/splice/detector.ts';
import { synthesis } from '../evidence/synthesis/detector.ts';
import { countFlips, DEFAULT_PRIOR, weigh } from '../evidence/verdict.ts';
import { readImage } from '../media/image.web.ts';
import { previewJpeg } from '../media/pixels.web.ts';
import { LADDER, movedBy } from '../media/reshipping.ts';
import { reship } from '../media/reshipping.web.ts';
import { openWebModels, type WebModels } from '../nn/models.web.ts';
import { type Processor, RUNTIME_NAME, webGpuAdapter, webRuntime } from '../nn/runtime.web.ts';
import { enrolledElsewhere } from './elsewhere.ts';
import { servedFaceFinder } from './faces.ts';

export interface BrowserEngineOptions {
  /** Address of the package's folder `models/`, ending with a slash. */
  readonly models: string;
  /** Address of a folder with `blazeface.onnx` and `facemesh.onnx`, ending with a slash; without it faces are not examined. */
  readonly faces?: string;
  /** Address of `@contentauth/c2pa-wasm/c2pa.wasm`, fetched when a file has a manifest; without it none is examined. */
  readonly c2pa?: string;
  /** Addresses of ONNX Runtime's `.wasm` files, when a bundler has not put them where they are found. */
  readonly wasm?: Partial<Readonly<Record<Processor, string>>>;
  /**
   * What computes. `auto`, the default: the graphics processor where there is one, else WebAssembly. `webgpu`: also a program
   * that plays one. Either way WebAssembly does what cannot be done there: all of it without an adapter, and every network that
   * does not load there or fails its self-test.
   */
  readonly compute?: Processor | 'auto';
}

export interface BrowserAnalyseOptions {
  /** What the file is called in the result; that of a File unless told. */
  readonly name?: string;
  /** P(synthetic or manipulated) before looking, between 0 and 1; default 0.5. */
  readonly prior?: number;
  /** Score again after re-encoding, resizing and cropping, with the browser's own encoders; default true. */
  readonly stability?: boolean;
  /** Keep a small JPEG of the picture, for reports that show it; default false. */
  readonly preview?: boolean;
  /** Called with the verdict as soon as it stands, before its stability is examined. */
  readonly onVerdict?: (analysis: Analysis) => void;
  readonly signal?: AbortSignal;
}

export interface BrowserEngine {
  /** What computes: once networks are open (`warm`), `webgpu` if any of them runs there; before, where they are to run. */
  readonly computesOn: Processor;
  /** Fetches and opens every network, so that the first picture is as fast as the next. Rejects with `model-missing`. */
  warm(): Promise<void>;
  /** Never rejects for what a file is or contains: that is an `unreadable` analysis. */
  analyse(file: Blob | Uint8Array, options?: BrowserAnalyseOptions): Promise<Analysis>;
  close(): Promise<void>;
}

type Stability = NonNullable<Verdict['stability']>;

const PREVIEW_SIDE = 1024;
const NETWORKS = ['synthesis', 'faceswap', 'faceswap-texture'];

/** Opens an engine. Networks are fetched when first needed and stay in memory until `close`. */
export async function openBrowserEngine(options: BrowserEngineOptions): Promise<BrowserEngine> {
  const { compute = 'auto', wasm = {} } = options;
  const library = await libraryFor(compute);
  const plain = await webRuntime({ library, on: 'wasm', wasm: wasm[library] });
  const runtimes =
    library === 'wasm' ? [plain] : [await webRuntime({ on: library, wasm: wasm[library] }), plain];
  const models = openWebModels(options.models, runtimes);
  const { faces } = options;
  let finder: ReturnType<typeof servedFaceFinder> | undefined;
  const seen = new SeenFaces(async () => {
    if (faces === undefined) return null;
    finder ??= servedFaceFinder(faces, plain);
    return finder;
  });
  return new Engine(library, models, seen, options.c2pa);
}

async function libraryFor(compute: Processor | 'auto'): Promise<Processor> {
  if (compute === 'wasm') return 'wasm';
  const adapter = await webGpuAdapter();
  return adapter === 'graphics' || (adapter === 'program' && compute === 'webgpu') ? 'webgpu' : 'wasm';
}

class Engine implements BrowserEngine {
  readonly #detectors: readonly AnyDetector[];

  constructor(
    private readonly intended: Processor,
    private readonly models: WebModels,
    private readonly seen: SeenFaces,
    c2pa: string | undefined,
  ) {
    const library = once(() => loadLibrary(async () => new URL(c2pa ?? '', location.href)));
    const faceswap: Detector<'image'> = {
      name: NAME,
      version: VERSION,
      kinds: ['image'],
      examine: async ({ pixels }, context) =>
        faceswapOfPicture(pixels, await seen.of(pixels, context.signal), context.models),
    };
    const provenance = createProvenance(c2pa === undefined ? {} : { c2pa: c2paReader(library) });
    this.#detectors = [provenance, synthesis, enrolledElsewhere, spliceDetector, faceswap];
  }

  get computesOn(): Processor {
    const { runBy } = this.models;
    if (runBy.size === 0) return this.intended;
    return [...runBy.values()].includes(RUNTIME_NAME.webgpu) ? 'webgpu' : 'wasm';
  }

  async warm(): Promise<void> {
    await Promise.all(NETWORKS.map((name) => this.models.prepare(name)));
    // A grey picture finds no face, and opens what finds them.
    await this.seen.of({ width: 64, height: 64, data: new Uint8Array(64 * 64 * 3).fill(128) });
  }

  async analyse(file: Blob | Uint8Array, options: BrowserAnalyseOptions = {}): Promise<Analysis> {
    const started = performance.now();
    const timing: Record<string, number> = {};
    const name = options.name ?? (file instanceof File ? file.name : '-');
    let media: ImageMedia | undefined;
    try {
      const bytes = file instanceof Blob ? new Uint8Array(await file.arrayBuffer()) : file;
      media = await readImage(bytes, name);
      timing.read = performance.now() - started;
      const { sha256, container, pixels } = media;
      // Encoded by another thread of the browser while this one goes on.
      const picturing = options.preview ? previewJpeg(pixels, PREVIEW_SIDE, 85) : undefined;
      picturing?.catch(() => {});
      const evidence = await this.#examine(media, options, timing);
      const prior = options.prior ?? DEFAULT_PRIOR;
      const verdict = weigh(evidence, prior);
      const preview = await picturing;
      const faces = options.preview ? ((await this.seen.of(pixels)) ?? []).map(({ box }) => box) : undefined;
      const found = (stability: Stability | null): Analysis => {
        timing.total = performance.now() - started;
        const known = { file: name, sha256, evidence, timing: { ...timing }, preview, faces };
        return {
          outcome: 'analysed',
          kind: 'image',
          container,
          verdict: { ...verdict, stability },
          ...known,
        };
      };
      let stability: Stability | null = null;
      if (options.stability ?? true) {
        options.onVerdict?.(found(null));
        const from = performance.now();
        const ladder = await this.#ladder(media, prior, options);
        stability = { flips: countFlips(verdict.label, ladder), ladder };
        timing.stability = performance.now() - from;
      }
      return found(stability);
    } catch (thrown) {
      timing.total = performance.now() - started;
      const error = asHuoyanError(thrown);
      return { outcome: 'unreadable', file: name, sha256: media?.sha256 ?? null, error, timing };
    }
  }

  async close(): Promise<void> {
    await this.models.close();
  }

  #examine(
    media: ImageMedia,
    { signal }: BrowserAnalyseOptions,
    timing?: Record<string, number>,
  ): Promise<Evidence[]> {
    return examine(media, this.#detectors, { models: this.models, signal }, timing);
  }

  async #ladder(media: ImageMedia, prior: number, options: BrowserAnalyseOptions): Promise<StabilityStep[]> {
    const ladder: StabilityStep[] = [];
    for (const step of LADDER) {
      throwIfCancelled(options.signal);
      const arrived = await readImage(await reship(media.pixels, step), media.name);
      this.seen.carry(media.pixels, arrived.pixels, movedBy(step, media.pixels));
      const { label, probability } = weigh(await this.#examine(arrived, options), prior);
      ladder.push({ step, label, probability });
    }
    return ladder;
  }
}

/** Made when first asked for, then kept; a failure is forgotten. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    made.catch(() => {
      made = undefined;
    });
    return made;
  };
}
