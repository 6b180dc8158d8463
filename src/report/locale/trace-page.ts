/** The words of the page of traces: headings, explanations, how to read it. Chinese and English side by side. */

import type { Text } from '../../core/text.ts';
import type { Attributed } from '../../core/trace.ts';
import type { AnswerKind, Medium } from '../trace/answer.ts';

export const TRACE_PAGE = {
  subtitle: { en: 'Where pictures and voices come from', zh: '图片与声音溯源报告' },
  probability: { en: 'Probability', zh: '概率' },
  shares: { en: 'All possibilities together', zh: '全部可能' },
  candidates: { en: 'Who may have made it', zh: '可能的来源' },
  apart: { en: 'None of these', zh: '不在其中' },
  generators: { en: 'generators compared with', zh: '参与比对的生成器' },
  fingerprint: { en: 'The fingerprint', zh: '指纹' },
  fingerprintNote: {
    en: 'Every way of making a picture leaves faint regularities in it. They are too weak to see, but alike in all its pictures.',
    zh: '每一种制作图片的方式都会留下微弱的规律。肉眼看不到，但在它的所有图片中都相似。',
  },
  pattern: { en: 'What repeats', zh: '重复的痕迹' },
  patternNote: {
    en: 'What a network trained to see the traces of generators finds in the picture, averaged over its blocks of 32 pixels, strongly amplified and repeated four times across and down. Grey is nothing; regular grids and stripes come from the tool. In a small picture some content is left; in a large one it averages out.',
    zh: '经训练识别生成器痕迹的网络在图片中找到的内容，按 32 像素的分块取平均，强烈放大对比后横竖各重复四次显示。灰色表示没有；规则的网格和条纹来自制作工具。小图片中会残留部分画面内容，大图片中则会被平均掉。',
  },
  spectrum: { en: 'Its spectrum', zh: '它的频谱' },
  spectrumNote: {
    en: 'What the network finds in all blocks, sorted by fineness: the centre stands for slow changes from pixel to pixel, the edges for the finest, and directions are kept. Single bright spots and rings off the two axes are regularities, typically left by up-sampling inside a generator. Cameras and apps that sharpen or enlarge leave spots too.',
    zh: '网络在所有分块中找到的痕迹按精细程度排列：中心表示像素间缓慢的变化，边缘表示最精细的变化，方向保持不变。偏离两条轴线的孤立亮点和亮环是规律性的痕迹，通常由生成器内部的上采样留下。会锐化或放大图片的相机和应用也会留下亮点。',
  },
  finest: { en: 'finest', zh: '最精细' },
  slow: { en: 'slow changes', zh: '缓慢变化' },
  weak: { en: 'weak', zh: '弱' },
  strong: { en: 'strong', zh: '强' },
  noFingerprint: {
    en: 'The fingerprint was not kept for this report.',
    zh: '本报告未保存该图片的指纹。',
  },
  neighboursNote: {
    en: 'Files of this request whose fingerprints are so alike that one source is likelier than two. The figure is their likeness (1 is the most), the word how strongly that speaks for one source.',
    zh: '本次检验中指纹足够相似、出自同一来源比出自两个来源更可能的文件。数字表示相似程度（1 为最高），文字表示对同源的支持强度。',
  },
  alone: {
    en: 'No other file of this request seems to share its source.',
    zh: '本次检验中没有其他文件显得与其同源。',
  },
  identity: { en: 'File', zh: '文件' },
  size: { en: 'Size', zh: '尺寸' },
  bySource: { en: 'by source', zh: '按来源' },
  how: { en: 'How to read this', zh: '如何阅读本报告' },
  limits: { en: 'What a fingerprint cannot prove', zh: '指纹不能证明什么' },
} as const satisfies Record<string, Text>;

/** One or two words, for a column and a filter. */
export const ANSWER_WORD: Readonly<Record<AnswerKind, Text>> = {
  generator: { en: 'generator', zh: '生成器' },
  unknown: { en: 'not known', zh: '未知生成器' },
  unclear: { en: 'not clear', zh: '不明确' },
  photograph: { en: 'photograph', zh: '照片' },
  recording: { en: 'recording', zh: '录音' },
  untraceable: { en: 'too little', zh: '不足以溯源' },
  unreadable: { en: 'unreadable', zh: '无法读取' },
};

/** What an answer means, and what it does not. */
const MEANING_OF_PICTURE: Readonly<Record<Exclude<AnswerKind, 'recording'>, Text>> = {
  generator: {
    en: 'Its fine traces fit this generator better than everything else it was compared with. A close relative, for instance a model built on this one, can leave the same traces.',
    zh: '图片的细微痕迹比其他比对对象更符合该生成器。与其关系密切的工具（例如在它基础上改造的模型）可能留下相同的痕迹。',
  },
  unknown: {
    en: 'Its fine traces fit neither photographs nor any generator it was compared with. If you suspect one, enrol some of its pictures and trace again.',
    zh: '图片的细微痕迹既不像照片，也不像任何参与比对的生成器。如果您怀疑某个生成器，可登记它的若干图片后重新溯源。',
  },
  unclear: {
    en: 'No single answer is likelier than all others together. Treat the source as unknown; the candidates below are no more than where to look first.',
    zh: '没有一个答案比其余答案合起来更可能。请当作来源不明；下列候选只是优先查找的方向。',
  },
  photograph: {
    en: 'Its fine traces fit photographs best. That does not say that nothing in it was altered, nor that caption, date or place are true.',
    zh: '图片的细微痕迹最像照片。但这并不说明内容未经改动，也不说明配文、日期或地点属实。',
  },
  untraceable: {
    en: 'A fingerprint is an average over many pixels; so few carry none. This says nothing about where the picture comes from. Look for a larger copy, best the first one that was published.',
    zh: '指纹是对大量像素的平均，像素太少就无从提取。这与图片来源无关。请寻找尺寸更大的版本，最好是最早发布的那一份。',
  },
  unreadable: {
    en: 'No picture came out of it, so nothing was traced. This says nothing about where it comes from.',
    zh: '没有从中得到图像，因此未作溯源。这与图片来源无关。',
  },
};

const MEANING_OF_VOICE: Readonly<Record<Exclude<AnswerKind, 'photograph' | 'unreadable'>, Text>> = {
  generator: {
    en: 'How this voice sounds fits this synthesis system better than everything else it was compared with. Much of that can be the speaker and the recording chain the system was trained on: another system with the same speaker may fit as well.',
    zh: '该声音的细微特征比其他比对对象更符合这一合成系统。其中很大一部分可能来自该系统训练所用的说话人和录音链路：使用同一说话人的其他系统可能同样相符。',
  },
  unknown: {
    en: 'How this voice sounds fits neither recordings nor any synthesis system it was compared with. If you suspect one, enrol five of its clips and trace again.',
    zh: '该声音的细微特征既不像真人录音，也不像任何参与比对的合成系统。如果您怀疑某个系统，可登记它的五段语音后重新溯源。',
  },
  unclear: {
    en: 'No single answer is likelier than all others together. Treat the source as unknown; the candidates below are no more than where to look first.',
    zh: '没有一个答案比其余答案合起来更可能。请当作来源不明；下列候选只是优先查找的方向。',
  },
  recording: {
    en: 'How this voice sounds fits recordings of human voices best. Whether it is one is a question for huoyan analyze, which weighs all evidence.',
    zh: '该声音的细微特征最像真人录音。是否确为真人，请用 huoyan analyze 综合全部证据判断。',
  },
  untraceable: {
    en: 'A voice is described where somebody speaks; here nobody does for long enough. This says nothing about where the sound comes from.',
    zh: '只有在有人讲话之处才能描述声音；此处讲话不足。这与声音的来源无关。',
  },
};

export function answerMeaning(kind: AnswerKind, of: Medium): Text {
  if (of === 'audio' && kind !== 'photograph' && kind !== 'unreadable') return MEANING_OF_VOICE[kind];
  return MEANING_OF_PICTURE[kind === 'recording' ? 'photograph' : kind];
}

/** What stands above the candidates. */
export const CANDIDATES_NOTE: Readonly<Record<Medium, Text>> = {
  image: {
    en: 'Generators the picture was compared with; all rows together are 100 %.',
    zh: '与图片比对过的生成器；各行合计为 100%。',
  },
  audio: {
    en: 'Synthesis systems the voice was compared with; all rows together are 100 %.',
    zh: '与声音比对过的合成系统；各行合计为 100%。',
  },
};

/** The headline of one file. `generator` is the name of the most likely one. */
export function answerHeadline(kind: AnswerKind, generator: string, of: Medium): Text {
  const fixed: Readonly<Record<Exclude<AnswerKind, 'generator'>, Text>> = {
    unknown:
      of === 'image'
        ? { en: 'Likely a generator not known here', zh: '可能出自此处未收录的生成器' }
        : { en: 'Likely a synthesis system not known here', zh: '可能出自此处未收录的合成系统' },
    unclear: { en: 'The source is not clear', zh: '来源不明确' },
    photograph: { en: 'Likely a photograph', zh: '可能是照片' },
    recording: { en: 'Likely a recording of a human voice', zh: '可能是真人录音' },
    untraceable:
      of === 'image'
        ? { en: 'Too small to be traced', zh: '太小，无法溯源' }
        : { en: 'Not enough speech to be traced', zh: '讲话不足，无法溯源' },
    unreadable: { en: 'This file could not be read', zh: '该文件无法读取' },
  };
  if (kind !== 'generator') return fixed[kind];
  return { en: `Likely made by ${generator}`, zh: `可能出自 ${generator}` };
}

/** Beside a candidate that the user added. */
export const ORIGIN_TAG: Readonly<Record<Attributed['origin'], Text | null>> = {
  known: null,
  enrolled: { en: 'enrolled', zh: '已登记' },
};

export const TRACE_READING: readonly Text[] = [
  {
    en: 'The answer names a likely tool, not a person. Many people use the same generator; who made or posted the picture has to be found out in other ways.',
    zh: '结论指向的是可能的工具，而不是人。许多人使用同一个生成器；图片由谁制作、由谁发布，需要通过其他途径查明。',
  },
  {
    en: 'The percentage is a probability among the sources compared with: 80 % means that of ten pictures with traces like these about two come from somewhere else. It changes when generators are enrolled or removed.',
    zh: '百分比是在参与比对的来源之间的概率：80% 的意思是，十张具有类似痕迹的图片中，大约有两张另有来源。登记或移除生成器后，概率会随之改变。',
  },
  {
    en: 'Pictures that may share a source are a lead of their own, even where nobody knows the name of the tool. Among many pictures some resemble each other by chance: trust groups in which all resemble all, and strong links. Check whether accounts, times and captions belong together as well.',
    zh: '可能同源的图片本身就是线索，即使无人知道工具的名称。图片较多时，有些会碰巧相似：两两都相似的一组图片和较强的关联更可信。请进一步核查账号、时间和配文是否也彼此关联。',
  },
  {
    en: 'If you know which generator is suspected, make or collect twenty of its pictures, enrol them (huoyan trace enrol) and trace again.',
    zh: '如果已知怀疑对象，请用该生成器制作或收集二十张图片，登记后（huoyan trace enrol）重新溯源。',
  },
  {
    en: 'Before publishing: find the earliest copy, ask whoever posted it, look for labels and credentials in the file (huoyan analyze). No tool replaces this.',
    zh: '发布之前：查找最早的版本，询问发布者，检查文件中的标识与凭证（huoyan analyze）。任何工具都不能替代这些工作。',
  },
];

export const TRACE_LIMITS: readonly Text[] = [
  {
    en: 'Saving again, resizing, screenshots and filters weaken a fingerprint and can lay their own over it. A platform that treats all pictures alike makes them alike.',
    zh: '重新保存、缩放、截屏和滤镜会削弱指纹，也可能覆盖上自己的痕迹。平台对所有图片作相同处理，会使它们变得相似。',
  },
  {
    en: 'A generator that is not known here can resemble one that is. New versions of a generator often leave other traces than old ones.',
    zh: '未收录的生成器可能与已收录的相似。同一生成器的新版本留下的痕迹往往与旧版本不同。',
  },
  {
    en: 'A photograph that an app has redrawn, sharpened, enlarged or smoothed may look generated; a generated picture photographed from a screen may look like a photograph.',
    zh: '经应用重绘、锐化、放大或磨皮的照片可能显得像生成的；从屏幕翻拍的生成图片可能显得像照片。',
  },
  {
    en: 'The fingerprint belongs to the whole picture. A pasted or repainted part is not found this way.',
    zh: '指纹属于整张图片。局部粘贴或重绘的内容不能用这种方法发现。',
  },
  {
    en: 'Somebody who knows how can remove a fingerprint, or imitate that of another tool.',
    zh: '懂得方法的人可以去除指纹，或模仿其他工具的指纹。',
  },
  {
    en: 'This is not an expert opinion for a court. Keep the original file and its SHA-256.',
    zh: '本报告不是司法鉴定意见。请保存原始文件及其 SHA-256。',
  },
];

export function tracedTitle(count: string): Text {
  return {
    en: count === '1' ? '1 file traced' : `${count} files traced`,
    zh: `已溯源 ${count} 个文件`,
  };
}

export function otherGenerators(count: string): Text {
  return { en: count === '1' ? '1 other' : `${count} others`, zh: `其余 ${count} 个` };
}

export function patternAlt(file: string): Text {
  return { en: `What repeats in ${file} besides its content`, zh: `${file} 画面内容之外重复的痕迹` };
}

export function spectrumOf(file: string): Text {
  return { en: `Spectrum of the traces in ${file}`, zh: `${file} 中痕迹的频谱` };
}

/** `unknown` and `natural` are the names of the other two answers, each with its share. */
export function sharesAlt(generators: string, unknown: Text, natural: Text): Text {
  return {
    en: `Generators compared with ${generators} per cent, ${unknown.en} per cent, ${natural.en} per cent`,
    zh: `参与比对的生成器 ${generators}%，${unknown.zh}%，${natural.zh}%`,
  };
}
