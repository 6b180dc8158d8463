/**
 * `npm run bench:detectors -- meso`: what Meso4's figure on a method hangs on. The same fakes against several kinds of
 * real pictures, shown whole and as face crops, resized in several ways: a published figure without these is no figure.
 */
import { basename, join } from 'node:path';
import { faceSets, sideOf } from '../../recipes/faceswap/sets.ts';
import { auc } from '../../src/bench/metrics.ts';
import { planesOf } from '../../src/bench/peers/learned.ts';
import { openMeso } from '../../src/bench/peers/meso-detector.ts';
import { MESO_SIDE } from '../../src/bench/peers/mesonet.ts';
import type { RgbImage } from '../../src/core/image.ts';
import { faceView } from '../../src/evidence/faceswap/view.ts';
import { type ResizeKernel, readBytes, readImage, resize } from '../../src/media/index.node.ts';
import { spread } from './files.ts';
import { largestFace } from './portraits.ts';

const FAKES = ['fake_liveportrait_lip', 'fake_celebfom', 'fake_edtalk256', 'fake_musev'];
/** Of a set. */
const MOST = 24;
/** The authors' crops of faces reach a little further than the hull. */
const MESO_ROOM = 1.3;
const KERNELS = ['linear', 'cubic', 'lanczos3', 'nearest'] as const satisfies readonly ResizeKernel[];

type Way = (typeof KERNELS)[number] | 'face crop';
const WAYS: readonly Way[] = [...KERNELS, 'face crop'];

/** Returns the section of the page. */
export async function meso(data: string): Promise<string> {
  const detector = await openMeso('meso4', join(data, 'weights'));
  const shown = async (image: RgbImage, way: Way): Promise<RgbImage | null> => {
    if (way !== 'face crop') return resize(image, { width: MESO_SIDE, height: MESO_SIDE, kernel: way });
    const face = await largestFace(image);
    return face && faceView(image, face, MESO_SIDE, MESO_ROOM).image;
  };
  const scores = async (files: readonly string[]) => {
    const found = new Map<Way, number[]>(WAYS.map((way) => [way, []]));
    for (const file of files) {
      const { pixels } = await readImage(await readBytes(file), basename(file));
      for (const way of WAYS) {
        const view = await shown(pixels, way);
        if (view) found.get(way)?.push((await detector.inside.logits(planesOf(view)))[0]);
      }
    }
    return found;
  };
  const sets = faceSets(data).filter(({ name }) => !name.startsWith('video_'));
  const files = (name: string) => spread(sets.find((set) => set.name === name)?.files ?? [], MOST);
  const photographs = sets.filter(
    ({ name, role }) => role === 'real' && !/dfdc/.test(name) && sideOf(name) === 'held-out',
  );
  const reals = {
    'DFDC face crops': await scores(files('real_dfdc_faces224')),
    'other photographs of faces': await scores(photographs.flatMap((set) => spread(set.files, 2))),
  };
  const lines = [
    `## What Meso4's figure hangs on

Printed by \`npm run bench:detectors -- meso\`. AUC on the same fakes (at most ${MOST} of a method), against two kinds of real pictures; the whole picture resized to ${MESO_SIDE}x${MESO_SIDE} by four kernels, or the largest face with a little around it. 0.5 is chance; below it real pictures are the likelier fakes.
`,
    `| fakes | against | n fake / real | ${WAYS.map((way) => (way === 'face crop' ? way : `whole, ${way}`)).join(' | ')} |`,
    `| --- | --- | --- |${WAYS.map(() => ' --- |').join('')}`,
  ];
  for (const name of FAKES) {
    const fakes = await scores(files(name));
    for (const [against, real] of Object.entries(reals)) {
      const cells = WAYS.map((way) => {
        const [up, down] = [fakes.get(way) ?? [], real.get(way) ?? []];
        const labels = [...up.map(() => true), ...down.map(() => false)];
        return up.length > 0 && down.length > 0 ? auc([...up, ...down], labels).toFixed(2) : '–';
      });
      const n = `${fakes.get('linear')?.length} / ${real.get('linear')?.length}`;
      lines.push(`| ${[name.slice(5), against, n, ...cells].join(' | ')} |`);
    }
  }
  await detector.close();
  return `${lines.join('\n')}\n`;
}
