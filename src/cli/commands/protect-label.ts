/** `huoyan protect label write|check`: GB 45438-2025 labels, written into any carrier and checked in other people's files. */
import type { Text } from '../../core/text.ts';
import type { AigcLabel, AigcLabelValue } from '../../credentials/aigc/label.ts';
import { readBytes } from '../../media/index.node.ts';
import { explicitlyLabelled } from '../../protect/label/explicit.node.ts';
import type { LabelWords } from '../../protect/label/explicit.ts';
import { carrierFor, withLabel } from '../../protect/label/manifest.ts';
import { checkLabelOf, type LabelAnswer } from '../../protect/label/verdict.node.ts';
import type { Console } from '../console.ts';
import { EXIT } from '../exit.ts';
import { usageError } from '../failure.ts';
import { encoderFor } from '../picture-file.ts';
import { writeBytes } from '../write-bytes.ts';

export interface LabelWriteFlags {
  readonly out: string;
  readonly producer: string;
  readonly id: string;
  readonly label: AigcLabelValue;
  readonly propagator?: string;
  readonly propagateId?: string;
  /** Also draw the words onto a picture or video, or put the rhythm before a sound, which re-encodes it. */
  readonly words?: LabelWords;
}

/** Writes the labelled copy and returns the exit code. */
export async function labelWrite(path: string, flags: LabelWriteFlags, io: Console): Promise<number> {
  const label: AigcLabel = {
    Label: flags.label,
    ContentProducer: flags.producer,
    ProduceID: flags.id,
    ...(flags.propagator !== undefined && { ContentPropagator: flags.propagator }),
    ...(flags.propagateId !== undefined && { PropagateID: flags.propagateId }),
  };
  let bytes = await readBytes(path);
  if (flags.words) {
    bytes = await explicitlyLabelled(bytes, path, {
      words: flags.words,
      out: flags.out,
      encodePicture: (image) => encoderFor(flags.out)(image),
      onProgress: (seconds, of) => {
        const [at, whole] = [seconds.toFixed(0), of.toFixed(0)];
        io.status(() => ({ en: `${at} of ${whole} s written`, zh: `已写入 ${at}/${whole} 秒` }));
      },
    });
  }
  const labelled = withLabel(bytes, label);
  await writeBytes(flags.out, labelled);
  const { name } = carrierFor(labelled);
  io.note({
    en: `labelled (${name}, ${labelled.length - bytes.length} bytes more): ${flags.out}`,
    zh: `已写入标识（${name}，增加 ${labelled.length - bytes.length} 字节）：${flags.out}`,
  });
  return EXIT.ok;
}

/** Checks the label of a file and returns the exit code: whatever the verdict, the check itself succeeded. */
export async function labelCheck(
  path: string,
  flags: { readonly json?: boolean },
  io: Console,
): Promise<number> {
  const bytes = await readBytes(path);
  if (bytes.length === 0) {
    throw usageError(
      { en: `"${path}" is empty`, zh: `“${path}”是空文件` },
      { en: 'name another file', zh: '请指定其他文件' },
    );
  }
  const answer = await checkLabelOf(bytes, path);
  if (flags.json) await io.write(`${JSON.stringify(answer, null, 2)}\n`);
  else await io.write(`${io.say(sentence(answer))}\n${io.say(EXPLICIT[answer.explicit])}\n`);
  return EXIT.ok;
}

const EXPLICIT: Readonly<Record<LabelAnswer['explicit'], Text>> = {
  present: { en: 'explicit label: present', zh: '显式标识：存在' },
  absent: {
    en: 'explicit label: absent (nothing is seen or heard where it would be)',
    zh: '显式标识：无（应有位置上没有任何内容）',
  },
  inconclusive: {
    en: 'explicit label: inconclusive (not the one Huoyan writes; other words and voices are not read)',
    zh: '显式标识：无法判断（不是火眼所写；其他文字与语音不予识别）',
  },
};

function sentence({ verdict, carrier, label, producer, violations }: LabelAnswer) {
  if (verdict === 'absent') {
    return {
      en: `${carrier}: no label; any re-save loses one, so this proves nothing`,
      zh: `${carrier}：未发现标识；任何重新保存都会丢失标识，因此不构成证明`,
    };
  }
  if (verdict === 'inconclusive') {
    return { en: `${carrier}: there is a label that cannot be read`, zh: `${carrier}：存在无法读取的标识` };
  }
  if (verdict === 'compliant') {
    return {
      en: `${carrier}: compliant, Label ${label}, producer ${producer}`,
      zh: `${carrier}：符合要求，Label ${label}，生成合成服务提供者 ${producer}`,
    };
  }
  return {
    en: `${carrier}: non-compliant\n${violations.map((v) => `  ${v.clause}: ${v.text.en}`).join('\n')}`,
    zh: `${carrier}：不符合要求\n${violations.map((v) => `  ${v.clause}：${v.text.zh}`).join('\n')}`,
  };
}
