/**
 * Which set is trained on and judged where. Split by source and by generator, never by file:
 *
 * - every gallery, repository or data set (`sdnext`, `comfy`, `ffhq`, …) lies in one of four folds as a whole, real
 *   counterparts with the fakes made from them;
 * - a model judged on a fold is trained on the other folds, **less** every set whose generator family occurs in the
 *   fold it is judged on (SDXL thumbnails of one gallery do not teach it the SDXL pictures of another).
 *
 * `part` sets are real pictures with a synthetic part or synthetic detail (swaps, inpainting, restoration,
 * super-resolution): a whole-picture label would be wrong, so they are not trained on and are reported apart.
 * `tiny` sets are below the detector's smallest side.
 */
import type { ImageSet } from '../../src/bench/corpus.ts';

export const FOLDS = 4;

export type Role = 'whole' | 'part' | 'real' | 'tiny';

export interface Placed extends ImageSet {
  readonly role: Role;
  readonly fold: number;
  /** Generator families a set belongs to; empty for real sets. */
  readonly families: readonly string[];
}

const TINY = /began_celeba64|began_ae_celeba|ddpm_(afhq|celeba)64|cifar/;
const PART =
  /dfdc|faceswap|inswapper|blendface|inpaint|repaint|deepfillv2|bop_oldphoto|bsrgan|esrgan|codeformer|gfpgan|gpen_(colorization|inpainting)/;

/** First match decides. The order within a line is: what the name ends in or contains, then the fold. */
const FOLD_OF: readonly (readonly [RegExp, number])[] = [
  [/_sdnext$|pix2pix|_musev$/, 0],
  [/_(sdcpp|exwf|comfy|fal|mflux|cog)$|liveportrait/, 1],
  [/stylegan|_sentry$|boredhumans|_brock$|kurlyto$|cifar|gpen|ffhq_png|edtalk|3dsk|celebs112/, 2],
  [/^fake_/, 3],
  [/places50|hdtf|celeba178|deepfill|5celebs/, 3],
  // Real sets without a fake counterpart, dealt out so that every fold has faces, phones, cameras, web and lossless.
  [/lfw_|bsds500|kodak_gray|grocery_iphone|jetson|u2net_portraits|dicm|masked_news/, 0],
  [/camera_exif_a|dlib_johns|deepface_celeb|mcmaster|raccoon|mmpose_faces|phototourism|realsrset/, 1],
  [/dfdc_faces224|iphone8|sun_hays|imagenet|kodak_crops|crowds_web|u2net_web|codeformer_inputs/, 2],
  [/./, 3],
];

const FAMILIES: readonly (readonly [RegExp, string])[] = [
  [/stylegan|boredhumans|facegame|thisface|thismountain|thisbeach|gpen/, 'stylegan'],
  [/sdxl|segmind|playground|lcm_|sdxs|flite/, 'sdxl'],
  [/sd1|segmind|instaflow|blipdiffusion|playground1/, 'sd1'],
  [/sd3/, 'sd3'],
  [/kandinsky/, 'kandinsky'],
  [/cascade|wuerstchen/, 'wuerstchen'],
  [/hidream/, 'hidream'],
  [/gemini|nanobanana/, 'gemini'],
  [/ideogram/, 'ideogram'],
  [/bria|fibo/, 'bria'],
  [/pixart/, 'pixart'],
  [/ldm_/, 'ldm'],
  [/edtalk|dreamtalk|aniportrait|liveportrait|musev|celebfom/, 'reenactment'],
  [/ddpm|dps_adm|dit_/, 'pixel-diffusion'],
];

export function place(set: ImageSet): Placed {
  const fold = FOLD_OF.find(([pattern]) => pattern.test(set.name))?.[1] ?? 3;
  const tiny = TINY.test(set.name);
  const role: Role = tiny ? 'tiny' : set.label === 'real' ? 'real' : PART.test(set.name) ? 'part' : 'whole';
  const families =
    set.label === 'real' ? [] : FAMILIES.filter(([p]) => p.test(set.name)).map(([, family]) => family);
  return { ...set, role, fold, families };
}

/** The sets a model judged on `fold` may learn from. */
export function trainingSets(sets: readonly Placed[], fold: number): Placed[] {
  const judged = new Set(
    sets.filter((s) => s.fold === fold && s.role === 'whole').flatMap((s) => s.families),
  );
  return sets.filter(
    (s) =>
      s.fold !== fold &&
      (s.role === 'real' || (s.role === 'whole' && !s.families.some((family) => judged.has(family)))),
  );
}
