/** Words for the persons of a video. */
import type { Text } from '../../core/text.ts';

export const PEOPLE = {
  heading: { en: 'People and seconds', zh: '人物与时间' },
  note: {
    en: 'Each person seen, with their face at the most telling moments. A bar is a second that was looked at: the higher, the more it speaks for a fake; the line is one half. Empty seconds were not looked at.',
    zh: '视频中的人物及其最能说明问题的时刻。每条柱表示一个被检视的秒：越高越像伪造，中线为一半；空白处未检视。',
  },
} as const satisfies Record<string, Text>;

export function personName(person: number): Text {
  return { en: `Person ${person}`, zh: `人物 ${person}` };
}

export function portraitAlt(person: number, at: string): Text {
  return { en: `Face of person ${person} at ${at}`, zh: `人物 ${person} 在 ${at} 的面部` };
}

export function laneAlt(person: number): Text {
  return {
    en: `Strength of the evidence about person ${person}, second by second`,
    zh: `关于人物 ${person} 的证据强度（逐秒）`,
  };
}

/** One line of the terminal: who, when, how strong. */
export function personLine(person: number, range: string, percent: string): Text {
  return {
    en: `person ${person}, ${range}: ${percent} swapped or re-enacted at even odds`,
    zh: `人物 ${person}，${range}：以均等先验计，被换脸或驱动的可能为 ${percent}`,
  };
}
