/** Same person or not: similarity of all pairs of pictures in the galleries, by network and by margin of the crop. */
import { basename, dirname } from 'node:path';
import { auc, thresholdAt } from '../../src/bench/metrics.ts';
import type { RgbImage } from '../../src/core/image.ts';
import { FaceFinder } from '../../src/face/detect.ts';
import { cosineSimilarity, EMBEDDINGS, type EmbeddingName, FaceEmbedder } from '../../src/face/embed.ts';
import { locateNetwork } from '../../src/face/finder.node.ts';
import type { FaceNetworks } from '../../src/face/networks.ts';
import { percent, quantile, table } from './table.ts';

type Pictures = (folder: string, limit?: number) => AsyncGenerator<{ path: string; image: RgbImage }>;

const GALLERIES = [
  'faces/gallery_lfw10',
  'faces/gallery_lfw_more',
  'faces/gallery_5celeb',
  'faces/gallery_bbt_actors',
  'faces/gallery_glint_celeb',
];

interface Portrait {
  readonly gallery: string;
  /** Names are written the same way in all galleries, so that one person in two of them counts once. */
  readonly person: string;
  readonly features: Map<EmbeddingName, Float32Array>;
}

export async function measureIdentity(networks: FaceNetworks, pictures: Pictures): Promise<string> {
  const finder = new FaceFinder(networks);
  const names: EmbeddingName[] = [];
  for (const name of Object.keys(EMBEDDINGS) as EmbeddingName[]) {
    if ((await locateNetwork(EMBEDDINGS[name].network)) !== null) names.push(name);
  }
  const portraits: Portrait[] = [];
  for (const gallery of GALLERIES) {
    for await (const { path, image } of pictures(gallery)) {
      const [face] = await finder.find(image);
      if (!face) continue;
      const person = basename(dirname(path))
        .toLowerCase()
        .replace(/[^a-z]+/g, '_');
      const features = new Map<EmbeddingName, Float32Array>();
      for (const name of names) features.set(name, await new FaceEmbedder(networks, name).embed(image, face));
      portraits.push({ gallery, person, features });
    }
  }
  const rows: string[][] = [];
  for (const name of names) {
    for (const gallery of [...GALLERIES, 'all']) {
      const row = separation(portraits, name, gallery);
      if (row) rows.push(row);
    }
  }
  const head = [
    'network',
    'gallery',
    'pairs same / different',
    'AUC',
    'same: median (5 %)',
    'different: median (99.9 %)',
    'threshold at 0.1 % false',
    'same found at 0.1 %',
    'same found at 1 %',
    'at the shipped threshold: same / different',
  ];
  return table(head, rows);
}

function separation(portraits: readonly Portrait[], name: EmbeddingName, gallery: string): string[] | null {
  const chosen = portraits.filter((p) => gallery === 'all' || p.gallery === gallery);
  const same: number[] = [];
  const different: number[] = [];
  for (let i = 0; i < chosen.length; i++) {
    for (let j = 0; j < i; j++) {
      const a = chosen[i].features.get(name);
      const b = chosen[j].features.get(name);
      if (a && b) (chosen[i].person === chosen[j].person ? same : different).push(cosineSimilarity(a, b));
    }
  }
  if (same.length === 0 || different.length === 0) return null;
  const scores = [...same, ...different];
  const positive = scores.map((_, i) => i < same.length);
  const at = (rate: number) => thresholdAt(rate, different);
  const share = (values: readonly number[], threshold: number) =>
    percent(values.filter((v) => v >= threshold).length, values.length);
  const { threshold } = EMBEDDINGS[name];
  return [
    name,
    gallery,
    `${same.length} / ${different.length}`,
    auc(scores, positive).toFixed(4),
    `${quantile(same, 0.5).toFixed(2)} (${quantile(same, 0.05).toFixed(2)})`,
    `${quantile(different, 0.5).toFixed(2)} (${quantile(different, 0.999).toFixed(2)})`,
    at(0.001).toFixed(3),
    share(same, at(0.001)),
    share(same, at(0.01)),
    `${share(same, threshold)} / ${share(different, threshold)}`,
  ];
}
