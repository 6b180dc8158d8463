/** `huoyan audit` and what is within it: measuring recognisers, and making material to measure them with. */
import type { ImpersonateFlags } from '../commands/audit-impersonate.ts';
import type { AuditFlags } from '../commands/audit-recognition.ts';
import type { Declaration } from './declaration.ts';
import { AS_JSON, HTML, SEED } from './options.ts';
import { integer } from './values.ts';

const recognition: Declaration = {
  name: 'recognition',
  summary: { en: 'measure one or more recognisers', zh: '测量一个或多个识别服务' },
  description: {
    en: 'Measures how often fakes pass as the person they are made of: from recorded answers (CSV or NDJSON with the columns Src, Tar Pred., Tar Conf. …), or by asking recognisers about a gallery and fakes. Pictures leave this machine only for a service named with --recogniser.',
    zh: '测量伪造图片冒充成功的比例：读取应答记录（含 Src、Tar Pred.、Tar Conf. 等列的 CSV 或 NDJSON），或用图库与伪造图片询问识别器。只有用 --recogniser 指名的服务才会收到图片。',
  },
  options: [
    {
      flags: '--recorded <files...>',
      text: { en: 'recorded answers; "-" is standard input', zh: '应答记录文件；“-”表示标准输入' },
    },
    {
      flags: '--service <name>',
      text: { en: 'the service that gave the recorded answers', zh: '给出应答记录的服务名称' },
    },
    {
      flags: '--names <rule>',
      text: {
        en: '"written": past case and punctuation only (default); "identity": also accents and known aliases',
        zh: 'written：仅忽略大小写与标点（默认）；identity：还忽略变音符号与已知别名',
      },
      choices: ['written', 'identity'],
    },
    {
      flags: '--gallery <folders...>',
      text: {
        en: 'people the recogniser shall know: one folder of photos a person',
        zh: '识别器应认识的人：每人一个照片文件夹',
      },
    },
    {
      flags: '--fakes <folders...>',
      text: {
        en: 'fakes, pictures or clips: folders named after the person impersonated, or with fakes.csv',
        zh: '伪造图片或视频：以被冒充者命名的文件夹，或含 fakes.csv',
      },
    },
    {
      flags: '--frames <n>',
      text: { en: 'frames of each clip (default: 8)', zh: '每段视频取帧数（默认：8）' },
      parse: integer(1, 1000),
    },
    {
      flags: '--recogniser <names>',
      text: {
        en: 'whom to ask, with commas between (default: the local ones)',
        zh: '要询问的识别器，逗号分隔（默认：本机识别器）',
      },
    },
    {
      flags: '--gate <detectors...>',
      text: {
        en: 'a detector in front: "huoyan", or a file of scores',
        zh: '前置检测器：huoyan 或分数文件',
      },
    },
    {
      flags: '--config <file>',
      text: {
        en: 'addresses and keys of services to audit, as JSON',
        zh: '被审计服务的地址与密钥（JSON 文件）',
      },
    },
    {
      flags: '--journal <file>',
      text: {
        en: 'where answers are kept, so that nothing is asked twice',
        zh: '保存应答的文件，避免重复询问',
      },
    },
    {
      flags: '--max-calls <n>',
      text: { en: 'stop after so many calls to each', zh: '每个识别器最多调用次数' },
      parse: integer(1, 1_000_000_000),
    },
    {
      flags: '--dry-run',
      text: { en: 'say what would be asked and what it costs', zh: '仅说明将询问多少、费用几何' },
    },
    {
      flags: '--aliases <file>',
      text: { en: 'further names of people, as JSON', zh: '其他别名（JSON 文件）' },
    },
    AS_JSON,
    { flags: '--csv <file>', text: { en: 'write every rate as a table', zh: '将全部比率写为表格' } },
    HTML,
  ],
  load: async (_: [], flags: AuditFlags) => {
    const { auditRecognition } = await import('../commands/audit-recognition.ts');
    return (io) => auditRecognition(flags, io);
  },
};

const impersonate: Declaration = {
  name: 'impersonate',
  summary: { en: 'make fakes of your own gallery', zh: '用自己的图库制作伪造图片' },
  description: {
    en: 'Makes fakes of the people in a gallery by warping and blending their photos, to audit a recogniser with. Every file is labelled as synthetic. Only for people who agreed.',
    zh: '通过变形与融合图库中的照片制作伪造图片，用于审计识别器。每个文件均标明为合成。仅限本人同意的人物。',
  },
  options: [
    {
      flags: '--gallery <folders...>',
      text: { en: 'one folder of photos a person', zh: '每人一个照片文件夹' },
      needed: true,
    },
    { flags: '--out <folder>', text: { en: 'folder to write into', zh: '写入的文件夹' }, needed: true },
    {
      flags: '--count <n>',
      text: { en: 'of each person (default: 2)', zh: '每人张数（默认：2）' },
      parse: integer(1, 1000),
      fallback: 2,
    },
    { ...SEED, fallback: 1 },
    {
      flags: '--method <method>',
      text: { en: 'one method only', zh: '只用一种方法' },
      choices: ['swap', 'blend'],
    },
    {
      flags: '--bare',
      text: { en: 'no visible mark (the label in the file stays)', zh: '画面不加标识（文件内标识保留）' },
    },
  ],
  load: async (_: [], flags: ImpersonateFlags) => {
    const { auditImpersonate } = await import('../commands/audit-impersonate.ts');
    return (io) => auditImpersonate(flags, io);
  },
};

export const audit: Declaration = {
  name: 'audit',
  summary: { en: 'how recognisers hold up against deepfakes', zh: '审计人脸识别服务抵御深度伪造的能力' },
  description: {
    en: 'Measures how a face-recognition service answers to deepfakes of people it knows.',
    zh: '测量人脸识别服务面对其认识的人的深度伪造图片时如何应答。',
  },
  commands: [recognition, impersonate],
};
