/** What the voice detector says, in words. */
import type { Text } from '../../core/text.ts';

export const NO_SPEECH: Text = {
  en: 'Nobody can be heard speaking; silence, noise and music are not judged.',
  zh: '未听到有人说话；静音、噪声和音乐不作判断。',
};

export const NO_SOUND: Text = {
  en: 'The video has no sound track that could be heard.',
  zh: '该视频没有可供检验的声音轨道。',
};

/** The same of the sound track of a video. */
export function inSoundTrack(summary: Text): Text {
  return { en: `Sound track: ${summary.en}`, zh: `声音轨道：${summary.zh}` };
}

export const TOO_SHORT: Text = {
  en: 'There is less than half a second of speech, too little to judge a voice by.',
  zh: '语音不足半秒，太短，无法判断。',
};

export const NOT_SPEECH: Text = {
  en: 'What can be heard does not move as speech does (music, tones or steady noise); the detector was measured on speech only.',
  zh: '所听到的声音不具备语音的起伏（可能是音乐、单音或持续噪声）；本检测器只在语音上验证过，故不作判断。',
};

export const MAP_MEANING: Text = {
  en: 'Spectrogram, time from left to right, 0 to 8 kHz upwards; bright: frequencies that speak for a synthetic voice (how much the score falls when they are not looked at)',
  zh: '声谱图，横轴为时间，纵轴 0 至 8 kHz；明亮处为支持“合成语音”的频率（不看这些频率时得分下降多少）',
};

export const MEASURED_ON: Text = {
  en: 'Single speakers reading or speaking, 1 to 5 seconds: calibrated for English and German; of Spanish, Yoruba, Mandarin, Japanese and Korean only a handful of clips were heard, so that in those and in any other language the answer is less sure than it says. As stored and after MP3 32 kbit/s, Opus 12 kbit/s, a telephone line and an AMR-like mobile call; pages and systems not used for fitting (docs/measured/voice.md).',
  zh: '单人朗读或说话，1 至 5 秒：针对英语和德语校准；西班牙语、约鲁巴语、汉语、日语、韩语只有少量片段，因此在这些语言及其他语言中，实际把握低于所示数值。原样及经过 MP3 32 kbit/s、Opus 12 kbit/s、电话线路和类似 AMR 的手机通话；来源与系统均未用于训练（见 docs/measured/voice.md）。',
};

export const SPAN: Text = { en: 'synthetic speech', zh: '合成语音' };

const whole = (strength: Text): Text => ({
  en: `The voice ${strength.en} synthesised or converted by a computer.`,
  zh: `这段语音${strength.zh}由计算机合成或变换而成。`,
});

/**
 * The sentence of an answer; `llr` as weighed, `share` of the speech that sounds synthetic by itself (0..1), `narrow`
 * when only what passes a telephone could be heard, `speakers` who sounds synthetic where others do not.
 */
export function summaryOf(llr: number, share: number, narrow: boolean, speakers: readonly string[]): Text {
  const said = speakers.length > 0 && llr >= 1 ? ofSpeakers(llr, speakers) : strengthOf(llr);
  const part: Text =
    llr >= 1 && share < 0.6 && speakers.length === 0
      ? { en: ' Only parts of it sound so: see the times.', zh: '只有部分片段如此，见所列时间。' }
      : { en: '', zh: '' };
  const line: Text = narrow
    ? {
        en: ' Only the narrow band of a telephone could be heard, which leaves less to go by.',
        zh: '只能听到电话的窄频带，可供判断的依据较少。',
      }
    : { en: '', zh: '' };
  return { en: said.en + part.en + line.en, zh: said.zh + part.zh + line.zh };
}

/** One voice of several: the others sound as recorded voices do, or cannot be told. */
function ofSpeakers(llr: number, speakers: readonly string[]): Text {
  const sure = llr >= 2;
  const [en, zh] = [speakers.join(', '), speakers.join('、')];
  return {
    en: `Several people speak; voice ${en} was ${sure ? 'very likely' : 'probably'} synthesised or converted by a computer. The turns say when.`,
    zh: `录音中有多人说话；说话人 ${zh} 的语音${sure ? '很可能' : '较可能'}由计算机合成或变换而成，时间见各轮次。`,
  };
}

function strengthOf(llr: number): Text {
  if (llr >= 2) return whole({ en: 'was very likely', zh: '很可能' });
  if (llr >= 1) return whole({ en: 'was probably', zh: '较可能' });
  if (llr > -0.7) {
    return {
      en: 'Whether the voice is human or synthetic cannot be told from its sound.',
      zh: '从声音本身无法判断这段语音是真人还是合成。',
    };
  }
  return {
    en: 'The voice sounds as recorded human voices do; newer systems may sound so as well.',
    zh: '这段语音与真人录音相符；但较新的合成系统也可能如此。',
  };
}
