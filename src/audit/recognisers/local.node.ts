/**
 * The recognisers that are here without an account: the face networks this machine has, and local binary patterns,
 * which need none. All look at the same, largest face, found and aligned by the face room.
 */
import { alignFace } from '../../face/align.ts';
import { FaceFinder } from '../../face/detect.ts';
import { EMBEDDINGS, type EmbeddingName, FaceEmbedder } from '../../face/embed.ts';
import type { Face } from '../../face/face.ts';
import { installedNetworks, locateNetwork } from '../../face/finder.node.ts';
import type { FaceNetworks } from '../../face/networks.ts';
import { readImage } from '../../media/index.node.ts';
import type { Picture, Recogniser } from '../recogniser.ts';
import { type Describer, DescribingRecogniser } from './describing.ts';
import { patternsOf } from './local-binary-patterns.ts';

/** What the finder and the alignment do; a change makes all remembered features void. */
const VERSION = 1;
/** Side of the aligned face in pixels, and the room around it, for binary patterns. */
const PATTERN_SIDE = 112;
const PATTERN_MARGIN = 0.05;

/** All local recognisers by the name after `local:`; those whose network is not installed fail when first asked. */
export const LOCAL_NAMES = ['faceres', 'mobileface', 'lbp'] as const;
export type LocalName = (typeof LOCAL_NAMES)[number];

/** Local recognisers that work on this machine, best first. */
export async function installedLocals(): Promise<LocalName[]> {
  const there: LocalName[] = [];
  if (!(await locateNetwork('blazeface')) || !(await locateNetwork('facemesh'))) return there;
  for (const name of LOCAL_NAMES)
    if (name === 'lbp' || (await locateNetwork(EMBEDDINGS[name].network))) there.push(name);
  return there;
}

/** The recognisers of these names, sharing one finder. */
export function localRecognisers(
  names: readonly LocalName[],
  networks: FaceNetworks = installedNetworks(),
): Recogniser[] {
  const finder = new FaceFinder(networks);
  const faces = new Faces(finder);
  return names.map((name) => new DescribingRecogniser(describer(name, faces, networks)));
}

function describer(name: LocalName, faces: Faces, networks: FaceNetworks): Describer {
  if (name === 'lbp') {
    return {
      name,
      settings: { version: VERSION, side: PATTERN_SIDE, margin: PATTERN_MARGIN },
      async features(picture) {
        const { face, pixels } = await faces.largest(picture);
        if (!face) return null;
        return patternsOf(alignFace(pixels, face, { size: PATTERN_SIDE, margin: PATTERN_MARGIN }).image);
      },
    };
  }
  const embedder = new FaceEmbedder(networks, name satisfies EmbeddingName);
  const { network, margin } = embedder.model;
  return {
    name,
    settings: { version: VERSION, network, margin },
    async features(picture) {
      const { face, pixels } = await faces.largest(picture);
      return face && embedder.embed(pixels, face);
    },
  };
}

/** Finds each picture's largest face once, whoever asks. */
class Faces {
  readonly #found = new Map<string, Face | null>();

  constructor(private readonly finder: FaceFinder) {}

  async largest(picture: Picture) {
    const { pixels } = await readImage(await picture.bytes(), picture.file);
    let face = this.#found.get(picture.sha256);
    if (face === undefined) {
      [face = null] = await this.finder.find(pixels, { maxFaces: 1 });
      if (face) face = { ...face, mesh: undefined };
      this.#found.set(picture.sha256, face);
    }
    return { face, pixels };
  }
}
