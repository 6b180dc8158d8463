/** Which part of the face an attention map looks at: the explanation in one word. */
import { apply, type Point } from '../../face/geometry.ts';
import type { ScoredFace } from './score.ts';
import { FACE_SIDE, type FaceView } from './view.ts';

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

/** Names the part of a face under the centre of mass of what is strongest in a map; made once for all maps of the face. */
export function partsOf({ attentionSide: side, face, view }: ScoredFace): (map: Float32Array) => FacePart {
  const { mesh } = face;
  if (!mesh) return () => 'nose';
  const places = placesOf(mesh, view);
  return (map) => {
    let most = 0;
    for (let i = 0; i < map.length; i++) if (map[i] > most) most = map[i];
    let x = 0;
    let y = 0;
    let mass = 1e-9;
    for (let i = 0; i < map.length; i++) {
      if (!(map[i] > 0.8 * most)) continue;
      x += map[i] * ((i % side) + 0.5);
      y += map[i] * (Math.floor(i / side) + 0.5);
      mass += map[i];
    }
    const centre = { x: (x / mass) * (FACE_SIDE / side), y: (y / mass) * (FACE_SIDE / side) };
    let nearest = places[0];
    let least = Number.POSITIVE_INFINITY;
    for (const place of places) {
      const far = Math.hypot(place.point.x - centre.x, place.point.y - centre.y);
      if (far >= least) continue;
      least = far;
      nearest = place;
    }
    return nearest.part;
  };
}

/** Where the parts of a face stand in its view. */
function placesOf(mesh: Float32Array, { toView }: FaceView): { part: FacePart; point: Point }[] {
  const at = (indices: readonly number[]): Point => {
    const points = indices.map((i) => apply(toView, { x: mesh[3 * i], y: mesh[3 * i + 1] }));
    return {
      x: points.reduce((sum, p) => sum + p.x, 0) / points.length,
      y: points.reduce((sum, p) => sum + p.y, 0) / points.length,
    };
  };
  return [
    ...Object.entries(ANCHORS).flatMap(([part, all]) =>
      all.map((indices) => ({ part: part as FacePart, point: at(indices) })),
    ),
    ...EDGE.map((i) => ({ part: 'edge' as const, point: at([i]) })),
  ];
}
