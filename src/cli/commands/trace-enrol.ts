/** `huoyan trace enrol|enrolled|forget`: generators a user adds from a handful of pictures. */
import {
  checkName,
  enrolledNames,
  FEWEST,
  forgetEnrolment,
  keepEnrolment,
} from '../../trace/enrolled.node.ts';
import { huoyanHome } from '../../trace/home.node.ts';
import { describeExamples } from '../../trace/tracer.node.ts';
import type { Console } from '../console.ts';
import { EXIT } from '../exit.ts';
import { checkInputs, inputsOf } from '../inputs.ts';

/** Pictures beyond which more do not help, and below which attribution is weaker. */
const ENOUGH = 20;
const MOST = 200;

/** Enrols the generator `name` from its pictures and returns the exit code. */
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
      else if (why.outcome === 'notApplicable') {
        io.note({
          en: `${file}: too small to carry a fingerprint, sides of at least ${why.limit} pixels are needed`,
          zh: `${file}：图片过小，不含可用指纹，边长至少需要 ${why.limit} 像素`,
        });
      }
    },
    (done) => io.status(() => ({ en: `${done} described`, zh: `已提取 ${done} 张` })),
  );
  await keepEnrolment(enrolment);
  const count = enrolment.sent.stored.length;
  io.note({
    en: `"${name}" enrolled from ${count} pictures; "huoyan trace" and "huoyan analyze" know it from now on`,
    zh: `已用 ${count} 张图片登记“${name}”；此后 huoyan trace 与 huoyan analyze 均可识别`,
  });
  if (count < ENOUGH) {
    io.note({
      en: `${ENOUGH} pictures are better than ${count}: enrol again with more when you have them`,
      zh: `${count} 张偏少，${ENOUGH} 张更佳；得到更多图片后可重新登记`,
    });
  }
  return unusable > 0 ? EXIT.partial : EXIT.ok;
}

/** Lists what is enrolled. */
export async function enrolled(flags: { readonly json?: boolean }, io: Console): Promise<number> {
  const names = await enrolledNames();
  if (flags.json) await io.write(`${JSON.stringify({ home: huoyanHome(), enrolled: names })}\n`);
  else if (names.length > 0) await io.write(`${names.join('\n')}\n`);
  else {
    io.note({
      en: `nothing is enrolled; huoyan trace enrol NAME FILES… takes ${FEWEST} pictures or more`,
      zh: `尚未登记任何生成器；请用 huoyan trace enrol 名称 文件…，至少 ${FEWEST} 张`,
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
