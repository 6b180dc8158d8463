/**
 * `huoyan zoo sample NAME`: pictures whose maker is known, as PNG files. Each says in its metadata that it is generated
 * (GB 45438-2025 and IPTC), because what we make must not become someone's unlabelled fake.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HuoyanError } from '../../core/errors.ts';
import { aigcXmpPacket } from '../../credentials/aigc/label.ts';
import { withXmp } from '../../credentials/png-xmp.ts';
import { fromFileSystem } from '../../media/failures.ts';
import { encodePng } from '../../media/index.node.ts';
import { fullCatalogue } from '../../zoo/catalogue/full.ts';
import { shallowCatalogue } from '../../zoo/catalogue/shallow.ts';
import type { PictureSource, ZooModel } from '../../zoo/declaration.ts';
import { deadLeaves } from '../../zoo/material.ts';
import { sampleFrom, takesSize } from '../../zoo/sampling.node.ts';
import { userPictures } from '../../zoo/user-pictures.node.ts';
import { openZooWeights, type Trained } from '../../zoo/weights.node.ts';
import { zooModel } from '../../zoo/zoo.ts';
import type { Console } from '../console.ts';
import { EXIT } from '../exit.ts';
import { CommandFailure, usageError } from '../failure.ts';

export interface ZooSampleFlags {
  readonly count: number;
  readonly seed: number;
  /** Default: a folder of the generator's name. */
  readonly out?: string;
  /** Side in pixels. */
  readonly size?: number;
  /** Folder with pictures to start from. */
  readonly from?: string;
}

const PRODUCER_CODE = 'huoyan-zoo';
/** Encoders halve sides up to three times. */
const STEP = 8;

/** Writes the pictures; exit code 5 when the generator's weights are not here or damaged. */
export async function zooSample(name: string, flags: ZooSampleFlags, io: Console): Promise<number> {
  const model = modelNamed(name);
  const size = sideFor(model, flags);
  const { weights } = await weightsOf(model);
  const pictures = await picturesFor(model, flags, size, io);
  const folder = flags.out ?? name;
  try {
    await mkdir(folder, { recursive: true });
  } catch (thrown) {
    throw fromFileSystem(folder, thrown);
  }
  const { count, seed } = flags;
  const digits = Math.max(4, String(count).length);
  let made = 0;
  for await (const image of sampleFrom(model, weights, { count, seed, pictures, size })) {
    made++;
    const stem = `${name}-${seed}-${String(made).padStart(digits, '0')}`;
    const label = { Label: '1', ContentProducer: PRODUCER_CODE, ProduceID: stem } as const;
    const png = withXmp(await encodePng(image), aigcXmpPacket(label, 'trainedAlgorithmicMedia'));
    const path = join(folder, `${stem}.png`);
    await writeFile(path, png).catch((thrown) => {
      throw fromFileSystem(path, thrown);
    });
    io.status(() => ({ en: `${made} of ${count} pictures`, zh: `${made} / ${count} 张` }));
  }
  io.note({
    en: `${made} pictures of ${size}x${size} in ${folder}, each labelled as AI-generated`,
    zh: `已在 ${folder} 写入 ${made} 张 ${size}x${size} 图片，均带有人工智能生成标识`,
  });
  return EXIT.ok;
}

function modelNamed(name: string): ZooModel {
  const all = [...fullCatalogue(), ...shallowCatalogue()];
  const declaration = all.find((one) => one.name === name);
  if (declaration) return zooModel(declaration);
  const alike = all.filter((one) => name !== '' && one.name.includes(name)).slice(0, 8);
  const some = alike.map((one) => one.name).join(', ');
  throw usageError(
    { en: `there is no generator "${name}"`, zh: `没有名为“${name}”的生成器` },
    alike.length > 0
      ? { en: `did you mean ${some}? All: huoyan zoo list`, zh: `您是否指 ${some}？全部见 huoyan zoo list` }
      : { en: 'all of them: huoyan zoo list', zh: '全部见 huoyan zoo list' },
  );
}

function sideFor(model: ZooModel, flags: ZooSampleFlags): number {
  const { name, size } = model.declaration;
  if (flags.size === undefined || flags.size === size) return size;
  if (!takesSize(model)) {
    throw usageError(
      { en: `${name} makes pictures of ${size}x${size} only`, zh: `${name} 只能生成 ${size}x${size} 的图片` },
      { en: 'leave --size out', zh: '请去掉 --size' },
    );
  }
  if (flags.size % STEP !== 0) {
    throw usageError(
      { en: `--size must be a multiple of ${STEP}`, zh: `--size 应为 ${STEP} 的倍数` },
      { en: 'for instance --size 64', zh: '例如 --size 64' },
    );
  }
  return flags.size;
}

/** Absent or damaged weights are a component that is missing, whichever of the two it is. */
async function weightsOf(model: ZooModel): Promise<Trained> {
  try {
    return await openZooWeights().of(model);
  } catch (thrown) {
    if (thrown instanceof HuoyanError) throw new CommandFailure(EXIT.component, thrown);
    throw thrown;
  }
}

async function picturesFor(
  model: ZooModel,
  { from }: ZooSampleFlags,
  size: number,
  io: Console,
): Promise<PictureSource> {
  if (from === undefined) return deadLeaves;
  if (!model.needsPictures) {
    throw usageError(
      {
        en: `${model.declaration.name} makes its pictures from noise`,
        zh: `${model.declaration.name} 由噪声生成图片`,
      },
      { en: 'leave --from out', zh: '请去掉 --from' },
    );
  }
  const { source, count, failed } = await userPictures(from, size);
  for (const { path, error } of failed) io.error(error, path);
  io.note({ en: `starting from ${count} pictures of ${from}`, zh: `以 ${from} 中的 ${count} 张图片为起点` });
  return source;
}
