/** The words for how a generator is built, from its layers to its losses. Chinese and English side by side. */
import type {
  ConstructionEstimate,
  ContinuousName,
  DISCRETE,
  DiscreteName,
  Interval,
  LossBit,
} from '../../core/construction.ts';
import type { Text } from '../../core/text.ts';
import { choicesOf, isClear, isLikely, lossesOf, quantitiesOf } from '../trace/construction.ts';
import { group, percent } from './format.ts';

export const CONSTRUCTION = {
  title: { en: 'How the generator is likely built', zh: '生成器的可能构造' },
  note: {
    en: 'An estimate, not a finding. The fingerprint is compared with those of generators whose construction is known: small ones, trained for this purpose. It is reliable only for kinds of generators seen there, and can be far off for others. It names no product and no person; if the picture is a photograph, it means nothing.',
    zh: '这是估计，不是结论。指纹与构造已知的生成器比较，那些都是为此专门训练的小型生成器。只有对其中见过的类型才可靠，对其他类型可能相差很远。它不指向任何产品或个人；如果图片是照片，则毫无意义。',
  },
  photograph: {
    en: 'This is likely a photograph, and a photograph has no generator: the estimate then means nothing. It is kept only for the case that the answer above is wrong.',
    zh: '这可能是照片，而照片没有生成器：此时估计毫无意义。保留它只是为了防备上面的结论有误。',
  },
  showAnyway: { en: 'Show the estimate all the same', zh: '仍要查看估计' },
  short: {
    en: 'An estimate from small generators of known construction; it means nothing if the picture is a photograph.',
    zh: '根据构造已知的小型生成器估计；如果图片是照片，则毫无意义。',
  },
  nothing: {
    en: 'Nothing about it can be said with some confidence.',
    zh: '没有任何一项有较大把握。',
  },
  size: { en: 'Size', zh: '规模' },
  sizeNote: {
    en: 'The line is the best estimate. For generators of a kind seen, the true value lies within the bar about nine times in ten.',
    zh: '竖线为最佳估计。对见过的类型，真实值十次中约有九次落在色条之内。',
  },
  choices: { en: 'Design', zh: '设计' },
  choicesNote: {
    en: 'How probable each possibility is; those of one question are 100 % together.',
    zh: '每种可能的概率；同一问题的各项合计为 100%。',
  },
  losses: { en: 'Trained with', zh: '训练方式' },
  lossesNote: {
    en: 'What the generator was trained to make small (its losses). Several can be true at once: each has a probability of its own.',
    zh: '训练时要求生成器尽量减小的量（损失）。可以同时有好几种：每种各有自己的概率。',
  },
  nearest: { en: 'Most alike', zh: '最相似的生成器' },
  nearestNote: {
    en: 'The generators of known construction whose fingerprints are nearest. None of them need have made the picture. The figure is their likeness (1 is the most).',
    zh: '构造已知、指纹最接近的生成器。图片未必出自其中任何一个。数字表示相似程度（1 为最高）。',
  },
} as const satisfies Record<string, Text>;

export const QUANTITY_NAME: Readonly<Record<ContinuousName, Text>> = {
  layers: { en: 'Layers', zh: '层' },
  convolutionalLayers: { en: 'Convolutional layers', zh: '卷积层' },
  fullyConnectedLayers: { en: 'Fully connected layers', zh: '全连接层' },
  poolingLayers: { en: 'Pooling layers', zh: '池化层' },
  normalisationLayers: { en: 'Normalisation layers', zh: '归一化层' },
  filters: { en: 'Filters, all layers', zh: '各层滤波器总数' },
  blocks: { en: 'Blocks', zh: '模块' },
  layersPerBlock: { en: 'Layers per block', zh: '每个模块的层数' },
  parameters: { en: 'Parameters', zh: '参数' },
};

/** What is asked, and what that means. */
export const CHOICE_NAME: Readonly<Record<DiscreteName, { readonly name: Text; readonly meaning: Text }>> = {
  normalisation: {
    name: { en: 'Normalisation', zh: '归一化' },
    meaning: { en: 'how values are kept in range between layers', zh: '层与层之间如何保持数值范围' },
  },
  lastActivation: {
    name: { en: 'Last activation', zh: '末层激活函数' },
    meaning: { en: 'what turns the last layer into pixels', zh: '末层如何变成像素' },
  },
  activation: {
    name: { en: 'Activation inside', zh: '内部激活函数' },
    meaning: { en: 'how layers inside respond', zh: '内部各层如何响应' },
  },
  upsampling: {
    name: { en: 'Up-sampling', zh: '上采样' },
    meaning: { en: 'how small pictures inside are enlarged', zh: '内部的小图如何放大' },
  },
  skip: {
    name: { en: 'Skip connections', zh: '跳跃连接' },
    meaning: { en: 'whether layers are bypassed', zh: '是否有绕过若干层的通路' },
  },
  downsampling: {
    name: { en: 'Down-sampling', zh: '下采样' },
    meaning: { en: 'whether pictures inside are made smaller', zh: '内部是否缩小图像' },
  },
};

type ClassWords = {
  readonly [N in DiscreteName]: Readonly<
    Record<(typeof DISCRETE)[N][number], { readonly name: Text; readonly phrase: Text }>
  >;
};

/** A class as one of a list, and in a sentence. */
const CLASS: ClassWords = {
  normalisation: {
    batch: {
      name: { en: 'batch', zh: '批归一化' },
      phrase: { en: 'batch normalisation', zh: '批归一化' },
    },
    instance: {
      name: { en: 'instance', zh: '实例归一化' },
      phrase: { en: 'instance normalisation', zh: '实例归一化' },
    },
    none: { name: { en: 'none', zh: '无' }, phrase: { en: 'no normalisation', zh: '无归一化' } },
    other: {
      name: { en: 'another', zh: '其他' },
      phrase: { en: 'normalisation neither by batch nor by instance', zh: '批与实例以外的归一化' },
    },
  },
  lastActivation: {
    relu: { name: { en: 'ReLU', zh: 'ReLU' }, phrase: { en: 'ReLU at the end', zh: '末层 ReLU' } },
    tanh: { name: { en: 'tanh', zh: 'tanh' }, phrase: { en: 'tanh at the end', zh: '末层 tanh' } },
    linear: {
      name: { en: 'none', zh: '无' },
      phrase: { en: 'no activation at the end', zh: '末层无激活函数' },
    },
    sigmoid: {
      name: { en: 'sigmoid', zh: 'sigmoid' },
      phrase: { en: 'sigmoid at the end', zh: '末层 sigmoid' },
    },
  },
  activation: {
    elu: { name: { en: 'ELU', zh: 'ELU' }, phrase: { en: 'ELU activations', zh: 'ELU 激活' } },
    relu: { name: { en: 'ReLU', zh: 'ReLU' }, phrase: { en: 'ReLU activations', zh: 'ReLU 激活' } },
    leaky: {
      name: { en: 'leaky ReLU', zh: 'Leaky ReLU' },
      phrase: { en: 'leaky ReLU activations', zh: 'Leaky ReLU 激活' },
    },
    other: {
      name: { en: 'another', zh: '其他' },
      phrase: { en: 'activations of another kind', zh: '其他激活函数' },
    },
  },
  upsampling: {
    'interpolation or none': {
      name: { en: 'interpolation or none', zh: '插值或无' },
      phrase: { en: 'up-sampling by interpolation, if any', zh: '插值上采样（或无上采样）' },
    },
    learned: {
      name: { en: 'learned', zh: '可学习' },
      phrase: { en: 'learned up-sampling', zh: '可学习的上采样' },
    },
  },
  skip: {
    no: { name: { en: 'no', zh: '无' }, phrase: { en: 'no skip connections', zh: '无跳跃连接' } },
    yes: { name: { en: 'yes', zh: '有' }, phrase: { en: 'skip connections', zh: '跳跃连接' } },
  },
  downsampling: {
    no: { name: { en: 'no', zh: '无' }, phrase: { en: 'no down-sampling', zh: '无下采样' } },
    yes: { name: { en: 'yes', zh: '有' }, phrase: { en: 'down-sampling', zh: '下采样' } },
  },
};

export const LOSS_NAME: Readonly<Record<LossBit, Text>> = {
  l1: { en: 'L1 (absolute) error', zh: 'L1（绝对）误差' },
  l2: { en: 'L2 error', zh: 'L2 误差' },
  mse: { en: 'mean squared error', zh: '均方误差' },
  mmd: { en: 'maximum mean discrepancy', zh: '最大均值差异' },
  adversarial: { en: 'adversarial loss', zh: '对抗损失' },
  wgan: { en: 'Wasserstein loss', zh: 'Wasserstein 损失' },
  kl: { en: 'Kullback–Leibler divergence', zh: 'KL 散度' },
  hinge: { en: 'hinge loss', zh: '合页损失' },
  'least-squares': { en: 'least-squares loss', zh: '最小二乘损失' },
  'cross-entropy': { en: 'cross-entropy', zh: '交叉熵' },
};

/** A class of `DISCRETE` in a list (`name`) and in a sentence (`phrase`). */
export function classWords(
  choice: DiscreteName,
  name: string,
): { readonly name: Text; readonly phrase: Text } {
  return (CLASS[choice] as Readonly<Record<string, { readonly name: Text; readonly phrase: Text }>>)[name];
}

/** Numbers from here on get a word of magnitude; beyond the greatest they are not told apart. */
const MAGNITUDES = {
  en: [
    [1e9, ' billion'],
    [1e6, ' million'],
  ],
  zh: [
    [1e8, ' 亿'],
    [1e4, ' 万'],
  ],
} as const;
const GREATEST = 1e12;

/** A count 0.. to the whole below 1000, to two digits above: `12`, `170,000`, `1.2 million`. */
export function amount(value: number): Text {
  const rounded = value < 1000 ? Math.round(Math.max(0, value)) : Number(value.toPrecision(2));
  const say = (language: 'en' | 'zh') => {
    const [digits, word] = parts(Math.min(rounded, GREATEST), language);
    return `${rounded > GREATEST ? '>' : ''}${digits}${word}`;
  };
  return { en: say('en'), zh: say('zh') };
}

function parts(rounded: number, language: 'en' | 'zh'): readonly [digits: string, word: string] {
  for (const [size, word] of MAGNITUDES[language]) {
    if (rounded >= size) {
      const short = rounded / size;
      return [short < 10 ? String(Number(short.toFixed(1))) : group(short), word];
    }
  }
  return [group(rounded), ''];
}

/** `6–19`; one number when both ends read the same, one word of magnitude when both have it. */
export function amountRange({ lo, hi }: Interval): Text {
  const [low, high] = [amount(lo), amount(hi)];
  const say = (language: 'en' | 'zh') => {
    if (low[language] === high[language]) return high[language];
    const word = /\s\S+$/.exec(high[language])?.[0] ?? '';
    const shared = word !== '' && low[language].endsWith(word);
    return `${shared ? low[language].slice(0, -word.length) : low[language]}–${high[language]}`;
  };
  return { en: say('en'), zh: say('zh') };
}

/** `about 12 layers (6–19)`, for the quantities a sentence names. */
const COUNTED: Partial<Record<ContinuousName, Text>> = {
  layers: { en: 'layers', zh: '层' },
  blocks: { en: 'blocks', zh: '个模块' },
  parameters: { en: 'parameters', zh: '个参数' },
};

/** What is said with some confidence, in two sentences without a full stop; null where nothing is. */
export function constructionInShort(estimate: ConstructionEstimate): {
  readonly built: Text | null;
  readonly trained: Text | null;
} {
  const choices = choicesOf(estimate).flatMap(({ name, classes }) =>
    classes.filter(isLikely).map((one) => share(classWords(name, one.name).phrase, one.probability)),
  );
  const counts = quantitiesOf(estimate)
    .filter(isClear)
    .flatMap((one) => {
      const noun = COUNTED[one.name];
      return noun ? [counted(noun, one)] : [];
    });
  const losses = lossesOf(estimate).filter(isLikely);
  return {
    built: sentence({ en: 'Likely built with: ', zh: '构造可能为：' }, [...choices, ...counts]),
    trained: sentence(
      { en: 'Likely trained with: ', zh: '训练可能采用：' },
      losses.map(({ name, probability }) => share(LOSS_NAME[name], probability)),
    ),
  };
}

function share(what: Text, probability: number): Text {
  return {
    en: `${what.en} (${percent(probability)}\u00a0%)`,
    zh: `${what.zh}（${percent(probability)}%）`,
  };
}

function counted(noun: Text, interval: Interval & { readonly value: number }): Text {
  const [value, range] = [amount(interval.value), amountRange(interval)];
  const gap = /\s\S+$/.test(value.zh) ? '' : ' ';
  return {
    en: `about ${value.en} ${noun.en} (${range.en})`,
    zh: `约 ${value.zh}${gap}${noun.zh}（${range.zh}）`,
  };
}

function sentence(head: Text, parts: readonly Text[]): Text | null {
  if (parts.length === 0) return null;
  return {
    en: head.en + parts.map(({ en }) => en).join(', '),
    zh: head.zh + parts.map(({ zh }) => zh).join('、'),
  };
}
