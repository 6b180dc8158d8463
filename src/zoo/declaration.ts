/**
 * What a generator of the zoo is, as data: nothing else decides how it is built and trained, so that its construction
 * can be read off by code (`construction.ts`) and never has to be typed in.
 */
import type { Random } from '../core/random.ts';
import type { Tensor } from '../core/tensor.ts';
import type { Network, TrainingOptions } from '../nn/index.ts';
import type { Critic, Decoder, Encoder } from './parts/blocks.ts';

export type Subject = 'faces' | 'textures';

/** Names of the losses a generator is trained with; `losses.ts` says which of RED's ten bits each sets. */
export type LossName =
  | 'l1'
  | 'l2'
  | 'mse'
  | 'mmd'
  | 'bce-adversarial'
  | 'relativistic'
  | 'wgan'
  | 'wgan-gp'
  | 'hinge'
  | 'least-squares'
  | 'began'
  | 'kl'
  | 'cross-entropy';

interface Common {
  readonly name: string;
  readonly subject: Subject;
  readonly seed: number;
  /** Side of the pictures it is trained on, in pixels. */
  readonly size: number;
  readonly steps: number;
  readonly batch: number;
  readonly rate: number;
  readonly losses: readonly LossName[];
}

/** Encoder and decoder, or a decoder on a fixed code, that give back the picture they are shown (arXiv:2307.15977). */
export interface ShallowDeclaration extends Common {
  readonly family: 'shallow';
  /** Null: the code is the picture's pixels rearranged, nothing learned. */
  readonly encoder: Encoder | null;
  readonly decoder: Decoder;
  /** Encoder features are handed across to the decoder. */
  readonly across: boolean;
}

/** Noise (and a label, where `classes` is above 0) to picture, against a critic. */
export interface GanDeclaration extends Common {
  readonly family: 'gan';
  readonly latent: number;
  readonly classes: number;
  readonly decoder: Decoder;
  readonly critic: Critic;
}

/**
 * Variational auto-encoders: plain (arXiv:1312.6114), beta (Higgins et al. 2017), factor (arXiv:1802.05983) and with a
 * codebook (VQ, arXiv:1711.00937).
 */
export interface VaeDeclaration extends Common {
  readonly family: 'vae';
  readonly kind: 'plain' | 'beta' | 'factor' | 'vq';
  /** Numbers of a code; of `vq`, of each code vector. */
  readonly latent: number;
  /** Vectors in the codebook of `vq`; default 64. */
  readonly codes?: number;
  /** Weight of the divergence (plain: 1, beta), of the total correlation (factor), of the commitment (vq: 0.25). */
  readonly beta: number;
  readonly encoder: Encoder;
  readonly decoder: Decoder;
}

/** Ho et al. 2020 (arXiv:2006.11239); `target` is what the network predicts (v: Salimans and Ho 2022). */
export interface DiffusionDeclaration extends Common {
  readonly family: 'diffusion';
  readonly target: 'noise' | 'velocity' | 'picture';
  readonly schedule: 'linear' | 'cosine';
  readonly sampler: 'ddpm' | 'ddim';
  readonly sampleSteps: number;
  readonly width: number;
  readonly attention: boolean;
  readonly upsampling: Decoder['upsampling'];
  readonly activation: Decoder['activation'];
}

/** Masked convolutions over pixels (van den Oord et al. 2016, arXiv:1601.06759, arXiv:1606.05328). */
export interface AutoregressiveDeclaration extends Common {
  readonly family: 'autoregressive';
  readonly width: number;
  readonly layers: number;
  readonly gated: boolean;
  /** Grey levels a channel is predicted in. */
  readonly levels: number;
}

/** RealNVP (arXiv:1605.08803) and Glow-like (arXiv:1807.03039) flows; `mixing` between couplings. */
export interface FlowDeclaration extends Common {
  readonly family: 'flow';
  readonly mixing: 'reverse' | 'rotation';
  readonly additive: boolean;
  /** Couplings at each scale. */
  readonly couplings: number;
  readonly width: number;
  /** With 2, half of the numbers leave for the noise after the first scale; default 2. */
  readonly scales?: 1 | 2;
}

/** Paired (pix2pix, arXiv:1611.07004) or unpaired (CycleGAN, arXiv:1703.10593) translation from a degraded picture. */
export interface TranslationDeclaration extends Common {
  readonly family: 'translation';
  readonly paired: boolean;
  readonly from: 'grey' | 'edges' | 'negative' | 'posterised';
  readonly encoder: Encoder;
  readonly decoder: Decoder;
  readonly across: boolean;
  readonly critic: Critic;
}

export interface SuperResolutionDeclaration extends Common {
  readonly family: 'super-resolution';
  readonly factor: 2 | 4;
  readonly width: number;
  readonly blocks: number;
  readonly decoder: Decoder;
  readonly critic: Critic | null;
}

/** Context encoders (arXiv:1604.07379): the middle is missing and made up. */
export interface InpaintingDeclaration extends Common {
  readonly family: 'inpainting';
  readonly encoder: Encoder;
  readonly decoder: Decoder;
  readonly across: boolean;
  readonly critic: Critic | null;
}

/** One encoder, one decoder a person group; the picture comes out of the other group's decoder. */
export interface FaceSwapDeclaration extends Common {
  readonly family: 'face-swap';
  readonly latent: number;
  readonly encoder: Encoder;
  readonly decoder: Decoder;
}

/** A classifier, and pictures changed a little so that it errs (FGSM arXiv:1412.6572, PGD arXiv:1706.06083). */
export interface AttackDeclaration extends Common {
  readonly family: 'attack';
  readonly kind: 'fgsm' | 'pgd' | 'network';
  /** Largest change of a pixel, 0..1. */
  readonly strength: number;
  readonly iterations: number;
  /** Of the classifier; a perturbing network has one like it, and a decoder that mirrors it. */
  readonly encoder: Encoder;
  /** How a perturbing network doubles sides; default nearest. */
  readonly upsampling?: Decoder['upsampling'];
}

export type ZooDeclaration =
  | ShallowDeclaration
  | GanDeclaration
  | VaeDeclaration
  | DiffusionDeclaration
  | AutoregressiveDeclaration
  | FlowDeclaration
  | TranslationDeclaration
  | SuperResolutionDeclaration
  | InpaintingDeclaration
  | FaceSwapDeclaration
  | AttackDeclaration;

export type Family = ZooDeclaration['family'];

/** Where real pictures come from, to train on or to be changed by a generator that needs one. */
export interface PictureSource {
  /**
   * `count` random pictures of side `size` of the subject, planar [count, 3, size, size], 0..255. `group` asks for one
   * of two disjoint halves of the source (two groups of people, the two classes of a classifier).
   */
  draw(random: Random, subject: Subject, size: number, count: number, group?: 0 | 1): Uint8Array;
}

/** Runs one of a generator's networks. */
export type Run = (
  network: string,
  inputs: Readonly<Record<string, Tensor>>,
) => Promise<Record<string, Tensor>>;

export interface SampleRequest {
  readonly run: Run;
  readonly random: Random;
  readonly pictures: PictureSource;
  readonly count: number;
  /** Side in pixels; only generators that work on pictures take another than the declared one. */
  readonly size: number;
}

export interface ZooModel {
  readonly declaration: ZooDeclaration;
  /** The part whose output is the picture; what construction is read from. */
  readonly generator: Network;
  /** Everything needed to make pictures, by the names that `sample` runs. Weights have the names of `training`. */
  readonly networks: Readonly<Record<string, Network>>;
  /** Does making a picture need a picture? */
  readonly needsPictures: boolean;
  /** Everything that is trained, at once; from step `settleFrom` on with `settled` batch normalisation. */
  training(): { readonly network: Network; readonly options: TrainingOptions; readonly settleFrom?: number };
  /** One batch for `training`. */
  feed(random: Random, pictures: PictureSource): Record<string, Tensor['data']>;
  /** Pictures as [count, 3, size, size], 0..1 (to be clamped). */
  sample(request: SampleRequest): Promise<Float32Array>;
}
