/** Which part of the face an attention map looks at: the explanation in one word. */
import { apply, type Point } from '../../face/geometry.ts';
import type { ScoredFace } from './score.ts';
import { FACE_SIDE } from './view.ts';

export type FacePart = 'eyes' | 'nose' | 'mouth' | 'chin' | 'forehead' | 'cheeks' | 'edge';

/** Points of the mesh that stand for a part; a part may stand at two places. */
const ANCHORS: Readonly<Record<Exclude<FacePart, 'edge'>, readonly (readonly number[])[]>> = {
  eyes: [
    [33, 133, 159, 145],
    [263, 362, 386, 374],
  ],
  nose: [[1, 4, 5]],
  mouth: [[13, 14]],
  chin: [[152, 199]],
  forehead: [[10, 151]],
  cheeks: [[50], [280]],
};
/** Ears, jaw and temples: the outline. */
const EDGE = [234, 454, 172, 397, 127, 356, 136, 365] as const;

/** The part under the centre of mass of what is strongest in `map`. */
export function partUnder(scored: ScoredFace, map: Float32Array): FacePart {
  const { attentionSide: side, face, view } = scored;
  let most = 0;
  for (const v of map) most = Math.max(most, v);
  let x = 0;
  let y = 0;
  let mass = 1e-9;
  map.forEach((v, i) => {
    const weight = v > 0.8 * most ? v : 0;
    x += weight * ((i % side) + 0.5);
    y += weight * (Math.floor(i / side) + 0.5);
    mass += weight;
  });
  const centre = { x: (x / mass) * (FACE_SIDE / side), y: (y / mass) * (FACE_SIDE / side) };
  if (!face.mesh) return 'nose';
  const mesh = face.mesh;
  const at = (indices: readonly number[]): Point => {
    const points = indices.map((i) => apply(view.toView, { x: mesh[3 * i], y: mesh[3 * i + 1] }));
    return {
      x: points.reduce((sum, p) => sum + p.x, 0) / points.length,
      y: points.reduce((sum, p) => sum + p.y, 0) / points.length,
    };
  };
  const places: { part: FacePart; point: Point }[] = [
    ...Object.entries(ANCHORS).flatMap(([part, all]) =>
      all.map((indices) => ({ part: part as FacePart, point: at(indices) })),
    ),
    ...EDGE.map((i) => ({ part: 'edge' as const, point: at([i]) })),
  ];
  const far = ({ point }: { point: Point }) => Math.hypot(point.x - centre.x, point.y - centre.y);
  return places.reduce((best, place) => (far(place) < far(best) ? place : best)).part;
}
