/** Which real sources of the corpus a cloak is judged on. Neither the zoo's faces nor what is learnt here comes from them. */

const JUDGED =
  /^real_(3dsk_faces|5celebs_small|blendface_faces|codeformer_inputs|deepface_celeb_tests|dlib_johns|facegame_brock|gfpgan_inputs|hdtf_misc|inswapper_inputs|mmpose_faces|tv_faces_png|u2net_portraits|unsplash800_brock)$/;

/** Longer side pictures are shrunk to; faces are then as large as in pictures people put on the web. */
export const LONGEST = 720;

/** Whether portraits of `source` are what cloaks are judged by. */
export function isJudged(source: string): boolean {
  return JUDGED.test(source);
}
