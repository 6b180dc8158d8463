/**
 * BlazeFace's answer, decoded: 896 anchors on two grids, each with a score, a box and six key points relative to the
 * anchor, blended instead of suppressed where they mean the same face (Bazarevsky et al. 2019, section 3.4).
 */
import type { Box } from '../core/image.ts';
import type { Tensor } from '../core/tensor.ts';
import { overlap, type Point } from './geometry.ts';
import { NETWORKS } from './networks.ts';

/** A face in the coordinates of the network's input. */
export interface Candidate {
  readonly box: Box;
  readonly score: number;
  /** Right eye, left eye, nose tip, mouth, right ear, left ear. */
  readonly points: readonly Point[];
}

/** Numbers for one anchor: centre x and y, width, height, six points. */
const ROW = 16;

/** Centres of the anchors: a 16x16 grid with two each, then an 8x8 grid with six each. */
function anchorCentres(size: number): Float32Array {
  const centres: number[] = [];
  for (const { cells, each } of [
    { cells: 16, each: 2 },
    { cells: 8, each: 6 },
  ]) {
    const stride = size / cells;
    for (let y = 0; y < cells; y++) {
      for (let x = 0; x < cells; x++) {
        for (let i = 0; i < each; i++) centres.push(stride * (x + 0.5), stride * (y + 0.5));
      }
    }
  }
  return Float32Array.from(centres);
}

const ANCHORS = anchorCentres(NETWORKS.blazeface.size);

/** Faces with at least `minScore` among the outputs of one run, best first, those of one face blended into one. */
export function decodeCandidates(outputs: Readonly<Record<string, Tensor>>, minScore: number): Candidate[] {
  const find = (rows: number, columns: number): Float32Array => {
    const tensor = Object.values(outputs).find((t) => t.dims[1] === rows && t.dims[2] === columns);
    if (!(tensor?.data instanceof Float32Array))
      throw new RangeError(`BlazeFace gave no ${rows}x${columns} output`);
    return tensor.data;
  };
  const found: Candidate[] = [];
  let anchor = 0;
  for (const rows of [512, 384]) {
    const scores = find(rows, 1);
    const values = find(rows, ROW);
    for (let i = 0; i < rows; i++, anchor++) {
      const score = 1 / (1 + Math.exp(-scores[i]));
      if (!(score >= minScore)) continue;
      const ax = ANCHORS[anchor * 2];
      const ay = ANCHORS[anchor * 2 + 1];
      const row = values.subarray(i * ROW, (i + 1) * ROW);
      const [dx, dy, width, height] = row;
      if (!(width > 0 && height > 0)) continue;
      const box = { x: ax + dx - width / 2, y: ay + dy - height / 2, width, height };
      const points = Array.from({ length: 6 }, (_, k) => ({
        x: ax + row[4 + 2 * k],
        y: ay + row[5 + 2 * k],
      }));
      found.push({ box, score, points });
    }
  }
  return blend(found);
}

/** Weighted non-maximum suppression: overlapping answers are averaged by score, which steadies boxes and points. */
function blend(candidates: readonly Candidate[]): Candidate[] {
  const queue = [...candidates].sort((p, q) => q.score - p.score);
  const blended: Candidate[] = [];
  while (queue.length > 0) {
    const best = queue[0];
    const group = queue.filter((c) => c === best || overlap(c.box, best.box) > 0.3);
    for (const member of group) queue.splice(queue.indexOf(member), 1);
    const total = group.reduce((sum, c) => sum + c.score, 0);
    const mean = (pick: (c: Candidate) => number) =>
      group.reduce((sum, c) => sum + pick(c) * c.score, 0) / total;
    blended.push({
      box: {
        x: mean((c) => c.box.x),
        y: mean((c) => c.box.y),
        width: mean((c) => c.box.width),
        height: mean((c) => c.box.height),
      },
      score: best.score,
      points: best.points.map((_, k) => ({ x: mean((c) => c.points[k].x), y: mean((c) => c.points[k].y) })),
    });
  }
  return blended;
}
