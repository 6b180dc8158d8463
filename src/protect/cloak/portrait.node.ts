/**
 * A portrait cloaked from beginning to end, as the command and the service both do it: the face found, a cloak made, the
 * picture written, and the written bytes tried at once on everything the cloak was made against, so that nobody gets one
 * without the record of how far it holds.
 */
import type { RgbImage } from '../../core/image.ts';
import type { FaceFinder } from '../../face/detect.ts';
import { decodePixels, encodeJpeg } from '../../media/index.node.ts';
import { openModels } from '../../nn/models.node.ts';
import { STRENGTHS, type Strength } from './budget.ts';
import { cloaked, cloakedQuickly, faceToCloak } from './cloak.ts';
import { openSurrogates } from './opened.node.ts';
import { type CloakRecord, type CloakTrial, NO_GUARANTEE } from './record.ts';
import { failed } from './surrogate.ts';
import { THREATS, type Threat } from './threats.ts';
import { faceAgain, type Placed, type Trial, tried } from './trial.ts';
import { openVenom } from './venom.ts';

export interface PortraitOptions {
  readonly finder: FaceFinder;
  /** In any order; none stands for {@link DEFAULT_THREATS}. */
  readonly threats: readonly Threat[];
  readonly strength: Strength;
  /** From what a network makes at once, a short search: sooner done, and holding less. */
  readonly quick: boolean;
  /** The bytes the cloaked picture is given out as. */
  readonly encode: (image: RgbImage) => Promise<Uint8Array>;
}

/** What a cloak holds against, as measured. */
export const DEFAULT_THREATS: readonly Threat[] = ['identity'];

const SEED = 1;

/** The network loads with the first portrait and stays warm. */
const venom = openVenom(openModels());

/**
 * Throws HuoyanError `bad-argument` when there is no face or it is too small, `component-missing` when the networks for
 * faces are not installed, `model-missing` or `corrupt` when weights of the zoo cannot be had.
 */
export async function cloakPortrait(
  pixels: RgbImage,
  { finder, threats: given, strength, quick, encode }: PortraitOptions,
): Promise<{ readonly bytes: Uint8Array; readonly record: CloakRecord }> {
  const wanted = given.length > 0 ? given : DEFAULT_THREATS;
  const threats = THREATS.filter((threat) => wanted.includes(threat));
  const { face, faces } = await faceToCloak(pixels, finder);
  const { surrogates, close } = await openSurrogates(threats);
  try {
    const options = { budget: STRENGTHS[strength], surrogates, seed: SEED };
    const { image, cost, changed } = quick
      ? await cloakedQuickly(pixels, face, { ...options, threats, venom })
      : await cloaked(pixels, face, options);
    const bytes = await encode(image);
    const placed = async (picture: RgbImage): Promise<Placed> => ({
      image: picture,
      face: await faceAgain(picture, finder, face),
    });
    const reencoded = async (picture: RgbImage) => decodePixels(await encodeJpeg(picture, { quality: 75 }));
    const stored = await tried(await placed(pixels), await placed(await decodePixels(bytes)), surrogates);
    const jpeg75 = await tried(
      await placed(await reencoded(pixels)),
      await placed(await reencoded(image)),
      surrogates,
    );
    const of = (threat: Threat, trials: readonly Trial[]) => {
      const names = surrogates.filter((one) => one.threat === threat).map(({ name }) => name);
      return trials.filter(({ name }) => names.includes(name)).map(written);
    };
    return {
      bytes,
      record: {
        ...{ strength, quick, facesFound: faces, facesCloaked: 1 },
        changed,
        psnrDb: to(2, cost.pictureDb),
        facePsnrDb: to(2, cost.faceDb),
        meanColourDistance: to(2, cost.colour),
        measuredAgainst: threats.map((threat) => ({
          threat,
          stored: of(threat, stored),
          jpeg75: of(threat, jpeg75),
        })),
        ...{ guarantee: false, note: NO_GUARANTEE },
      },
    };
  } finally {
    await close();
  }
}

function written(trial: Trial): CloakTrial {
  return { name: trial.name, gap: to(4, trial.gap), failed: failed(trial) };
}

function to(digits: number, value: number): number {
  return Number(value.toFixed(digits));
}
