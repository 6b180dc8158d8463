/**
 * What is said differently of a picture, a recording and a video: the same verdicts and headings, in the words of
 * each. What is not here is said of all alike.
 */
import type { MediaKind } from '../../core/media.ts';
import type { Text } from '../../core/text.ts';
import { OUTCOME_MEANING, type Outcome } from './labels.ts';
import { falsePositiveSentence, PAGE, photoAlt } from './page.ts';

export interface KindWords {
  /** What the headline means, and what it does not. */
  readonly meaning: Readonly<Record<Outcome, Text>>;
  /** The end of the bar that speaks for authenticity. */
  readonly real: Text;
  /** "for a real photograph", where a weight is told. */
  readonly forReal: Text;
  /** "If real", after a factor. */
  readonly ifReal: Text;
  /** "Of 1,000 real photographs …, about 4 would score so." */
  falsePositives(count: string, of: string, few: boolean): Text;
  readonly bareLayer: Text;
  readonly noPicture: Text;
  readonly noMap: Text;
  /** How the file was changed before it was examined again. */
  readonly stabilityNote: Text;
  alt(file: string): Text;
}

const UNREADABLE: Text = {
  en: 'Nothing could be played from it, so nothing was examined. This says nothing about whether it is real.',
  zh: '无法从中播放任何内容，因此未做任何检验。这与其真伪无关。',
};

const image: KindWords = {
  meaning: OUTCOME_MEANING,
  real: PAGE.real,
  forReal: { en: 'for a real photograph', zh: '支持真实照片' },
  ifReal: { en: 'if real', zh: '若为真实照片' },
  falsePositives: falsePositiveSentence,
  bareLayer: PAGE.pictureOnly,
  noPicture: PAGE.noPicture,
  noMap: PAGE.noMap,
  stabilityNote: PAGE.stabilityNote,
  alt: photoAlt,
};

const audio: KindWords = {
  meaning: {
    authentic: {
      en: 'What was measured fits a recorded human voice better than a synthetic one. That does not say who is speaking, when, or whether what is said is true.',
      zh: '各项测量更符合真人录音，而不是合成语音。但这并不说明说话者是谁、何时所说，或所说是否属实。',
    },
    inconclusive: {
      en: 'The evidence is too weak, too contradictory, or did not apply to this recording. Treat it as if it had not been examined.',
      zh: '证据太弱、互相矛盾，或不适用于这段录音。请当作未经检验来对待。',
    },
    suspect: {
      en: 'Some evidence speaks against this recording, not enough for a verdict. Call the person back on a number you know before acting on it.',
      zh: '部分证据对这段录音不利，但不足以下结论。在据此行动之前，请用已知的号码回拨本人核实。',
    },
    synthetic: {
      en: 'The evidence fits a synthesised or converted voice much better than a recorded human one.',
      zh: '各项证据更符合合成或变换过的语音，而不是真人录音。',
    },
    manipulated: {
      en: 'Parts of the recording do not fit the rest: something was very likely inserted, removed or replaced.',
      zh: '录音中有部分内容与其余部分不一致：很可能被插入、删除或替换过。',
    },
    unreadable: UNREADABLE,
  },
  real: { en: 'human voice', zh: '真人语音' },
  forReal: { en: 'for a human voice', zh: '支持真人语音' },
  ifReal: { en: 'if human', zh: '若为真人语音' },
  falsePositives: (count, of, few) =>
    few
      ? {
          en: `Of ${of} recordings of human voices that the detector had not heard, fewer than one would sound this suspicious.`,
          zh: `在检测器未听过的 ${of} 段真人录音中，会显得如此可疑的不到一段。`,
        }
      : {
          en: `Of ${of} recordings of human voices that the detector had not heard, about ${count} would sound this suspicious.`,
          zh: `在检测器未听过的 ${of} 段真人录音中，约有 ${count} 段会显得如此可疑。`,
        },
  bareLayer: { en: 'Spectrogram only', zh: '仅声谱图' },
  noPicture: {
    en: 'The spectrogram is not part of this report, to keep the file small.',
    zh: '为控制文件大小，本报告未包含声谱图。',
  },
  noMap: {
    en: 'The spectrogram: time from left to right, 0 to 8 kHz upwards. No evidence points at a part of it.',
    zh: '声谱图：横轴为时间，纵轴为 0 至 8 kHz。没有证据指向其中的具体部分。',
  },
  stabilityNote: {
    en: 'The same recording, changed as telephones and messengers change sound, and examined again.',
    zh: '按电话和聊天软件常见的方式处理同一段录音，然后重新检验。',
  },
  alt: (file) => ({ en: `Spectrogram of ${file}`, zh: `${file} 的声谱图` }),
};

const video: KindWords = {
  meaning: {
    authentic: {
      en: 'What was measured fits a filmed scene better than a generated or altered one. That does not say that the caption, the date or the place are true.',
      zh: '各项测量更符合实拍画面，而不是生成或改动过的画面。但这并不说明配文、日期或地点属实。',
    },
    inconclusive: {
      en: 'The evidence is too weak, too contradictory, or did not apply to this video. Treat it as if it had not been examined.',
      zh: '证据太弱、互相矛盾，或不适用于这段视频。请当作未经检验来对待。',
    },
    suspect: {
      en: 'Some evidence speaks against this video, not enough for a verdict. Look for the original file or a second source before using it.',
      zh: '部分证据对这段视频不利，但不足以下结论。使用之前，请设法取得原始文件或另找来源印证。',
    },
    synthetic: {
      en: 'The evidence fits a video made by a generator, in whole or in large part, much better than one that was filmed.',
      zh: '各项证据更符合由生成模型整体或大部分生成的视频，而不是实拍视频。',
    },
    manipulated: {
      en: 'Parts of the video do not fit the rest: something was very likely replaced, inserted or removed.',
      zh: '视频中有部分内容与其余部分不一致：很可能被替换、添加或删除过。',
    },
    unreadable: UNREADABLE,
  },
  real: { en: 'real video', zh: '真实视频' },
  forReal: { en: 'for a real video', zh: '支持真实视频' },
  ifReal: { en: 'if real', zh: '若为真实视频' },
  falsePositives: (count, of, few) =>
    few
      ? {
          en: `Of ${of} real videos that the detector had not seen, fewer than one would look this suspicious.`,
          zh: `在检测器未见过的 ${of} 段真实视频中，会显得如此可疑的不到一段。`,
        }
      : {
          en: `Of ${of} real videos that the detector had not seen, about ${count} would look this suspicious.`,
          zh: `在检测器未见过的 ${of} 段真实视频中，约有 ${count} 段会显得如此可疑。`,
        },
  bareLayer: PAGE.pictureOnly,
  noPicture: PAGE.noPicture,
  noMap: PAGE.noMap,
  stabilityNote: {
    en: 'The same video, changed as platforms and people change videos, and examined again.',
    zh: '按平台和用户常见的方式处理同一段视频，然后重新检验。',
  },
  alt: (file) => ({ en: `A frame of ${file}`, zh: `${file} 的一帧` }),
};

/** How files of each kind are spoken of. */
export const KIND_WORDS: Readonly<Record<MediaKind, KindWords>> = { image, audio, video };
