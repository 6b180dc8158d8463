/**
 * A recogniser made of features: whoever turns a face into a vector whose cosine tells people apart becomes one. The
 * gallery is held in memory, a person is as alike as the best of their enrolled pictures, and the confidence is the
 * cosine itself (0 where it is negative), because these networks state nothing better.
 */
import type { Json } from '../../core/json.ts';
import type { Act, Call, Candidate, Compared, Pace, Picture, Plan, Recogniser } from '../recogniser.ts';

export interface Describer {
  /** Stands in the report after `local:`. */
  readonly name: string;
  /** All that changes the features. */
  readonly settings: Json;
  /** Features of the largest face, of length 1; null where there is no face. */
  features(picture: Picture): Promise<Float32Array | null>;
}

/** Candidates handed out. */
const MOST = 5;

export class DescribingRecogniser implements Recogniser {
  readonly name: string;
  readonly settings: Json;
  readonly knows = 'enrolled';
  readonly remote = false;
  readonly price = null;
  readonly pace: Pace = { perSecond: Number.POSITIVE_INFINITY, parallel: 2, timeoutMs: 120_000 };
  readonly #describer: Describer;
  readonly #gallery = new Map<string, Float32Array[]>();
  readonly #known = new Map<string, Float32Array | null>();

  constructor(describer: Describer) {
    this.#describer = describer;
    this.name = `local:${describer.name}`;
    this.settings = describer.settings;
  }

  *acts({ enrol, identify, compare }: Plan): Generator<Act> {
    const seen = new Set<string>();
    for (const { sha256 } of [...enrol.map(({ picture }) => picture), ...identify, ...compare.flat()]) {
      if (seen.has(sha256)) continue;
      seen.add(sha256);
      yield describing(sha256);
    }
  }

  async enrol(person: string, picture: Picture, call: Call): Promise<void> {
    const features = await this.describe(picture, call);
    if (!features) return;
    const own = this.#gallery.get(person);
    if (own) own.push(features);
    else this.#gallery.set(person, [features]);
  }

  async identify(picture: Picture, call: Call): Promise<readonly Candidate[]> {
    const features = await this.describe(picture, call);
    if (!features) return [];
    return [...this.#gallery]
      .map(([name, own]) => ({
        name,
        confidence: Math.max(0, ...own.map((known) => cosine(features, known))),
      }))
      .sort((a, b) => b.confidence - a.confidence || (a.name < b.name ? -1 : 1))
      .slice(0, MOST);
  }

  async compare(a: Picture, b: Picture, call: Call): Promise<Compared> {
    const [one, other] = [await this.describe(a, call), await this.describe(b, call)];
    return { similarity: one && other ? Math.max(0, cosine(one, other)) : null };
  }

  async describe(picture: Picture, call: Call): Promise<Float32Array | null> {
    const known = this.#known.get(picture.sha256);
    if (known !== undefined) return known;
    const written = await call(describing(picture.sha256), async () => {
      const features = await this.#describer.features(picture);
      return features && toText(features);
    });
    const features = written === null ? null : fromText(written);
    this.#known.set(picture.sha256, features);
    return features;
  }
}

const describing = (sha256: string): Act => ({ operation: 'describe', key: [sha256] });

/** Of vectors of length 1. */
function cosine(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return Math.min(1, sum);
}

const toText = (features: Float32Array) =>
  Buffer.from(features.buffer, features.byteOffset, features.byteLength).toString('base64');

function fromText(text: string): Float32Array {
  const bytes = Buffer.from(text, 'base64');
  return new Float32Array(
    bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength - (bytes.byteLength % 4)),
  );
}
