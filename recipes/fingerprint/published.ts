/**
 * Published generators whose construction RED's list states (with LGPN's names and values) and of which the corpus has
 * pictures: known constructions beside the zoo's, and far larger ones.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { imageSets } from '../../src/bench/corpus.ts';
import { CONTINUOUS, DISCRETE, type DiscreteName, LOSS_BITS } from '../../src/core/construction.ts';
import { readImageFile } from '../../src/media/index.node.ts';
import { BLOCK, look } from '../../src/trace/parsing/look.ts';
import type { Reference } from '../../src/trace/parsing/parser.ts';
import { project, type SpaceData } from '../../src/trace/parsing/space.ts';
import { CLASSES, LOSSES_AT, normalise, type Ranges, VECTOR } from '../../src/trace/parsing/vector.ts';
import { meanOf } from './fit-space.ts';

/** Pictures looked at of each set. */
export const PICTURES = 24;

/** Sets of the corpus by the generator that made them: its name in RED's list, and as people call it. */
const MADE_BY: Readonly<Record<string, readonly [red: string, name: string]>> = {
  fake_began_celeba64: ['BEGAN', 'BEGAN'],
  fake_biggan256: ['BIGGAN_256', 'BigGAN'],
  fake_ddpm_afhq64: ['DDPM_256', 'DDPM'],
  fake_ddpm_celeba64: ['DDPM_256', 'DDPM'],
  fake_esrgan: ['ESRGAN', 'ESRGAN'],
  fake_ldm_text2img256: ['LDM', 'Latent Diffusion'],
  fake_ldm_text2img_dcsan: ['LDM', 'Latent Diffusion'],
  fake_pix2pix_cityscapes: ['PIX2PIX', 'pix2pix'],
  fake_pix2pix_facades: ['PIX2PIX', 'pix2pix'],
  fake_pix2pix_maps: ['PIX2PIX', 'pix2pix'],
  fake_sd15_grids_webp: ['STABLE_DM_15', 'Stable Diffusion 1.5'],
  fake_sd15_sentry: ['STABLE_DM_15', 'Stable Diffusion 1.5'],
  fake_sd1_compvis_products: ['STABLE_DM_15', 'Stable Diffusion 1.5'],
  fake_sdxl_sdnext: ['STABLE_DM_XL', 'Stable Diffusion XL'],
  fake_sdxl_ip_kolors: ['STABLE_DM_XL', 'Stable Diffusion XL'],
  fake_stylegan2_church256: ['STYLEGAN_2', 'StyleGAN2'],
  fake_stylegan2_ffhq1024: ['STYLEGAN_2', 'StyleGAN2'],
  fake_stylegan2_ffhq256: ['STYLEGAN_2', 'StyleGAN2'],
  fake_stylegan2_pizza256: ['STYLEGAN_2', 'StyleGAN2'],
  fake_gan_boredhumans: ['STYLEGAN_2', 'StyleGAN2'],
};

/** RED's columns in the order of `CONTINUOUS`, `DISCRETE` and `LOSS_BITS`. */
const QUANTITIES = [
  ...['layers', 'conv_layers', 'fc_layers', 'pool_layers', 'norm_layers'],
  ...['filters', 'blocks', 'layers_per_block', 'parameters'],
];
const CHOICES: Readonly<Record<DiscreteName, string>> = {
  ...{ normalisation: 'normalization_type', lastActivation: 'nonlinearity_last_layer' },
  ...{ activation: 'nonlinearity_blocks', upsampling: 'upsampling_type' },
  ...{ skip: 'skip_connection', downsampling: 'downsampling' },
};
const LOSSES = [
  ...['L1', 'L2', 'MSE', 'MMD', 'Adversarial(GAN)', 'WGAN', 'KL', 'Hinge'],
  ...['LeastSquares(LS)', 'CrossEntropy(CE)'],
];
/** What the list says where nobody counted. */
const NOT_COUNTED = 999_999;

interface RedRow {
  readonly name: string;
  readonly arch_raw_lgpn: Readonly<Record<string, number>>;
  readonly loss_10_lgpn: Readonly<Record<string, number>>;
}

/** A construction as far as it is stated. */
export interface Stated {
  /** In the order of `CONTINUOUS`; NaN where nobody counted. */
  readonly quantities: readonly number[];
  /** null where the list has a value that ours has not (diffusion models). */
  readonly choices: Readonly<Record<DiscreteName, number | null>>;
  /** In the order of `LOSS_BITS`. */
  readonly losses: readonly number[];
}

export interface Published {
  readonly name: string;
  readonly set: string;
  readonly stated: Stated;
  /** Mean look at its pictures. */
  readonly look: Float32Array;
}

function statedIn({ arch_raw_lgpn: built, loss_10_lgpn: bits }: RedRow): Stated {
  return {
    quantities: QUANTITIES.map((q) => (built[q] === NOT_COUNTED ? Number.NaN : built[q])),
    choices: Object.fromEntries(
      Object.entries(CHOICES).map(([name, column]) => [
        name,
        built[column] < DISCRETE[name as DiscreteName].length ? built[column] : null,
      ]),
    ) as Stated['choices'],
    losses: LOSSES.map((column) => bits[column]),
  };
}

/** The published generators of the corpus in `folder`, set by set, and each quantity's greatest value in the list. */
export async function published(
  folder: string,
): Promise<{ generators: Published[]; greatest: readonly number[] }> {
  const list = JSON.parse(readFileSync(join(folder, 'red-gm-groundtruth.json'), 'utf8')) as { gms: RedRow[] };
  const all = list.gms.map((row) => [row.name, statedIn(row)] as const);
  const stated = new Map(all);
  const generators: Published[] = [];
  for (const { name: set, files } of imageSets(folder)) {
    const made = MADE_BY[set];
    if (!made) continue;
    const [red, name] = made;
    const looks: Float32Array[] = [];
    for (const file of files.slice(0, PICTURES)) {
      const { pixels } = await readImageFile(file);
      if (Math.min(pixels.width, pixels.height) >= BLOCK) looks.push(look(pixels));
    }
    generators.push({ name, set, stated: stated.get(red)!, look: meanOf(looks) });
  }
  const greatest = CONTINUOUS.map((_, i) =>
    Math.max(...all.map(([, { quantities }]) => quantities[i]).filter(Number.isFinite)),
  );
  return { generators, greatest };
}

/** A published generator as a reference of a parser. */
export function asReference({ name, stated, look }: Published, space: SpaceData, ranges: Ranges): Reference {
  const vector = new Float32Array(VECTOR);
  CONTINUOUS.forEach((parameter, i) => {
    vector[i] = normalise(parameter, stated.quantities[i], ranges);
  });
  for (const [parameter, [from]] of Object.entries(CLASSES)) {
    const choice = stated.choices[parameter as DiscreteName];
    if (choice !== null) vector[from + choice] = 1;
  }
  LOSS_BITS.forEach((_, i) => {
    vector[LOSSES_AT + i] = stated.losses[i];
  });
  return { name, place: project(space, look), vector };
}
