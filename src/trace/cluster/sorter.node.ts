/** Pictures in, sources out: reads and describes each, then sorts all of them at once. */
import { asHuoyanError, type HuoyanError } from '../../core/errors.ts';
import { luma } from '../../core/image.ts';
import { type PerceptualHash, perceptualHash } from '../../core/perceptual-hash.ts';
import { encodeJpeg, readImage, readImageFile, shrinkTo } from '../../media/index.node.ts';
import { pairLlr } from '../calibration.ts';
import { describe, residualSpectrum, SMALLEST } from '../description.ts';
import { tooSmall } from '../failures.ts';
import type { Gallery } from '../gallery.ts';
import type { Prepared } from '../metric.ts';
import { type ClusterOptions, clusterSources, type SourceCluster, sourceLinks } from './cluster.ts';
import { nearIdentical } from './near-identical.ts';
import { Pairs } from './pairs.ts';

/** Longer side of a thumbnail. */
const THUMBNAIL = 200;
/** So many pictures are the most that are compared each with each. */
export const MOST_SORTED = 5000;

interface Entry {
  readonly file: string;
  readonly prepared: Prepared;
  readonly hash: PerceptualHash | null;
  readonly spectrum: Float64Array;
  readonly thumbnail?: Uint8Array;
}

export interface Sorted {
  readonly pictures: readonly { readonly file: string; readonly thumbnail?: Uint8Array }[];
  readonly clusters: readonly (SourceCluster & { readonly spectrum: Float64Array })[];
  readonly unclustered: readonly number[];
  readonly nearIdentical: readonly (readonly number[])[];
  readonly links: readonly { readonly a: number; readonly b: number }[];
  readonly skipped: readonly { readonly file: string; readonly error: HuoyanError }[];
}

export class Sorter {
  readonly #entries: Entry[] = [];
  readonly #skipped: { file: string; error: HuoyanError }[] = [];

  /** `thumbnails`: also make what a report shows. */
  constructor(
    private readonly gallery: Gallery,
    private readonly thumbnails: boolean,
  ) {}

  get count(): number {
    return this.#entries.length;
  }

  /** Takes in the picture in `bytes`, or in the file `name`; what cannot be read or compared is set aside. */
  async add(name: string, bytes?: Uint8Array): Promise<void> {
    try {
      const { pixels } = bytes ? await readImage(bytes, name) : await readImageFile(name);
      if (Math.min(pixels.width, pixels.height) < SMALLEST) throw tooSmall(pixels);
      const light = luma(pixels);
      this.#entries.push({
        file: name,
        prepared: this.gallery.prepare(describe(pixels)),
        hash: perceptualHash(light),
        spectrum: residualSpectrum(light),
        ...(this.thumbnails && {
          thumbnail: await encodeJpeg(await shrinkTo(pixels, THUMBNAIL), { quality: 78 }),
        }),
      });
    } catch (thrown) {
      this.skip(name, asHuoyanError(thrown));
    }
  }

  skip(file: string, error: HuoyanError): void {
    this.#skipped.push({ file, error });
  }

  /** Everything taken in, by source. */
  sort(options: Omit<ClusterOptions, 'llr'> = {}): Sorted {
    const all = this.#entries;
    const { metric } = this.gallery;
    const similarities = new Pairs(all.length, (i, j) => metric.similarity(all[i].prepared, all[j].prepared));
    const settings: ClusterOptions = { ...options, llr: (similarity) => pairLlr(similarity) };
    const clustering = clusterSources(similarities, settings);
    return {
      pictures: all.map(({ file, thumbnail: small }) => ({ file, thumbnail: small })),
      clusters: clustering.clusters.map((cluster) => ({
        ...cluster,
        spectrum: meanSpectrum(cluster.members.map((i) => all[i].spectrum)),
      })),
      unclustered: clustering.unclustered,
      nearIdentical: nearIdentical(all.map(({ hash }) => hash)),
      links: sourceLinks(similarities, clustering, settings),
      skipped: this.#skipped,
    };
  }
}

function meanSpectrum(spectra: readonly Float64Array[]): Float64Array {
  const mean = new Float64Array(spectra[0].length);
  for (const spectrum of spectra)
    for (let i = 0; i < mean.length; i++) mean[i] += spectrum[i] / spectra.length;
  return mean;
}
