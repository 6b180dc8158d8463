/**
 * Which set is trained on and judged where. Split by source and by generator, never by file:
 *
 * - every gallery, repository or data set (`sdnext`, `comfy`, `lfw`, …) lies in one of four folds as a whole, real
 *   counterparts with the fakes made from them;
 * - a model judged on a fold is trained on the other folds, **less** every set made by a generator that occurs in the
 *   fold it is judged on (SDXL pictures of one gallery do not teach it the SDXL pictures of another).
 *
 * `part` sets are real pictures with a synthetic part or synthetic detail (swaps, inpainting, restoration,
 * super-resolution): a whole-picture label would be wrong, so they are not trained on and are reported apart.
 * `tiny` sets are below the detector's smallest side.
 */
import type { ImageSet } from '../../src/bench/corpus.ts';

export type Role = 'whole' | 'part' | 'real' | 'tiny';

export interface Placed extends ImageSet {
  readonly role: Role;
  readonly fold: number;
  /** Generators a set was made by, where more than one set was made by it; empty for real sets. */
  readonly generators: readonly string[];
}

const TINY = /began_celeba64|began_ae_celeba|ddpm_(afhq|celeba)64|cifar/;
const PART =
  /dfdc|faceswap|inswapper|blendface|inpaint|repaint|deepfillv2|bop_oldphoto|bsrgan|esrgan|codeformer|gfpgan|gpen_(colorization|inpainting)/;

/** First match decides. */
const FOLD_OF: readonly (readonly [RegExp, number])[] = [
  [/_sdnext$|pix2pix|_musev$|kurlyto$|_celebfom$/, 0],
  [/_(sdcpp|exwf|comfy|fal|mflux|cog)$|liveportrait|_sentry$|stylegan3|singan|gpnn|places50/, 1],
  [/stylegan2_ffhq|boredhumans|_brock$|gpen|ffhq|edtalk|_(dcsan|repo|kolors|page)$|ldm_text2img256|hdtf/, 2],
  [/^fake_/, 3],
  // Real sets without a fake counterpart, dealt out so that every fold has faces, phones, cameras, web and lossless.
  [/lfw_|bsds500|kodak_gray|grocery_iphone|jetson|u2net_portraits|dicm|masked_news/, 0],
  [/camera_exif_a|dlib_johns|deepface_celeb|mcmaster|raccoon|mmpose_faces|phototourism|realsrset/, 1],
  [/dfdc_faces224|iphone8|sun_hays|imagenet|crowds_web|u2net_web|codeformer_inputs|3dsk|celebs112/, 2],
  [/./, 3],
];

const GENERATORS: readonly (readonly [RegExp, string])[] = [
  [/stylegan2_ffhq|boredhumans|facegame|thisface/, 'stylegan2-ffhq'],
  [/stylegan3/, 'stylegan3'],
  [/sdxl/, 'sdxl'],
  [/sd15|sd1_|sd1beta/, 'sd1'],
  [/sd3/, 'sd3'],
  [/kandinsky3/, 'kandinsky3'],
  [/cascade/, 'stable-cascade'],
  [/hidream/, 'hidream'],
  [/gemini|nanobanana/, 'gemini'],
  [/ldm_text2img/, 'ldm-text2img'],
  [/edtalk/, 'edtalk'],
];

export function place(set: ImageSet): Placed {
  const fold = FOLD_OF.find(([pattern]) => pattern.test(set.name))?.[1] ?? 3;
  const tiny = TINY.test(set.name);
  const role: Role = tiny ? 'tiny' : set.label === 'real' ? 'real' : PART.test(set.name) ? 'part' : 'whole';
  const generators =
    set.label === 'real' ? [] : GENERATORS.filter(([p]) => p.test(set.name)).map(([, name]) => name);
  return { ...set, role, fold, generators };
}

/** The sets a model judged on `fold` may learn from; all of them for null. */
export function trainingSets(sets: readonly Placed[], fold: number | null): Placed[] {
  const judged = new Set(
    sets.filter((s) => s.fold === fold && s.role === 'whole').flatMap((s) => s.generators),
  );
  return sets.filter(
    (s) =>
      s.fold !== fold &&
      (s.role === 'real' || (s.role === 'whole' && !s.generators.some((name) => judged.has(name)))),
  );
}
