/** Super-resolution: residual blocks at the small side, then up (SRResNet and SRGAN, arXiv:1609.04802). */
import type { SuperResolutionDeclaration, ZooModel } from '../declaration.ts';
import { activate, centred, decode, normalise } from '../parts/blocks.ts';
import { fromPicture } from '../parts/from-picture.ts';

export function superResolution(declaration: SuperResolutionDeclaration): ZooModel {
  const { factor, width, blocks, decoder, critic } = declaration;
  return fromPicture({
    declaration,
    spoiltShape: (side) => [3, side / factor, side / factor],
    spoil: (b, picture) => b.averagePool(picture, { size: factor }),
    rebuild(b, small) {
      let h = b.conv(centred(b, small), width);
      for (let i = 0; i < blocks; i++) {
        h = b.scope(`residual/block${i + 1}`, () => {
          const inner = activate(
            b,
            normalise(b, b.conv(h, width), decoder.normalisation),
            decoder.activation,
          );
          return b.scope('skip', () => b.add(h, b.conv(inner, width)));
        });
      }
      return decode(b, h, decoder);
    },
    critic,
    adversarialWeight: 0.005,
  });
}
