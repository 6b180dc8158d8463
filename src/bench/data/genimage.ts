/**
 * GenImage (Zhu et al., arXiv 2306.08571): `GENERATOR/imagenet_ai_XXXX/{train,val}/{ai,nature}/`. Its photographs are JPEG
 * and its generated pictures mostly PNG: what the leakage check prints here is to be read before any score.
 */
import type { Folder } from './folder.ts';
import type { BenchItem, Split } from './item.ts';
import type { Layout } from './layout.ts';

interface Part {
  readonly key: string;
  readonly generator: string;
  readonly split: Split;
}

export const genimage: Layout = {
  name: 'genimage',
  recognises: (folder) => parts(folder).length > 0,
  read(folder) {
    const items = parts(folder).flatMap(({ key: part, generator, split }) =>
      (['nature', 'ai'] as const).flatMap((kind) =>
        [...folder.media(`${part}/${kind}`)].map(({ key, media }): BenchItem => {
          // `n01440764_10026.JPEG`: the same photograph of ImageNet may stand under several generators.
          const photo = /^(n\d{8})_/.exec(key.split('/').at(-1) ?? '')?.[1];
          return {
            ...{ key, path: folder.path(key), media, split },
            ...(kind === 'ai'
              ? { label: 'fake', generator, source: generator }
              : { label: 'real', source: photo ? `imagenet ${photo}` : `imagenet for ${generator}` }),
          };
        }),
      ),
    );
    return { items, missing: 0 };
  },
};

function parts(folder: Folder): Part[] {
  return folder.folders().flatMap((generator) =>
    ['', ...folder.folders(generator).filter((name) => name.startsWith('imagenet'))].flatMap((batch) =>
      (['train', 'val'] as const).flatMap((split) => {
        const key = [generator, batch, split].filter(Boolean).join('/');
        return folder.hasFolder(`${key}/ai`) || folder.hasFolder(`${key}/nature`)
          ? [{ key, generator, split }]
          : [];
      }),
    ),
  );
}
