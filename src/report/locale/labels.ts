/**
 * The words for the fixed vocabulary of a verdict: labels, statuses, re-shipping steps, formats, error codes.
 * Kept apart from the sentences of a page because terminal, JSON readers and HTML all need exactly these.
 */
import type { ErrorCode } from '../../core/errors.ts';
import type { Claim, EvidenceStatus } from '../../core/evidence.ts';
import type { Text } from '../../core/text.ts';
import type { VerdictLabel } from '../../core/verdict.ts';

/** What became of one file in a report: a verdict, or no reading. */
export type Outcome = VerdictLabel | 'unreadable';

/** From the gravest to the least: the order of lists, counts and filters. */
export const OUTCOMES: readonly Outcome[] = [
  'synthetic',
  'manipulated',
  'suspect',
  'inconclusive',
  'authentic',
  'unreadable',
];

/** One or two words, for a column. */
export const OUTCOME_WORD: Readonly<Record<Outcome, Text>> = {
  authentic: { en: 'authentic', zh: '未见伪造' },
  inconclusive: { en: 'inconclusive', zh: '无法判定' },
  suspect: { en: 'suspect', zh: '可疑' },
  synthetic: { en: 'synthetic', zh: 'AI 生成' },
  manipulated: { en: 'manipulated', zh: '经过篡改' },
  unreadable: { en: 'unreadable', zh: '无法读取' },
};

/** The headline of one file's report. */
export const OUTCOME_HEADLINE: Readonly<Record<Outcome, Text>> = {
  authentic: { en: 'No sign of AI or of tampering', zh: '未发现 AI 生成或篡改的迹象' },
  inconclusive: { en: 'No conclusion can be drawn', zh: '无法得出结论' },
  suspect: { en: 'Suspicious, but not certain', zh: '存在疑点，尚不能确定' },
  synthetic: { en: 'Very likely made by AI', zh: '很可能由 AI 生成' },
  manipulated: { en: 'Very likely altered', zh: '很可能经过篡改' },
  unreadable: { en: 'This file could not be read', zh: '该文件无法读取' },
};

/** What the headline means, and what it does not. */
export const OUTCOME_MEANING: Readonly<Record<Outcome, Text>> = {
  authentic: {
    en: 'What was measured fits a camera picture better than a generated or altered one. That does not say that the caption, the date or the place are true.',
    zh: '各项测量更符合相机拍摄的照片，而不是生成或改动过的图像。但这并不说明配文、日期或地点属实。',
  },
  inconclusive: {
    en: 'The evidence is too weak, too contradictory, or did not apply to this picture. Treat it as if it had not been examined.',
    zh: '证据太弱、互相矛盾，或不适用于这张图片。请当作未经检验来对待。',
  },
  suspect: {
    en: 'Some evidence speaks against this picture, not enough for a verdict. Look for the original file or a second source before using it.',
    zh: '部分证据对这张图片不利，但不足以下结论。使用之前，请设法取得原始文件或另找来源印证。',
  },
  synthetic: {
    en: 'The evidence fits a picture made by a generator, in whole or in large part, much better than one taken by a camera.',
    zh: '各项证据更符合由生成模型整体或大部分生成的图像，而不是相机拍摄的照片。',
  },
  manipulated: {
    en: 'Parts of the picture do not fit the rest: something was very likely inserted, removed or replaced.',
    zh: '图片中有部分内容与其余部分不一致：很可能被添加、删除或替换过。',
  },
  unreadable: {
    en: 'No picture came out of it, so nothing was examined. This says nothing about whether it is real.',
    zh: '没有从中得到图像，因此未做任何检验。这与图片真伪无关。',
  },
};

/** Four different results; none of them is a zero. */
export const STATUS_WORD: Readonly<Record<EvidenceStatus, Text>> = {
  detected: { en: 'detected', zh: '检出' },
  notDetected: { en: 'not detected', zh: '未检出' },
  notApplicable: { en: 'not applicable', zh: '不适用' },
  failed: { en: 'failed', zh: '检验失败' },
};

export const STATUS_MEANING: Readonly<Record<EvidenceStatus, Text>> = {
  detected: { en: 'looked for it and found it', zh: '查了，并且找到了' },
  notDetected: { en: 'looked for it and did not find it', zh: '查了，没有找到' },
  notApplicable: { en: 'could not be looked for in this picture', zh: '这张图片不具备检查的条件' },
  failed: { en: 'should have been looked for, but something broke', zh: '本应检查，但过程出错' },
};

export const CLAIM_WORD: Readonly<Record<Claim, Text>> = {
  synthetic: { en: 'made by AI', zh: '由 AI 生成' },
  manipulated: { en: 'altered', zh: '经过篡改' },
};

/** Names of the kinds of evidence known to this version; an unknown one is shown under its own name. */
const DETECTOR_NAME: Readonly<Record<string, Text>> = {
  provenance: { en: 'Origin and labels', zh: '来源与标识' },
  synthesis: { en: 'Traces of generation', zh: '生成痕迹' },
  enrolled: { en: 'Enrolled generators', zh: '已登记的生成器' },
  splice: { en: 'Local inconsistency', zh: '局部不一致' },
  faceswap: { en: 'Face replacement', zh: '人脸替换' },
  generated: { en: 'Generated video', zh: '生成视频' },
  temporal: { en: 'Consistency over time', zh: '时间一致性' },
  pulse: { en: 'Pulse in the skin', zh: '皮肤脉搏' },
  lipsync: { en: 'Lips and sound', zh: '口型与声音' },
  codec: { en: 'Coding of the video', zh: '视频编码' },
  voice: { en: 'Voice', zh: '语音' },
};

/** The name of a detector for people. */
export function detectorName(detector: string): Text {
  return Object.hasOwn(DETECTOR_NAME, detector) ? DETECTOR_NAME[detector] : { en: detector, zh: detector };
}

const STEP_NAME: Readonly<Record<string, Text>> = {
  jpeg75: { en: 'JPEG 75', zh: 'JPEG 75' },
  jpeg50: { en: 'JPEG 50', zh: 'JPEG 50' },
  half: { en: 'half size', zh: '缩小一半' },
  crop: { en: 'cropped', zh: '裁剪' },
  screenshot: { en: 'screenshot', zh: '截屏' },
  telephone: { en: 'telephone', zh: '电话' },
  mobile: { en: 'mobile call', zh: '手机通话' },
  mp3: { en: 'MP3 32 kbit/s', zh: 'MP3 32 kbit/s' },
  opus: { en: 'Opus 12 kbit/s', zh: 'Opus 12 kbit/s' },
};

/** The name of a re-shipping step for people. */
export function stepName(step: string): Text {
  return Object.hasOwn(STEP_NAME, step) ? STEP_NAME[step] : { en: step, zh: step };
}

export const ERROR_WORD: Readonly<Record<ErrorCode, Text>> = {
  'not-found': { en: 'not found', zh: '找不到文件' },
  'permission-denied': { en: 'no permission', zh: '没有读取权限' },
  'not-a-file': { en: 'not a file', zh: '不是文件' },
  empty: { en: 'empty file', zh: '空文件' },
  'too-large': { en: 'too large', zh: '文件过大' },
  'too-many-pixels': { en: 'too many pixels', zh: '像素过多' },
  'unsupported-format': { en: 'unsupported format', zh: '不支持的格式' },
  corrupt: { en: 'damaged file', zh: '文件损坏' },
  timeout: { en: 'took too long', zh: '超时' },
  cancelled: { en: 'cancelled', zh: '已取消' },
  'model-missing': { en: 'model missing', zh: '缺少模型' },
  'component-missing': { en: 'component missing', zh: '缺少组件' },
  'bad-argument': { en: 'bad argument', zh: '参数错误' },
  'training-diverged': { en: 'training diverged', zh: '训练发散' },
  internal: { en: 'internal error', zh: '内部错误' },
};

/** Verbal scale of a log-likelihood ratio's size, after the ENFSI guideline's steps of about a factor of ten. */
export function weightWord(llr: number): Text {
  const size = Math.abs(llr);
  if (size < Math.log(2)) return { en: 'hardly any weight', zh: '几乎没有分量' };
  if (size < Math.log(10)) return { en: 'weak', zh: '弱' };
  if (size < Math.log(100)) return { en: 'moderate', zh: '中等' };
  if (size < Math.log(1000)) return { en: 'strong', zh: '强' };
  return { en: 'very strong', zh: '很强' };
}

/** Which side a log-likelihood ratio speaks for; `forReal` is the other side's name, for this kind of file. */
export function sideWord(llr: number, claim: Claim, forReal: Text): Text {
  if (llr > 0) return { en: `for “${CLAIM_WORD[claim].en}”`, zh: `支持“${CLAIM_WORD[claim].zh}”` };
  if (llr < 0) return forReal;
  return { en: 'for neither side', zh: '不偏向任何一方' };
}
