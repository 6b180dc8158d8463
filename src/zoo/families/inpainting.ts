/** Inpainting: the middle of the picture is missing and made up (context encoders, arXiv:1604.07379). */
import type { Builder, Value } from '../../nn/index.ts';
import type { InpaintingDeclaration, ZooModel } from '../declaration.ts';
import { decode, encode } from '../parts/blocks.ts';
import { fromPicture } from '../parts/from-picture.ts';

/** 1 in the middle half of the side, 0 around it. */
function hole(b: Builder, side: number): Value {
  const inside = (v: number) => v >= side / 4 && v < (3 * side) / 4;
  const mask = Float32Array.from({ length: side * side }, (_, i) =>
    inside(i % side) && inside(Math.floor(i / side)) ? 1 : 0,
  );
  return b.constant(mask, [1, 1, side, side]);
}

export function inpainting(declaration: InpaintingDeclaration): ZooModel {
  const { encoder, decoder, across, critic } = declaration;
  return fromPicture({
    declaration,
    spoil: (b, picture) => {
      const mask = hole(b, picture.shape[2]);
      return b.add(b.mul(picture, b.sub(b.scalar(1), mask)), b.mul(mask, 0.5));
    },
    rebuild(b, spoilt) {
      const { code, before, masks } = b.scope('encoder', () => encode(b, spoilt, encoder));
      return decode(b, code, decoder, { across: across ? before : undefined, masks });
    },
    critic,
    adversarialWeight: 0.02,
  });
}
