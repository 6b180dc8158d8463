/** What the splice detector says, in both languages. */
import type { Text } from '../../core/text.ts';
import type { FEATURES } from './windows.ts';

export type Cue = (typeof FEATURES)[number];

/** Why a region stands out, to follow "this part". */
export const CUE_TEXT: Readonly<Record<Cue, Text>> = {
  noisier: {
    en: 'is noisier than its brightness and texture let expect',
    zh: '噪声高于按其亮度和纹理所预期的水平',
  },
  smoother: {
    en: 'has less noise than its brightness and texture let expect',
    zh: '噪声低于按其亮度和纹理所预期的水平',
  },
  foreignGrid: {
    en: 'carries a JPEG block grid that does not line up with the rest',
    zh: '带有与其余部分不对齐的 JPEG 分块网格',
  },
  missingGrid: {
    en: 'lacks the JPEG block grid of the rest of the picture',
    zh: '缺少画面其余部分所具有的 JPEG 分块网格',
  },
  missingSave: {
    en: 'did not go through an earlier JPEG save that the rest went through',
    zh: '没有经历画面其余部分经历过的一次 JPEG 保存',
  },
  otherSave: {
    en: 'shows a JPEG save at another quality than the rest',
    zh: '显示出与其余部分质量不同的 JPEG 保存痕迹',
  },
  missingGhost: {
    en: 'lacks the JPEG ghost that the rest shows',
    zh: '缺少画面其余部分所具有的 JPEG 重影（ghost）',
  },
};

export const MAP_MEANING: Text = {
  en: 'How differently each part was treated (noise, JPEG grid, earlier saves) from the rest of the picture; blank where nothing can be said',
  zh: '各部分的处理痕迹（噪声、JPEG 网格、先前的保存）与画面其余部分的差异程度；空白处无法判断',
};

export const MEASURED_ON: Text = {
  en: 'Made splices of photographs from sources not used for fitting, saved as PNG and as JPEG 75–95, against the same photographs untouched (docs/measured/splice.md). After JPEG 75, scaling or a screenshot most traces are gone.',
  zh: '在未用于拟合的来源上测得：由真实照片制作的拼接图，保存为 PNG 和 JPEG 75–95，与未改动的同一照片对比（docs/measured/splice.md）。经过 JPEG 75、缩放或截屏之后，大部分痕迹会消失。',
};

export const TOO_SMALL: Text = {
  en: 'The picture is too small (below 128 pixels a side) to compare its parts.',
  zh: '图片过小（边长不足 128 像素），无法比较各部分。',
};

export const NOTHING_TO_JUDGE: Text = {
  en: 'Too little of the picture can be judged: it is flat, dark or clipped almost everywhere.',
  zh: '可供判断的区域太少：画面几乎处处平坦、过暗或过曝。',
};

export function detectedText(regions: number, first: Cue, second: Cue | null): Text {
  const a = CUE_TEXT[first];
  const b = second ? CUE_TEXT[second] : null;
  const part: Text =
    regions === 1
      ? { en: 'One part of the picture', zh: '画面中有一处区域' }
      : {
          en: 'Several parts of the picture differ from the rest; the strongest',
          zh: '画面中有多处区域与其余部分不一致，其中最明显的一处',
        };
  return {
    en: `${part.en} ${a.en}${b ? `, and ${b.en}` : ''}: it may have been pasted or retouched.`,
    zh: `${part.zh}${a.zh}${b ? `，并且${b.zh}` : ''}，可能经过拼接或修改。`,
  };
}

export const NOT_DETECTED: Text = {
  en: 'No part of the picture stands out by its noise, JPEG grid or earlier saves; a careful or re-saved splice would not show either.',
  zh: '就噪声、JPEG 网格和先前的保存痕迹而言，没有发现明显异常的区域；但精细的或重新保存过的拼接也可能不留痕迹。',
};
