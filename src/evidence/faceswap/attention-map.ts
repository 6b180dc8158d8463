/** The attention of every judged face, laid over the whole picture. */
import type { EvidenceMap } from '../../core/evidence.ts';
import type { RgbImage } from '../../core/image.ts';
import { apply } from '../../face/geometry.ts';
import type { ScoredFace } from './score.ts';
import { FACE_SIDE } from './view.ts';
import { MAP_MEANING } from './words.ts';

/** Longest side of the map in cells. */
const MAP_SIDE = 48;

/** Attention summed over maps, its strongest place 1: how much each cell of the view matters, row-major. */
export function attentionOf({ attention }: ScoredFace): Float32Array {
  const sum = new Float32Array(attention[0]?.length ?? 0);
  for (const map of attention) for (let i = 0; i < sum.length; i++) sum[i] += map[i];
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const v of sum) {
    least = Math.min(least, v);
    most = Math.max(most, v);
  }
  return sum.map((v) => (most > least ? (v - least) / (most - least) : 0));
}

/** Cells within a face's hull-square take its attention times its strength (0..1); all others are NaN. */
export function attentionMap(
  image: RgbImage,
  faces: readonly ScoredFace[],
  strengths: readonly number[],
): EvidenceMap {
  const cell = Math.max(4, Math.ceil(Math.max(image.width, image.height) / MAP_SIDE));
  const width = Math.ceil(image.width / cell);
  const height = Math.ceil(image.height / cell);
  const data = new Float32Array(width * height).fill(Number.NaN);
  faces.forEach((scored, f) => {
    const attention = attentionOf(scored);
    const side = scored.attentionSide;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const p = apply(scored.view.toView, { x: (x + 0.5) * cell, y: (y + 0.5) * cell });
        const u = Math.floor((p.x / FACE_SIDE) * side);
        const v = Math.floor((p.y / FACE_SIDE) * side);
        if (u < 0 || v < 0 || u >= side || v >= side) continue;
        const value = strengths[f] * attention[v * side + u];
        const before = data[y * width + x];
        data[y * width + x] = Number.isNaN(before) ? value : Math.max(before, value);
      }
    }
  });
  return { width, height, data, meaning: MAP_MEANING };
}
