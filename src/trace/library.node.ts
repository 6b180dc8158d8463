/** Pictures remembered by their fingerprints: what `huoyan trace index` keeps, and finds again by source. */
import { join } from 'node:path';
import { readImage, readImageFile } from '../media/index.node.ts';
import { describe, SMALLEST } from './description.ts';
import { Embedder } from './embedding.ts';
import { tooSmall } from './failures.ts';
import { huoyanHome } from './home.node.ts';
import type { FingerprintIndex, Match } from './index/fingerprint.ts';
import { type IndexPlace, openIndex } from './index/open.node.ts';
import { readKnown } from './known.node.ts';

/** The user's own index. */
export function defaultPlace(home = huoyanHome()): IndexPlace {
  return { folder: join(home, 'trace', 'index') };
}

/** A folder, or a server as `postgres://…`. */
export function placeOf(text: string | undefined): IndexPlace {
  if (text === undefined) return defaultPlace();
  return /^postgres(ql)?:\/\//.test(text) ? { database: text } : { folder: text };
}

/** Pictures as the vectors that the index compares. */
export class Fingerprinter {
  private constructor(private readonly embedder: Embedder) {}

  /** Rejects with what `readKnown` rejects with. */
  static async open(): Promise<Fingerprinter> {
    return new Fingerprinter(new Embedder(await readKnown()));
  }

  get dimensions(): number {
    return this.embedder.dimensions;
  }

  /** The fingerprint of a picture, and its sha256. Rejects with HuoyanError for what cannot be read or is too small. */
  async fingerprint(name: string, bytes?: Uint8Array): Promise<{ id: string; vector: Float32Array }> {
    const { pixels, sha256 } = bytes ? await readImage(bytes, name) : await readImageFile(name);
    if (Math.min(pixels.width, pixels.height) < SMALLEST) throw tooSmall(pixels);
    return { id: sha256, vector: this.embedder.embed(describe(pixels)) };
  }
}

export class Library {
  private constructor(
    readonly index: FingerprintIndex,
    private readonly fingerprinter: Fingerprinter,
  ) {}

  /** Rejects with what `openIndex` and `readKnown` reject with. */
  static async open(place: IndexPlace): Promise<Library> {
    const fingerprinter = await Fingerprinter.open();
    return new Library(await openIndex(place, { dimensions: fingerprinter.dimensions }), fingerprinter);
  }

  /** Remembers a picture; false when these very bytes are remembered already. */
  async add(name: string, bytes?: Uint8Array): Promise<boolean> {
    const { id, vector } = await this.fingerprinter.fingerprint(name, bytes);
    const [nearest] = await this.index.search(vector, 1);
    if (nearest?.id === id) return false;
    await this.index.add([{ id, label: name, vector }]);
    return true;
  }

  /** The remembered pictures most alike by source, this very picture left out. */
  async alike(name: string, count: number, bytes?: Uint8Array): Promise<Match[]> {
    const { id, vector } = await this.fingerprinter.fingerprint(name, bytes);
    return (await this.index.search(vector, count + 1)).filter((match) => match.id !== id).slice(0, count);
  }

  /** Forgets a picture by its content; false when it was not remembered. */
  async remove(name: string, bytes?: Uint8Array): Promise<boolean> {
    const { id } = await this.fingerprinter.fingerprint(name, bytes);
    return (await this.index.delete([id])) > 0;
  }

  close(): Promise<void> {
    return this.index.close();
  }
}
