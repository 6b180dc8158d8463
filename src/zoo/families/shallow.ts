/**
 * Shallow synthesis models (Yang et al. 2023, arXiv:2307.15977): small networks that give back the picture they are
 * shown, in hundreds of constructions, because it is the construction, above all how it up-samples, that leaves the
 * fingerprint. High fidelity keeps them from teaching "blurred means generated".
 */
import type { ShallowDeclaration, ZooModel } from '../declaration.ts';
import { centred, decode, encode } from '../parts/blocks.ts';
import { fromPicture } from '../parts/from-picture.ts';

const CRITIC = { width: 12, depth: 3, normalisation: 'none', spectral: false } as const;

export function shallow(declaration: ShallowDeclaration): ZooModel {
  const { encoder, decoder, across } = declaration;
  return fromPicture({
    declaration,
    rebuild(b, picture) {
      if (!encoder) return decode(b, b.pixelUnshuffle(centred(b, picture), 2 ** decoder.depth), decoder);
      const { code, before, masks } = b.scope('encoder', () => encode(b, picture, encoder));
      return decode(b, code, decoder, { across: across ? before : undefined, masks });
    },
    critic: CRITIC,
    adversarialWeight: 0.0005,
  });
}
