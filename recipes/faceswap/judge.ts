/**
 * Scores every held-out picture and clip frame, as stored and re-shipped, with the network and with MesoNet beside it:
 * `.cache/faceswap/judged.ndjson`, one line a face. The road is that of `huoyan analyze`: the whole file is re-shipped,
 * faces are found in what arrives.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { differentiable, planesOf } from '../../src/bench/peers/learned.ts';
import { MESO_FILES } from '../../src/bench/peers/meso-detector.ts';
import { MESO_SIDE, type MesoName, mesoNetwork, mesoWeights } from '../../src/bench/peers/mesonet.ts';
import type { RgbImage } from '../../src/core/image.ts';
import { carryFaces, facesOf } from '../../src/evidence/faces.node.ts';
import { judgeable, MODEL, scoreFaces, TEXTURE_MODEL } from '../../src/evidence/faceswap/score.ts';
import { faceView } from '../../src/evidence/faceswap/view.ts';
import { decodePixels, readBytes } from '../../src/media/index.node.ts';
import { reship } from '../../src/media/reshipping.node.ts';
import { decodeTensors } from '../../src/nn/safetensors.ts';
import { framesOf } from './frames.ts';
import { openNetworks } from './opened.ts';
import { type FaceRole, faceSets, sideOf } from './sets.ts';

export const CONDITIONS = ['stored', 'jpeg75', 'jpeg50', 'half'] as const;
export type Condition = (typeof CONDITIONS)[number];
const FRAMES = 4;
/** The authors' crops reach a little further than the hull. */
const MESO_ROOM = 1.3;

export interface JudgedFace {
  readonly set: string;
  readonly role: FaceRole;
  /** File name, with the number of the frame for clips. */
  readonly file: string;
  readonly condition: Condition;
  readonly widthPx: number;
  readonly logit: number;
  readonly meso4: number;
  readonly mesoinception4: number;
  /** Bytes for each pixel of the file, the longer side, and whether it was PNG: what a judge of containers would go by. */
  readonly format: readonly [number, number, number];
}

async function openMeso(name: MesoName, weights: string) {
  const { tensors } = decodeTensors(readFileSync(join(weights, MESO_FILES[name])));
  return differentiable(mesoNetwork(name), mesoWeights(name, tensors), MESO_SIDE);
}

/** `folder` holds the networks: the cache while they are being made, `models` for those of the release. */
export async function judge(data: string, cache: string, folder = cache): Promise<void> {
  const models = await openNetworks(join(folder, `${MODEL}.onnx`), join(folder, `${TEXTURE_MODEL}.onnx`));
  const peers = {
    meso4: await openMeso('meso4', join(data, 'weights')),
    mesoinception4: await openMeso('mesoinception4', join(data, 'weights')),
  };
  const lines: string[] = [];
  const scoreAll = async (
    image: RgbImage,
    fact: Pick<JudgedFace, 'set' | 'role' | 'file' | 'condition' | 'format'>,
    most: number,
  ) => {
    const faces = judgeable((await facesOf(image)) ?? []).slice(0, most);
    for (const { face, logit } of await scoreFaces(image, faces, models)) {
      const planes = planesOf(faceView(image, face, MESO_SIDE, MESO_ROOM).image);
      const row: JudgedFace = {
        ...fact,
        widthPx: Math.round(face.box.width),
        logit,
        meso4: (await peers.meso4.logits(planes))[0],
        mesoinception4: (await peers.mesoinception4.logits(planes))[0],
      };
      lines.push(JSON.stringify(row));
    }
  };
  const everyCondition = async (
    image: RgbImage,
    fact: Pick<JudgedFace, 'set' | 'role' | 'file' | 'format'>,
  ) => {
    const most = fact.set.includes('celebblend') ? 1 : 3;
    await scoreAll(image, { ...fact, condition: 'stored' }, most);
    for (const condition of CONDITIONS.slice(1) as Exclude<Condition, 'stored'>[]) {
      const arrived = await decodePixels(await reship(image, condition), {});
      if (condition !== 'half') carryFaces(image, arrived, {});
      await scoreAll(arrived, { ...fact, condition }, most);
    }
  };
  for (const set of faceSets(data)) {
    const before = lines.length;
    for (const path of set.files) {
      const file = basename(path);
      if (sideOf(set.name, set.originals?.get(file)) === 'train') continue;
      try {
        if (set.name.startsWith('video_')) {
          let frame = 0;
          for await (const image of framesOf(path, FRAMES))
            await everyCondition(image, {
              set: set.name,
              role: set.role,
              file: `${file}#${frame++}`,
              format: [0, 0, 0],
            });
          continue;
        }
        const bytes = await readBytes(path);
        const image = await decodePixels(bytes, {});
        const format = [
          bytes.length / (image.width * image.height),
          Math.max(image.width, image.height),
          file.endsWith('.png') ? 1 : 0,
        ] as const;
        await everyCondition(image, { set: set.name, role: set.role, file, format });
      } catch (error) {
        console.error(`${file}: ${error instanceof Error ? error.message : error}`);
      }
    }
    if (lines.length > before) console.error(`${set.name}: ${lines.length - before} looks`);
  }
  writeFileSync(join(cache, 'judged.ndjson'), `${lines.join('\n')}\n`);
  await models.close();
}

export function readJudged(cache: string): JudgedFace[] {
  return readFileSync(join(cache, 'judged.ndjson'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as JudgedFace);
}
