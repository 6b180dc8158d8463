/** The words of the page that shows a folder of pictures by source. Chinese and English side by side. */
import type { Text } from '../../core/text.ts';

export const CLUSTERS = {
  subtitle: { en: 'Pictures by source', zh: '图片来源分组' },
  meaning: {
    en: '“Same source” means: the fine traces in these pictures, below what the eye sees, are so alike that one generator, model or camera with one kind of processing likely made them all.',
    zh: '“同源”是指：这些图片中肉眼看不见的细微痕迹高度相似，很可能出自同一个生成工具、同一个模型，或同一台相机与同一种处理流程。',
  },
  meaningNot: {
    en: 'It does not prove who made or posted them. Many people use the same generator, and one person may use several.',
    zh: '这不能证明是谁制作或发布了它们：许多人会使用同一个生成工具，一个人也可能使用多个。',
  },
  network: { en: 'The network', zh: '关系图' },
  skip: { en: 'Skip the network', zh: '跳过关系图' },
  thin: { en: 'thin line: likely same source', zh: '细线：很可能同源' },
  thick: { en: 'thick line: near-identical', zh: '粗线：几乎相同' },
  colour: { en: 'colour and number: the source', zh: '颜色与编号：来源' },
  grey: { en: 'grey: no group found', zh: '灰色：未归入任何来源' },
  bubbles: {
    en: 'With so many pictures, each circle is a whole source, shown by its most typical picture; pictures in no group are left out.',
    zh: '图片较多，每个圆代表一个来源，以其中最典型的图片表示；未归组的图片不显示。',
  },
  near: { en: 'Near-identical pictures', zh: '几乎相同的图片' },
  nearNote: {
    en: 'The same picture, saved, scaled or compressed again. This shows reposting; it says nothing about where the picture was made.',
    zh: '同一张图片经重新保存、缩放或压缩而成。它反映的是转发，不说明图片是在哪里制作的。',
  },
  rest: { en: 'No source found', zh: '未归入任何来源' },
  restNote: {
    en: 'Too little in common with the others. They may still come from one of the sources above, through an edit or a platform that wiped the traces.',
    zh: '与其他图片的共同点太少。它们仍可能来自上述某个来源，只是痕迹被编辑或平台处理抹去。',
  },
  skipped: { en: 'Not compared', zh: '未能比较' },
  none: { en: 'No two groups of pictures stand out.', zh: '没有发现可以归组的图片。' },
  cohesion: { en: 'cohesion', zh: '内聚度' },
  trace: { en: 'mean trace', zh: '平均痕迹' },
  apart: { en: 'what sets it apart', zh: '与其他来源的差异' },
} as const satisfies Record<string, Text>;

export const READING: readonly Text[] = [
  {
    en: 'Cohesion is the mean probability, over all pairs in a group, that both share a source. A low value means a loose group: look at its last pictures with doubt.',
    zh: '内聚度是组内所有两两组合同源概率的平均值。数值低说明该组松散，对排在末尾的图片应存疑。',
  },
  {
    en: 'In each group the most typical picture comes first.',
    zh: '每组中最典型的图片排在最前。',
  },
  {
    en: 'Use a group as a lead: check whether its accounts, posting times and captions belong together as well.',
    zh: '请把分组当作线索：进一步核查相关账号、发布时间和配文是否也彼此关联。',
  },
];

/** Read with {@link READING} where traces are shown. */
export const TRACES: Text = {
  en: 'The mean trace is the spectrum of what is left of a group’s pictures when content is removed: coarse structure in the middle, the finest at the rim. Beside it, bright is stronger and dark is weaker than in the other sources of this page; regular dots or lines often come from up-sampling.',
  zh: '“平均痕迹”是去除画面内容后所余部分的频谱：中心为粗结构，边缘为最细的结构。旁边的差异图中，亮处强于、暗处弱于本页其他来源；规则的亮点或亮线常由上采样产生。',
};

export const CAUTIONS: readonly Text[] = [
  {
    en: 'A platform that compresses every picture alike can make pictures of different origin look alike.',
    zh: '平台若对所有图片作同样的压缩，可能使来源不同的图片显得相似。',
  },
  {
    en: 'Screenshots, strong compression and small sizes remove the traces. One source can then fall into several groups, or into none.',
    zh: '截屏、强压缩和缩小会抹去痕迹，同一来源可能因此分成几组，或无法归组。',
  },
  {
    en: 'Same source does not mean generated: the photographs of one camera belong together, too.',
    zh: '同源不等于由 AI 生成：同一台相机拍摄的照片也会归为一组。',
  },
];

export function sourceName(id: number): Text {
  return { en: `Source ${id}`, zh: `来源 ${id}` };
}

export function picturesCount(count: string): Text {
  return { en: count === '1' ? '1 picture' : `${count} pictures`, zh: `${count} 张图片` };
}

export function headline(pictures: string, sources: string): Text {
  const en = sources === '1' ? '1 source' : `${sources} sources`;
  return {
    en:
      sources === '0'
        ? `${picturesCount(pictures).en}, no source found`
        : `${picturesCount(pictures).en}, ${en}`,
    zh: sources === '0' ? `${pictures} 张图片，未发现共同来源` : `${pictures} 张图片，${sources} 个来源`,
  };
}

/** How many are in groups, alone, and copies. */
export function tally(grouped: string, alone: string, copies: string): Text {
  return {
    en: `${grouped} in groups · ${alone} in none · ${copies} near-identical to another`,
    zh: `${grouped} 张已归组 · ${alone} 张未归组 · ${copies} 张与另一张几乎相同`,
  };
}

export function copiesName(index: number, count: string): Text {
  return { en: `Copies ${index}: ${picturesCount(count).en}`, zh: `相同组 ${index}：${count} 张` };
}

export function showRest(count: string): Text {
  return { en: `Show ${count} more`, zh: `再显示 ${count} 张` };
}

export function traceAlt(what: Text, id: number): Text {
  return { en: `Source ${id}: ${what.en}, as a spectrum`, zh: `来源 ${id}：${what.zh}（频谱）` };
}

export function networkAlt(pictures: string, sources: string): Text {
  return {
    en: `Network of ${picturesCount(pictures).en}, ${sources === '1' ? '1 source' : `${sources} sources`}`,
    zh: `${pictures} 张图片、${sources} 个来源的关系图`,
  };
}
