/**
 * Every method judged by a network that never saw it: methods are left out in turn, the related ones together. All folds
 * go on from one network that learnt from self-blends alone, which needs no fakes and is judged beside them. They are
 * trained for a tenth of the steps of the release and are not shipped; the authentic faces they are judged by are the
 * held-out ones of `sets.ts`, which nothing here learns from.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RgbImage } from '../../src/core/image.ts';
import { scoreViews } from '../../src/evidence/faceswap/score.ts';
import { FACE_SIDE, ROOM } from '../../src/evidence/faceswap/view.ts';
import { toImage, warp } from '../../src/face/sampling.ts';
import { decodePixels, encodeJpeg } from '../../src/media/index.node.ts';
import { CROP, CROP_ROOM, type Crops, readCrops } from './crops.ts';
import { openNetworks } from './opened.ts';
import type { FaceRole } from './sets.ts';
import { fitTexture } from './texture.ts';
import { type Stage, train } from './train.ts';
import type { PairFact } from './views.ts';

interface Fold {
  readonly name: string;
  /** Sets of these methods are not learnt from. */
  readonly without: RegExp;
}

export const SELF_BLENDS_ALONE = 'self-blends-alone';
const FOLDS: readonly Fold[] = [
  { name: 'without-swaps', without: /dfdc|inswapper|blendface/ },
  { name: 'without-edtalk-musev', without: /edtalk|musev/ },
  { name: 'without-aniportrait-hyperlips', without: /aniportrait|anitalker|hyperlips/ },
  { name: 'without-sadtalker-fom', without: /sadtalker|celebfom|dreamtalk|reenact_comparison/ },
];
/** Methods that no network of this recipe learns from: every fold may be asked about them. */
const ALWAYS_OUT = /faceswap_dlib|celebblend|liveportrait|video_fake_dfdc/;

export const FOLD_CONDITIONS = ['stored', 'jpeg75'] as const;

export interface FoldScore {
  readonly fold: string;
  readonly set: string;
  readonly role: FaceRole;
  readonly file: string;
  readonly condition: (typeof FOLD_CONDITIONS)[number];
  readonly logit: number;
}

const BASE: Stage = {
  ...{ steps: 3000, rate: 1.5e-3, guided: false, checkpoint: `${SELF_BLENDS_ALONE}.safetensors` },
  learns: ({ kind }) => kind === 'self-blend',
};

const stageOf = ({ name, without }: Fold): Stage => ({
  ...{ steps: 1500, rate: 8e-4, guided: false, checkpoint: `${name}.safetensors`, after: BASE },
  learns: ({ fake }) => !without.test(fake),
});

/** What the network sees of a kept crop: its middle. */
function seen(crop: RgbImage): RgbImage {
  const a = (FACE_SIDE * CROP_ROOM) / (CROP * ROOM);
  const shift = FACE_SIDE / 2 - (CROP / 2) * a;
  const place = { width: FACE_SIDE, height: FACE_SIDE, outside: 'edge' } as const;
  return toImage(warp(crop, { a, b: 0, c: 0, d: a, tx: shift, ty: shift }, place), FACE_SIDE, FACE_SIDE);
}

async function judgeWith(
  fold: string,
  asked: (set: string, role: FaceRole) => boolean,
  crops: Crops,
  cache: string,
): Promise<FoldScore[]> {
  const models = await openNetworks(join(cache, `${fold}.onnx`), join(cache, `${fold}-texture.onnx`));
  const scores: FoldScore[] = [];
  for (const [i, { set, role, side, file, original }] of crops.facts.entries()) {
    // Of DFDC, only what was made of originals that nothing learns from.
    const known = original !== undefined && side === 'train';
    if (known || !asked(set, role) || (role === 'real' && side === 'train')) continue;
    const crop = crops.image(i);
    const saved = await decodePixels(await encodeJpeg(crop, { quality: 75, subsampling: '4:2:0' }), {});
    const [stored, jpeg75] = await scoreViews([seen(crop), seen(saved)], models);
    scores.push({ fold, set, role, file, condition: 'stored', logit: stored.logit });
    scores.push({ fold, set, role, file, condition: 'jpeg75', logit: jpeg75.logit });
  }
  await models.close();
  return scores;
}

/** Trains and judges what is not there yet; the scores lie in `.cache/faceswap/folds.ndjson`. */
export async function judgeFolds(cache: string, threads: number): Promise<void> {
  const crops = readCrops(cache);
  const all = [
    {
      name: SELF_BLENDS_ALONE,
      stage: BASE,
      asked: (_: string, role: FaceRole) => role !== 'generated',
    },
    ...FOLDS.map((fold) => ({
      name: fold.name,
      stage: stageOf(fold),
      asked: (set: string, role: FaceRole) =>
        role === 'real' || (role !== 'generated' && (fold.without.test(set) || ALWAYS_OUT.test(set))),
    })),
  ];
  const lines: string[] = [];
  for (const { name, stage, asked } of all) {
    const learns: (pair: PairFact) => boolean = stage.learns ?? (() => true);
    await train(cache, stage, threads, `${name}.onnx`);
    const texture = `${name}-texture.onnx`;
    if (!existsSync(join(cache, texture))) await fitTexture(cache, threads, texture, learns);
    const scores = await judgeWith(name, asked, crops, cache);
    console.error(`${name}: ${scores.length} looks`);
    lines.push(...scores.map((score) => JSON.stringify(score)));
  }
  const path = join(cache, 'folds.ndjson');
  writeFileSync(`${path}.partial`, `${lines.join('\n')}\n`);
  renameSync(`${path}.partial`, path);
}

export function readFolds(cache: string): FoldScore[] {
  return readFileSync(join(cache, 'folds.ndjson'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as FoldScore);
}
