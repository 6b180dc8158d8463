/**
 * `huoyan doctor`: does every part work on this machine? Each check really uses the part (decodes a picture, runs a
 * network against its self-test) instead of looking for its folder, and says what to do when it does not work.
 */
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import pc from 'picocolors';
import { asHuoyanError } from '../../core/errors.ts';
import type { Text } from '../../core/text.ts';
import { PRODUCER } from '../../report/index.ts';
import { padEnd } from '../../report/width.ts';
import type { Console } from '../console.ts';
import { EXIT } from '../exit.ts';

/** `limited` works, but slower or with less; `missing` does not, and Huoyan says so wherever it would have been used. */
type Status = 'ok' | 'limited' | 'missing';

interface Finding {
  readonly status: Status;
  readonly detail: Text;
  readonly hint?: Text;
}

interface Check {
  readonly name: string;
  readonly title: Text;
  run(): Promise<Finding>;
}

/** The same words in both languages, for names and versions. */
const both = (words: string): Text => ({ en: words, zh: words });

const REINSTALL: Text = {
  en: 'reinstall the dependencies: npm ci (or npm install huoyan)',
  zh: '请重新安装依赖：npm ci（或 npm install huoyan）',
};

/** Everything that is checked, in the order it is shown. */
const CHECKS: readonly Check[] = [
  { name: 'node', title: { en: 'Node.js', zh: 'Node.js' }, run: checkNode },
  { name: 'machine', title: { en: 'machine', zh: '本机' }, run: checkMachine },
  { name: 'pictures', title: { en: 'picture formats', zh: '图片格式' }, run: checkPictures },
  { name: 'runtime', title: { en: 'network runtime', zh: '网络推理引擎' }, run: checkRuntime },
  { name: 'models', title: { en: 'models', zh: '模型' }, run: checkModels },
  { name: 'faces', title: { en: 'face networks', zh: '人脸网络' }, run: checkFaces },
  { name: 'c2pa', title: { en: 'content credentials', zh: '内容凭证（C2PA）' }, run: checkCredentials },
  { name: 'reports', title: { en: 'reports here', zh: '在此写报告' }, run: checkReports },
];

/** Runs every check; exit code 5 when something is missing, else 0. */
export async function doctor(flags: { readonly json?: boolean }, io: Console): Promise<number> {
  const findings: (Finding & { readonly check: Check })[] = [];
  for (const check of CHECKS) {
    const finding = await check.run().catch((thrown): Finding => {
      const { text, hint } = asHuoyanError(thrown);
      return { status: 'missing', detail: text, hint };
    });
    findings.push({ ...finding, check });
    if (!flags.json) await io.write(`${line(check, finding, io)}\n`);
  }
  const missing = findings.filter((finding) => finding.status === 'missing').length;
  if (flags.json) {
    const checks = findings.map(({ check, status, detail, hint }) => ({
      name: check.name,
      status,
      detail: io.say(detail),
      ...(hint && { hint: io.say(hint) }),
    }));
    await io.write(`${JSON.stringify({ producer: PRODUCER, ok: missing === 0, checks }, null, 2)}\n`);
  } else if (missing === 0) {
    io.note({ en: 'everything Huoyan needs works on this machine', zh: '火眼所需的组件在本机均可用' });
  } else {
    io.note({
      en: `${missing} part(s) do not work; see the hints above`,
      zh: `有 ${missing} 个组件不可用，见上方提示`,
    });
  }
  return missing === 0 ? EXIT.ok : EXIT.component;
}

const WORD: Readonly<Record<Status, Text>> = {
  ok: { en: '✓ ok', zh: '✓ 正常' },
  limited: { en: '! limited', zh: '! 受限' },
  missing: { en: '✕ missing', zh: '✕ 缺失' },
};

function line(check: Check, { status, detail, hint }: Finding, io: Console): string {
  const c = pc.createColors(io.color);
  const paint = { ok: c.green, limited: c.yellow, missing: c.red }[status];
  const first = `${paint(padEnd(io.say(WORD[status]), 10))} ${c.bold(padEnd(io.say(check.title), 20))} ${io.say(detail)}`;
  if (!hint) return first;
  return `${first}\n${' '.repeat(32)}${io.say({ en: 'hint: ', zh: '提示：' })}${io.say(hint)}`;
}

async function checkNode(): Promise<Finding> {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const detail = both(`${process.version} ${process.platform}-${process.arch}`);
  if (major > 20 || (major === 20 && minor >= 9)) return { status: 'ok', detail };
  return {
    status: 'missing',
    detail,
    hint: { en: 'install Node.js 20.9 or later', zh: '请安装 Node.js 20.9 或更高版本' },
  };
}

async function checkMachine(): Promise<Finding> {
  const gib = totalmem() / 2 ** 30;
  const cores = availableParallelism();
  const detail = {
    en: `${cores} core(s), ${gib.toFixed(1)} GiB memory`,
    zh: `${cores} 核，内存 ${gib.toFixed(1)} GiB`,
  };
  if (gib >= 1) return { status: 'ok', detail };
  return {
    status: 'limited',
    detail,
    hint: { en: 'use --jobs 1; large pictures may not fit', zh: '请使用 --jobs 1；大图可能内存不足' },
  };
}

/** Writes and reads back a small picture in every format we write. */
async function checkPictures(): Promise<Finding> {
  const { encodeJpeg, encodePng, encodeWebp, encodeAvif, decodePixels } = await import(
    '../../media/index.node.ts'
  );
  const width = 32;
  const data = Uint8Array.from({ length: width * width * 3 }, (_, i) => (i * 7) % 256);
  const image = { width, height: width, data };
  const writers = {
    JPEG: () => encodeJpeg(image, { quality: 90 }),
    PNG: () => encodePng(image),
    WebP: () => encodeWebp(image),
    AVIF: () => encodeAvif(image),
  };
  const works: string[] = [];
  const broken: string[] = [];
  for (const [name, write] of Object.entries(writers)) {
    const fine = await write()
      .then((bytes) => decodePixels(bytes))
      .then((pixels) => pixels.width === width)
      .catch(() => false);
    (fine ? works : broken).push(name);
  }
  if (broken.length === 0) return { status: 'ok', detail: both(works.join(', ')) };
  return {
    status: works.length > 0 ? 'limited' : 'missing',
    detail: { en: `not working: ${broken.join(', ')}`, zh: `不可用：${broken.join('、')}` },
    hint: REINSTALL,
  };
}

async function checkRuntime(): Promise<Finding> {
  const { nodeRuntime } = await import('../../nn/runtime.node.ts');
  const { name } = await nodeRuntime();
  if (name === 'onnxruntime-node')
    return { status: 'ok', detail: { en: `${name} (native)`, zh: `${name}（原生）` } };
  return {
    status: 'limited',
    detail: { en: `${name} (WebAssembly): works, but slower`, zh: `${name}（WebAssembly）：可用但较慢` },
    hint: {
      en: 'for the native one: ONNXRUNTIME_NODE_INSTALL=skip npm install onnxruntime-node@1.30.0',
      zh: '如需原生引擎：ONNXRUNTIME_NODE_INSTALL=skip npm install onnxruntime-node@1.30.0',
    },
  };
}

/** Every network against the sha256 and the self-test of its card. */
async function checkModels(): Promise<Finding> {
  const { openModels } = await import('../../nn/models.node.ts');
  const models = openModels();
  const names = await models.names();
  if (names.length === 0) {
    return { status: 'missing', detail: { en: 'none found', zh: '未找到任何模型' }, hint: REINSTALL };
  }
  const fine: string[] = [];
  const problems: Text[] = [];
  for (const name of names) {
    try {
      const { ok, error, tolerance } = await models.verify(name);
      if (ok) fine.push(`${name} ${(await models.card(name)).version}`);
      else {
        const numbers = `${error.toPrecision(3)} > ${tolerance}`;
        problems.push({ en: `${name}: self-test off by ${numbers}`, zh: `${name}：自检偏差 ${numbers}` });
      }
    } catch (thrown) {
      problems.push(asHuoyanError(thrown).text);
    }
  }
  await models.close();
  if (problems.length > 0) {
    const detail = { en: problems.map((p) => p.en).join('; '), zh: problems.map((p) => p.zh).join('；') };
    return { status: 'missing', detail, hint: REINSTALL };
  }
  const list = fine.join(', ');
  return {
    status: 'ok',
    detail: { en: `${list}: sha256 and self-test agree`, zh: `${list}：sha256 与自检均一致` },
  };
}

async function checkFaces(): Promise<Finding> {
  const { facesAvailable } = await import('../../face/finder.node.ts');
  if (await facesAvailable()) return { status: 'ok', detail: both('@vladmandic/human') };
  return {
    status: 'missing',
    detail: {
      en: 'package @vladmandic/human is not installed',
      zh: '未安装软件包 @vladmandic/human',
    },
    hint: {
      en: 'npm install @vladmandic/human@3.3.6; without it faces are not looked for',
      zh: '请运行 npm install @vladmandic/human@3.3.6；缺少时不检测人脸',
    },
  };
}

async function checkCredentials(): Promise<Finding> {
  const { createC2paEngine } = await import('../../credentials/c2pa/engine.node.ts');
  // Loading the library is the check: that a file without credentials is no credential is a fine answer.
  await createC2paEngine().read(new Uint8Array([0xff, 0xd8, 0xff, 0xd9]), 'image/jpeg');
  return { status: 'ok', detail: both('@contentauth/c2pa-wasm') };
}

async function checkReports(): Promise<Finding> {
  const folder = process.cwd();
  try {
    await access(folder, constants.W_OK);
    return { status: 'ok', detail: both(folder) };
  } catch {
    return {
      status: 'limited',
      detail: { en: `${folder} may not be written to`, zh: `没有写入 ${folder} 的权限` },
      hint: { en: 'give --html a path elsewhere', zh: '请为 --html 指定其他位置' },
    };
  }
}
