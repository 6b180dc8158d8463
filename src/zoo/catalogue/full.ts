/**
 * The full generative models of the zoo, family by family. Variants inside a family differ in construction or in loss,
 * as the models of RED's list do; names say in what.
 */
import type {
  AttackDeclaration,
  AutoregressiveDeclaration,
  DiffusionDeclaration,
  FaceSwapDeclaration,
  FlowDeclaration,
  GanDeclaration,
  InpaintingDeclaration,
  LossName,
  Subject,
  SuperResolutionDeclaration,
  TranslationDeclaration,
  VaeDeclaration,
  ZooDeclaration,
} from '../declaration.ts';
import type { Critic, Decoder, Encoder } from '../parts/blocks.ts';

const SIZE = 32;

const DECODER: Decoder = {
  ...{ width: 16, widest: 64, depth: 3, kernel: 3, layers: 1, lastKernel: 3 },
  ...{ normalisation: 'batch', activation: 'relu', upsampling: 'transposed4', last: 'tanh' },
  ...{ residual: false, style: false },
};
const ENCODER: Encoder = {
  ...{ width: 16, widest: 64, depth: 2, kernel: 3, layers: 1 },
  ...{ normalisation: 'batch', activation: 'relu', downsampling: 'stride' },
};
const CRITIC: Critic = { width: 24, depth: 3, normalisation: 'none', spectral: false };

/** Five ways to build a decoder, by the names used in the models' names. */
const DECODERS: Readonly<Record<string, Decoder>> = {
  dcgan: DECODER,
  resnet: { ...DECODER, upsampling: 'nearest', layers: 2, residual: true },
  style: { ...DECODER, upsampling: 'bilinear', activation: 'leaky', last: 'linear', style: true, layers: 2 },
  subpixel: {
    ...DECODER,
    upsampling: 'shuffle',
    normalisation: 'instance',
    activation: 'leaky',
    last: 'sigmoid',
  },
  elu: { ...DECODER, upsampling: 'transposed5', normalisation: 'none', activation: 'elu', last: 'linear' },
};

/** Losses under which pictures change little after a thousand steps. */
const SHORT: ReadonlySet<string> = new Set(['began', 'ra', 'mmd', 'ac']);

/** Combinations that collapsed as the others are built, and what keeps them apart; tried on faces and textures alike. */
const STEADIED: Readonly<
  Record<string, { readonly decoder?: Partial<Decoder>; readonly critic?: Partial<Critic> }>
> = {
  'gan-ls-dcgan': { critic: { normalisation: 'none', spectral: true, spread: true } },
  'gan-ls-subpixel': { critic: { normalisation: 'none', spectral: true } },
  'gan-wgangp-elu': { decoder: { normalisation: 'batch' } },
};

const both = (index: number): Subject => (index % 2 === 0 ? 'faces' : 'textures');

function gans(): GanDeclaration[] {
  const losses: Readonly<Record<string, readonly LossName[]>> = {
    bce: ['bce-adversarial'],
    ls: ['least-squares'],
    wgan: ['wgan'],
    wgangp: ['wgan-gp'],
    sn: ['hinge'],
    began: ['began'],
    ra: ['relativistic'],
    mmd: ['mmd'],
    ac: ['bce-adversarial', 'cross-entropy'],
  };
  const list: GanDeclaration[] = [];
  for (const [loss, names] of Object.entries(losses)) {
    for (const [way, decoder] of Object.entries(DECODERS)) {
      const i = list.length;
      const name = `gan-${loss}-${way}`;
      const steadied = STEADIED[name];
      // BEGAN's networks have no normalisation (Berthelot et al. 2017), and collapse with one.
      const plain: Partial<Decoder> = loss === 'began' ? { normalisation: 'none' } : {};
      list.push({
        ...{ family: 'gan', name, subject: both(i), seed: 100 + i, size: SIZE },
        ...{ steps: SHORT.has(loss) ? 1000 : 1600, batch: 16, losses: names },
        rate: loss === 'began' ? 1e-3 : 5e-4,
        ...{
          latent: 48,
          classes: loss === 'ac' ? 4 : 0,
          decoder: { ...decoder, ...plain, ...steadied?.decoder },
        },
        critic: {
          ...CRITIC,
          spectral: loss === 'sn' || loss === 'mmd',
          normalisation: loss === 'bce' || loss === 'ls' ? 'batch' : 'none',
          spread: loss !== 'bce' && loss !== 'ls' && loss !== 'wgan' && loss !== 'began',
          ...steadied?.critic,
        },
      });
    }
  }
  // Widths, depths and kernels of their own.
  const more: Partial<Decoder>[] = [
    { width: 24, widest: 96, upsampling: 'transposed3' },
    { width: 12, widest: 48, upsampling: 'bilinear', layers: 3, activation: 'silu', normalisation: 'group' },
    { width: 16, kernel: 5, upsampling: 'nearest', lastKernel: 5, last: 'sigmoid' },
    { width: 12, layers: 2, residual: true, upsampling: 'shuffle', activation: 'elu', normalisation: 'none' },
    { width: 16, widest: 48, upsampling: 'nearest', normalisation: 'group', activation: 'leaky' },
    { width: 20, upsampling: 'transposed4', normalisation: 'instance', last: 'sigmoid' },
  ];
  more.forEach((change, k) => {
    const i = list.length;
    list.push({
      ...{ family: 'gan', name: `gan-mixed-${k}`, subject: both(k), seed: 100 + i, size: SIZE },
      ...{ steps: 1000, batch: 16, rate: 5e-4, losses: k % 2 ? ['hinge'] : ['bce-adversarial'] },
      ...{
        latent: 64,
        classes: 0,
        decoder: { ...DECODER, ...change },
        critic: { ...CRITIC, spectral: k % 2 === 1, spread: true },
      },
    });
  });
  return list;
}

function vaes(): VaeDeclaration[] {
  const ways: [string, Partial<Encoder>, Partial<Decoder>, readonly LossName[]][] = [
    ['mse', {}, { last: 'sigmoid' }, ['mse', 'kl']],
    [
      'ce',
      { normalisation: 'none' },
      { normalisation: 'none', last: 'sigmoid', upsampling: 'nearest' },
      ['cross-entropy', 'kl'],
    ],
    [
      'l1',
      { downsampling: 'maxpool', activation: 'leaky' },
      { upsampling: 'bilinear', activation: 'leaky', layers: 2 },
      ['l1', 'kl'],
    ],
    [
      'res',
      { layers: 2, activation: 'elu', normalisation: 'group' },
      { ...DECODERS.resnet, activation: 'elu', normalisation: 'group' },
      ['mse', 'kl'],
    ],
  ];
  return (['plain', 'beta', 'factor', 'vq'] as const).flatMap((kind, k) =>
    ways.map(([way, encoder, decoder, losses], i): VaeDeclaration => {
      const own: readonly LossName[] =
        kind === 'vq' ? losses.map((loss) => (loss === 'kl' ? 'mse' : loss)) : losses;
      return {
        ...{
          family: 'vae',
          name: `vae-${kind}-${way}`,
          subject: both(i + k),
          seed: 200 + k * 4 + i,
          size: SIZE,
        },
        ...{ steps: 1400, batch: 16, rate: 2e-3, kind, latent: kind === 'vq' ? 16 : 32 },
        losses: [...new Set(kind === 'factor' ? [...own, 'bce-adversarial' as const] : own)],
        beta: kind === 'beta' ? 4 : 1,
        encoder: { ...ENCODER, ...encoder, depth: kind === 'vq' ? 2 : 3 },
        decoder: { ...DECODER, ...decoder, depth: kind === 'vq' ? 2 : 3 },
      };
    }),
  );
}

function diffusions(): DiffusionDeclaration[] {
  const ways: Partial<DiffusionDeclaration>[] = [
    { target: 'noise', schedule: 'linear', sampler: 'ddpm', sampleSteps: 100 },
    { target: 'noise', schedule: 'cosine', sampler: 'ddim' },
    { target: 'velocity', schedule: 'cosine', sampler: 'ddim' },
    { target: 'velocity', schedule: 'cosine', sampler: 'ddim', attention: true },
    { target: 'picture', schedule: 'cosine', sampler: 'ddim', upsampling: 'bilinear' },
    { target: 'noise', schedule: 'cosine', sampler: 'ddim', upsampling: 'transposed4', activation: 'relu' },
    { target: 'velocity', schedule: 'linear', sampler: 'ddim', upsampling: 'shuffle', activation: 'leaky' },
    { target: 'noise', schedule: 'cosine', sampler: 'ddim', losses: ['l1'], width: 20 },
    { target: 'velocity', schedule: 'cosine', sampler: 'ddpm', sampleSteps: 100, losses: ['l1'] },
    { target: 'picture', schedule: 'linear', sampler: 'ddim', activation: 'elu' },
  ];
  return ways.map((way, i) => ({
    ...{
      family: 'diffusion',
      subject: both(i),
      seed: 300 + i,
      size: SIZE,
      steps: 2400,
      batch: 8,
      rate: 4e-3,
    },
    ...{ losses: ['mse'], target: 'noise', schedule: 'cosine', sampler: 'ddim', sampleSteps: 30 },
    ...{ width: 16, attention: false, upsampling: 'nearest', activation: 'silu' },
    ...way,
    name: `diffusion-${way.target}-${way.schedule}-${way.sampler}-${i}`,
  }));
}

function autoregressives(): AutoregressiveDeclaration[] {
  return [
    { gated: false, layers: 4, width: 24, levels: 32 },
    { gated: true, layers: 4, width: 20, levels: 32 },
    { gated: false, layers: 6, width: 20, levels: 16 },
    { gated: true, layers: 3, width: 24, levels: 64 },
    { gated: false, layers: 3, width: 32, levels: 32 },
    { gated: true, layers: 5, width: 16, levels: 16 },
  ].map((way, i) => ({
    ...{
      family: 'autoregressive',
      name: `pixelcnn-${way.gated ? 'gated' : 'plain'}-${way.layers}x${way.width}`,
    },
    ...{ subject: both(i), seed: 400 + i, size: SIZE, steps: 1000, batch: 16, rate: 6e-3 },
    losses: ['cross-entropy'],
    ...way,
  }));
}

function flows(): FlowDeclaration[] {
  return (
    [
      { mixing: 'reverse', additive: false, couplings: 6, width: 32 },
      { mixing: 'rotation', additive: false, couplings: 6, width: 32 },
      { mixing: 'reverse', additive: true, couplings: 8, width: 32 },
      { mixing: 'rotation', additive: true, couplings: 8, width: 24 },
      { mixing: 'rotation', additive: false, couplings: 10, width: 24 },
      { mixing: 'reverse', additive: false, couplings: 4, width: 48 },
    ] as const
  ).map((way, i) => ({
    ...{
      family: 'flow',
      name: `flow-${way.mixing}-${way.additive ? 'additive' : 'affine'}-${way.couplings}`,
    },
    ...{ subject: both(i), seed: 500 + i, size: SIZE, steps: 1000, batch: 16, rate: 2e-3 },
    losses: ['cross-entropy'],
    ...way,
  }));
}

function translations(): TranslationDeclaration[] {
  const ways: [
    string,
    boolean,
    TranslationDeclaration['from'],
    readonly LossName[],
    Partial<Encoder>,
    Partial<Decoder>,
  ][] = [
    [
      'pix2pix-grey',
      true,
      'grey',
      ['l1', 'bce-adversarial'],
      { normalisation: 'instance', activation: 'leaky' },
      { normalisation: 'instance' },
    ],
    [
      'pix2pix-edges',
      true,
      'edges',
      ['l1', 'bce-adversarial'],
      { normalisation: 'instance', activation: 'leaky' },
      { normalisation: 'instance', layers: 2 },
    ],
    [
      'pix2pix-ls',
      true,
      'posterised',
      ['l1', 'least-squares'],
      { normalisation: 'instance' },
      { upsampling: 'nearest', normalisation: 'instance' },
    ],
    [
      'pix2pix-hinge',
      true,
      'edges',
      ['l1', 'hinge'],
      { activation: 'elu' },
      { upsampling: 'shuffle', activation: 'elu', last: 'sigmoid' },
    ],
    [
      'pix2pix-mse',
      true,
      'grey',
      ['mse', 'wgan-gp'],
      { downsampling: 'averagepool' },
      { upsampling: 'bilinear', last: 'sigmoid', layers: 2 },
    ],
    [
      'pix2pix-negative',
      true,
      'negative',
      ['l1', 'relativistic'],
      { downsampling: 'maxpool', layers: 2 },
      { upsampling: 'transposed3', last: 'linear' },
    ],
    [
      'cyclegan-grey',
      false,
      'grey',
      ['l1', 'least-squares'],
      { normalisation: 'instance' },
      { normalisation: 'instance' },
    ],
    [
      'cyclegan-negative',
      false,
      'negative',
      ['l1', 'least-squares'],
      { normalisation: 'instance', layers: 2 },
      { normalisation: 'instance', upsampling: 'nearest', layers: 2 },
    ],
    [
      'cyclegan-posterised',
      false,
      'posterised',
      ['l1', 'bce-adversarial'],
      {},
      { upsampling: 'transposed5' },
    ],
    [
      'cyclegan-hinge',
      false,
      'grey',
      ['l1', 'hinge'],
      { activation: 'leaky' },
      { upsampling: 'bilinear', activation: 'leaky' },
    ],
  ];
  return ways.map(([name, paired, from, losses, encoder, decoder], i) => ({
    ...{ family: 'translation', name, subject: both(i), seed: 600 + i, size: SIZE },
    ...{
      steps: paired ? 1200 : 800,
      batch: 16,
      rate: 2e-3,
      losses,
      paired,
      from,
      across: paired && i % 2 === 0,
    },
    encoder: { ...ENCODER, ...encoder },
    decoder: { ...DECODER, depth: 2, ...decoder },
    critic: { ...CRITIC, width: 16 },
  }));
}

function superResolutions(): SuperResolutionDeclaration[] {
  const ways: [2 | 4, Partial<Decoder>, readonly LossName[]][] = [
    [2, { upsampling: 'shuffle', normalisation: 'none', last: 'linear' }, ['l1']],
    [2, { upsampling: 'transposed4', normalisation: 'none', last: 'linear' }, ['mse']],
    [
      2,
      { upsampling: 'nearest', activation: 'leaky', normalisation: 'none', last: 'linear' },
      ['l1', 'relativistic'],
    ],
    [4, { upsampling: 'shuffle', last: 'tanh' }, ['mse', 'bce-adversarial']],
    [4, { upsampling: 'bilinear', normalisation: 'none', activation: 'elu' }, ['l2']],
    [
      4,
      { upsampling: 'nearest', activation: 'leaky', normalisation: 'none', last: 'linear' },
      ['l1', 'relativistic'],
    ],
    [2, { upsampling: 'transposed3', last: 'sigmoid' }, ['l1', 'hinge']],
    [4, { upsampling: 'transposed5', normalisation: 'none', last: 'sigmoid' }, ['l1']],
    [2, { upsampling: 'bilinear', normalisation: 'group', activation: 'silu' }, ['mse']],
    [4, { upsampling: 'transposed4', normalisation: 'instance', last: 'linear' }, ['l2', 'hinge']],
  ];
  return ways.map(([factor, decoder, losses], i) => ({
    ...{
      family: 'super-resolution',
      name: `sr${factor}-${decoder.upsampling}-${losses.at(-1)}`,
      subject: both(i),
    },
    ...{
      seed: 700 + i,
      size: SIZE,
      steps: 1200,
      batch: 16,
      rate: 2e-3,
      losses,
      factor,
      width: 24,
      blocks: 2 + (i % 3),
    },
    decoder: { ...DECODER, ...decoder, depth: factor / 2 },
    critic: losses.length > 1 ? { ...CRITIC, width: 16 } : null,
  }));
}

function inpaintings(): InpaintingDeclaration[] {
  const ways: [string, Partial<Encoder>, Partial<Decoder>, readonly LossName[]][] = [
    ['context', { activation: 'leaky' }, {}, ['mse', 'bce-adversarial']],
    [
      'l1',
      { normalisation: 'none', activation: 'elu' },
      { normalisation: 'none', activation: 'elu', upsampling: 'nearest' },
      ['l1'],
    ],
    [
      'hinge',
      { normalisation: 'instance' },
      { normalisation: 'instance', upsampling: 'bilinear', last: 'sigmoid' },
      ['l1', 'hinge'],
    ],
    ['wgan', { downsampling: 'maxpool', layers: 2 }, { upsampling: 'shuffle', layers: 2 }, ['l1', 'wgan-gp']],
  ];
  return ways.map(([way, encoder, decoder, losses], i) => ({
    ...{ family: 'inpainting', name: `inpainting-${way}`, subject: both(i), seed: 800 + i, size: SIZE },
    ...{ steps: 1500, batch: 16, rate: 2e-3, losses, across: i % 2 === 1 },
    encoder: { ...ENCODER, depth: 3, ...encoder },
    decoder: { ...DECODER, ...decoder },
    critic: losses.length > 1 ? { ...CRITIC, width: 16 } : null,
  }));
}

function faceSwaps(): FaceSwapDeclaration[] {
  const ways: [string, Partial<Encoder>, Partial<Decoder>, readonly LossName[]][] = [
    [
      'classic',
      { normalisation: 'none', activation: 'leaky' },
      { upsampling: 'shuffle', normalisation: 'none', activation: 'leaky', last: 'sigmoid' },
      ['l1'],
    ],
    ['transposed', {}, {}, ['mse']],
    ['residual', { layers: 2 }, { ...DECODERS.resnet }, ['l1']],
    [
      'bilinear',
      { downsampling: 'averagepool', activation: 'elu' },
      { upsampling: 'bilinear', activation: 'elu', layers: 2 },
      ['l2'],
    ],
  ];
  return ways.map(([way, encoder, decoder, losses], i) => ({
    ...{ family: 'face-swap', name: `faceswap-${way}`, subject: 'faces', seed: 900 + i, size: SIZE },
    ...{ steps: 1000, batch: 16, rate: 2e-3, losses, latent: 48 },
    encoder: { ...ENCODER, depth: 3, ...encoder },
    decoder: { ...DECODER, ...decoder },
  }));
}

function attacks(): AttackDeclaration[] {
  const ways: [AttackDeclaration['kind'], number, number, Partial<Encoder>][] = [
    ['fgsm', 8 / 255, 1, {}],
    ['fgsm', 4 / 255, 1, { normalisation: 'none', activation: 'elu', downsampling: 'maxpool' }],
    ['pgd', 8 / 255, 7, { layers: 2 }],
    ['pgd', 4 / 255, 10, { activation: 'leaky', downsampling: 'averagepool' }],
    ['network', 10 / 255, 1, {}],
    ['network', 6 / 255, 1, { activation: 'silu', normalisation: 'group' }],
    ['pgd', 6 / 255, 5, { normalisation: 'none', activation: 'elu' }],
    ['network', 8 / 255, 1, { normalisation: 'instance', activation: 'leaky', layers: 2 }],
  ];
  return ways.map(([kind, strength, iterations, encoder], i) => ({
    ...{ family: 'attack', name: `attack-${kind}-${i}`, subject: both(i), seed: 1000 + i, size: SIZE },
    ...{ steps: 800, batch: 24, rate: 2e-3, losses: ['cross-entropy'], kind, strength, iterations },
    encoder: { ...ENCODER, depth: 3, ...encoder },
  }));
}

/** The same list every time, families mixed so that any beginning of it is a fair sample. */
export function fullCatalogue(): ZooDeclaration[] {
  const families: readonly ZooDeclaration[][] = [
    gans(),
    vaes(),
    diffusions(),
    autoregressives(),
    flows(),
    translations(),
    superResolutions(),
    inpaintings(),
    faceSwaps(),
    attacks(),
  ];
  return families
    .flatMap((family) => family.map((declaration, i) => ({ declaration, place: (i + 0.5) / family.length })))
    .sort((a, b) => a.place - b.place)
    .map(({ declaration }) => declaration);
}
