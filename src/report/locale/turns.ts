/** Words for who speaks when. */
import type { Text } from '../../core/text.ts';

export const TURNS = {
  heading: { en: 'Who speaks when', zh: '说话人与轮次' },
  note: {
    en: 'A letter is a voice told apart in this recording only, not an identity. The percentage is of the turn alone, at even odds.',
    zh: '字母仅表示本录音中区分出的不同嗓音，并非身份。百分比仅就该轮次而言，以均等先验计。',
  },
  unjudged: { en: 'too short to be judged', zh: '过短，未作判断' },
} as const satisfies Record<string, Text>;

export function voiceName(speaker: string): Text {
  return { en: `Voice ${speaker}`, zh: `说话人 ${speaker}` };
}

/** One line of the terminal: who, when, how strong; `percent` null where the turn was not judged. */
export function turnLine(speaker: string, range: string, percent: string | null): Text {
  if (percent === null) {
    return {
      en: `voice ${speaker}, ${range}: ${TURNS.unjudged.en}`,
      zh: `说话人 ${speaker}，${range}：${TURNS.unjudged.zh}`,
    };
  }
  return {
    en: `voice ${speaker}, ${range}: ${percent} % synthetic at even odds`,
    zh: `说话人 ${speaker}，${range}：以均等先验计，合成的可能为 ${percent}%`,
  };
}

export function turnsAlt(speakers: number): Text {
  return {
    en: `Time line of ${speakers} voices; filled where a turn speaks for a synthetic voice`,
    zh: `${speakers} 个说话人的时间线；偏向合成的轮次以实色标出`,
  };
}
