/** `huoyan trace enrol|enrolled|forget`: generators and synthesis systems a user adds from a handful of their works. */
import type { Text } from '../../core/text.ts';
import type { Untraceable } from '../../core/trace.ts';
import {
  checkName,
  enrolledNames,
  FEWEST,
  forgetEnrolment,
  keepEnrolment,
} from '../../trace/enrolled.node.ts';
import { describeExamples } from '../../trace/examples.node.ts';
import { huoyanHome } from '../../trace/home.node.ts';
import type { Traceable } from '../../trace/known.node.ts';
import type { Console } from '../console.ts';
import { EXIT } from '../exit.ts';
import { checkInputs, inputsOf } from '../inputs.ts';

/** Works beyond which more do not help, and below which attribution is weaker. */
const ENOUGH = 20;
const MOST = 200;

/** Enrols the generator or system `name` from its pictures or clips and returns the exit code. */
export async function enrol(name: string, paths: readonly string[], io: Console): Promise<number> {
  checkName(name);
  checkInputs(paths, {});
  let unusable = 0;
  async function* files(): AsyncGenerator<string> {
    let given = 0;
    for await (const input of inputsOf(paths, {})) {
      if (given++ >= MOST) return;
      if ('error' in input) {
        unusable++;
        io.error(input.error, input.name);
      } else yield input.name;
    }
  }
  const enrolment = await describeExamples(
    name,
    files(),
    (file, why) => {
      unusable++;
      if (why.outcome === 'unreadable') io.error(why.error, file);
      else if (why.outcome === 'notApplicable') io.note(declined(file, why));
    },
    (done) => io.status(() => ({ en: `${done} described`, zh: `已提取 ${done} 个` })),
  );
  await keepEnrolment(enrolment, undefined, enrolment.kind);
  const count = enrolment.sent.stored.length;
  const { examples, known, better } = WORDS[enrolment.kind];
  io.note({
    en: `"${name}" enrolled from ${count} ${examples.en}; ${known.en} from now on`,
    zh: `已用 ${count} ${examples.zh}登记“${name}”；${known.zh}`,
  });
  if (count < ENOUGH) io.note(better(count));
  return unusable > 0 ? EXIT.partial : EXIT.ok;
}

interface Words {
  readonly examples: Text;
  readonly known: Text;
  readonly better: (count: number) => Text;
}

const WORDS: Readonly<Record<Traceable, Words>> = {
  image: {
    examples: { en: 'pictures', zh: '张图片' },
    known: {
      en: '"huoyan trace" and "huoyan analyze" know it',
      zh: '此后 huoyan trace 与 huoyan analyze 均可识别',
    },
    better: (count) => ({
      en: `${ENOUGH} pictures are better than ${count}: enrol again with more when you have them`,
      zh: `${count} 张偏少，${ENOUGH} 张更佳；得到更多图片后可重新登记`,
    }),
  },
  audio: {
    examples: { en: 'clips', zh: '段语音' },
    known: { en: '"huoyan trace" knows it', zh: '此后 huoyan trace 可识别' },
    better: (count) => ({
      en: `${ENOUGH} clips of several speakers are better than ${count}: enrol again with more when you have them`,
      zh: `${count} 段偏少，多名说话人的 ${ENOUGH} 段更佳；得到更多语音后可重新登记`,
    }),
  },
};

function declined(file: string, why: Untraceable): Text {
  if (why.kind === 'image') {
    return {
      en: `${file}: too small to carry a fingerprint, sides of at least ${why.limit} pixels are needed`,
      zh: `${file}：图片过小，不含可用指纹，边长至少需要 ${why.limit} 像素`,
    };
  }
  return {
    en: `${file}: not enough speech, at least ${why.limit} seconds are needed`,
    zh: `${file}：讲话不足，至少需要 ${why.limit} 秒`,
  };
}

/** Lists what is enrolled. */
export async function enrolled(flags: { readonly json?: boolean }, io: Console): Promise<number> {
  const [pictures, voices] = await Promise.all([enrolledNames(), enrolledNames(undefined, 'audio')]);
  const names = [...pictures, ...voices];
  if (flags.json)
    await io.write(`${JSON.stringify({ home: huoyanHome(), enrolled: names, pictures, voices })}\n`);
  else if (names.length > 0) await io.write(`${names.join('\n')}\n`);
  else {
    io.note({
      en: `nothing is enrolled; huoyan trace enrol NAME FILES… takes ${FEWEST} pictures or clips or more`,
      zh: `尚未登记任何生成器；请用 huoyan trace enrol 名称 文件…，至少 ${FEWEST} 张图片或 ${FEWEST} 段语音`,
    });
  }
  return EXIT.ok;
}

/** Removes one. */
export async function forget(name: string, io: Console): Promise<number> {
  await forgetEnrolment(name);
  io.note({ en: `"${name}" is forgotten`, zh: `已移除“${name}”` });
  return EXIT.ok;
}
