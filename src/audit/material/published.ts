/**
 * Published data sets as attack material: FaceForensics++, Celeb-DF and DFDC in their own layouts, as clips or, where
 * they were cut already, as frames. Who is impersonated differs by method: a face swap passes as the person whose face was put on, a
 * re-enactment as the person who was filmed. DFDC does not say whose face it used.
 */
import { dirname } from 'node:path';
import { celebDf } from '../../bench/data/celeb-df.ts';
import { dfdc } from '../../bench/data/dfdc.ts';
import { faceforensics } from '../../bench/data/faceforensics.ts';
import { Folder } from '../../bench/data/folder.ts';
import type { BenchItem } from '../../bench/data/item.ts';
import type { Layout } from '../../bench/data/layout.ts';
import type { FakeFiles, FakeLayout } from './fake-layout.ts';

/** Methods of FaceForensics++ that move a filmed face and keep whose it is. */
const REENACTMENT = new Set(['Face2Face', 'NeuralTextures']);

/** The body first, then the face put on it, as the benchmark's adapters have them. */
function impersonated({ identities = [], generator }: BenchItem): string | null {
  const [filmed, face] = identities;
  return (generator && REENACTMENT.has(generator) ? filmed : face) ?? null;
}

const published = (layout: Layout): FakeLayout => ({
  name: layout.name,
  async read(root): Promise<FakeFiles | null> {
    const folder = new Folder(root);
    if (!layout.recognises(folder)) return null;
    const { items } = layout.read(folder);
    const frames = items.filter(({ media }) => media === 'image');
    const shown = frames.length > 0 ? frames : items.filter(({ media }) => media === 'video');
    return {
      fakes: shown
        .filter(({ label }) => label === 'fake')
        .map((item) => ({
          path: item.path,
          person: impersonated(item),
          method: item.generator ?? null,
          clip: item.media === 'video' ? item.key : dirname(item.key),
        })),
      reals: shown.flatMap(({ label, path, identities }) =>
        label === 'real' && identities?.[0] ? [{ path, person: identities[0] }] : [],
      ),
    };
  },
});

/** Each before the layouts that fit anything. */
export const PUBLISHED: readonly FakeLayout[] = [faceforensics, celebDf, dfdc].map(published);
