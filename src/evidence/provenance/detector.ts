/**
 * What does the file say about its own origin, and who vouches for it? No learning, no pixels: content credentials (C2PA),
 * the implicit label of GB 45438-2025, IPTC source types, generators' own records, the camera's story. The strongest
 * statement counts, others that agree add little; a statement to the contrary is set against it. Nothing found is no
 * evidence either way: most platforms remove all of this.
 */
import type { Claim, Evidence } from '../../core/evidence.ts';
import type { ImageMedia } from '../../core/media.ts';
import type { Text } from '../../core/text.ts';
import { AIGC_LABEL_MEANING } from '../../credentials/aigc/label.ts';
import { AIGC_STATUS_TEXT, aigcJson } from '../../credentials/aigc/read.ts';
import { type C2paEngine, type C2paRead, type C2paReport, c2paJson } from '../../credentials/c2pa/report.ts';
import { type CameraReport, cameraJson } from '../../credentials/camera.ts';
import { generatorNamed } from '../../credentials/generators/names.ts';
import { type GeneratorTrace, traceJson } from '../../credentials/generators/trace.ts';
import { type IptcReport, iptcJson } from '../../credentials/iptc.ts';
import { type Credentials, readCredentials } from '../../credentials/read.ts';
import type { Detector } from '../detector.ts';
import { AGREEMENT_BONUS, LIMIT, type Rule, WEIGHTS } from './weights.ts';

const VERSION = '1.0.0';

/** One thing the file says, as a rule of the table and in words. `kind` groups statements of one origin. */
interface Statement {
  readonly rule: Rule;
  readonly kind: 'c2pa' | 'aigc' | 'iptc' | 'generator' | 'camera';
  readonly text: Text;
}

/** Who signed and whether that means anything, in a few words. */
function signerText(report: C2paRead): Text {
  const name = report.signer?.organisation ?? report.signer?.name;
  const [en, zh] = name ? [`signed by ${name}`, `由 ${name} 签名`] : ['signed', '已签名'];
  if (report.credential.result === 'failed') {
    return { en: `${en}, with a certificate that is expired or unfit`, zh: `${zh}，但其证书已过期或不合用` };
  }
  const trust: Text = {
    trusted: { en: 'on your trust list', zh: '在您的信任列表中' },
    untrusted: { en: 'not on your trust list', zh: '不在您的信任列表中' },
    noTrustList: { en: 'identity not checked against any trust list', zh: '未与任何信任列表核对身份' },
    unknown: { en: 'trust not established', zh: '信任状态未知' },
  }[report.trust.result];
  return { en: `${en}, ${trust.en}`, zh: `${zh}，${trust.zh}` };
}

/** Actions that move, re-encode or describe a picture without painting in it. */
const HARMLESS_ACTION =
  /^c2pa\.(?:created|opened|converted|transcoded|repackaged|published|resized|cropped|orientation|color_adjustments|adjustedColor|metadata|edited\.metadata|watermarked(?:\.\w+)?)$/;

/** Actions under which "generated" means the whole picture. */
const WHOLE_ACTION = /^c2pa\.(?:created|converted|transcoded|published|opened)$/;

function c2paStatements(report: C2paReport): Statement[] {
  if (report.status !== 'read') return [];
  const { integrity, signature, binding, trust, sources } = report;
  const valid = [integrity, signature, binding].every((c) => c.result === 'passed');
  const trusted = trust.result === 'trusted' && report.credential.result === 'passed';
  const grade = !valid ? 'broken' : trusted ? 'trusted' : 'valid';
  const failed = [integrity, signature, binding].some((c) => c.result === 'failed');
  const signer = signerText(report);
  const say = (rule: Rule, en: string, zh: string): Statement => ({ rule, kind: 'c2pa', text: { en, zh } });
  const doubt: Text = valid
    ? signer
    : failed
      ? { en: 'no longer valid for this file', zh: '对此文件已失效' }
      : { en: 'validity not established', zh: '有效性无法确定' };

  const generated = sources.filter((s) => s.nature === 'generated');
  const whole = generated.some((s) => s.of !== 'component' && (!s.action || WHOLE_ACTION.test(s.action)));
  const part = generated.length > 0 || sources.some((s) => s.nature === 'compositeGenerated');
  const captured = sources.some((s) => s.nature === 'captured' && s.of !== 'component');
  const named = [report.claimGenerator, ...report.actions.map((a) => a.softwareAgent)]
    .map((n) => n && generatorNamed(n)?.title)
    .find((n) => n);
  const by: Text = named ? { en: ` by ${named}`, zh: `（${named}）` } : { en: '', zh: '' };

  if (whole && !captured) {
    return [
      say(
        `c2pa-generated-${grade}`,
        `Content credentials (${doubt.en}) say that the picture was generated${by.en}.`,
        `内容凭证（${doubt.zh}）表明该图片由算法生成${by.zh}。`,
      ),
    ];
  }
  if (part) {
    return [
      say(
        `c2pa-composite-${grade}`,
        `Content credentials (${doubt.en}) say that parts of the picture were generated${by.en}.`,
        `内容凭证（${doubt.zh}）表明图片的一部分由算法生成${by.zh}。`,
      ),
    ];
  }
  if (named && sources.length === 0) {
    return [
      say(
        'c2pa-generator-named',
        `Content credentials (${doubt.en}) name a generator: ${named}.`,
        `内容凭证（${doubt.zh}）提到生成工具：${named}。`,
      ),
    ];
  }
  if (!valid) {
    const changed =
      integrity.result === 'passed' && signature.result === 'passed' && binding.result === 'failed';
    if (changed) {
      return [
        say(
          'c2pa-content-changed',
          'The picture was changed after its content credentials were signed.',
          '图片在内容凭证签名之后被改动。',
        ),
      ];
    }
    // a missing algorithm or a malformed claim is a defect; only a mismatch shows that something was changed
    return [...integrity.codes, ...signature.codes].some((c) => c.endsWith('mismatch'))
      ? [
          say(
            'c2pa-broken',
            'The content credentials in the file were changed after signing.',
            '文件中的内容凭证在签名之后被改动。',
          ),
        ]
      : [];
  }
  if (captured) {
    const edited = report.actions.some((a) => !HARMLESS_ACTION.test(a.action));
    const rule = !trusted
      ? 'c2pa-capture-untrusted'
      : edited
        ? 'c2pa-capture-edited-trusted'
        : 'c2pa-capture-trusted';
    return [
      say(
        rule,
        `Valid content credentials (${signer.en}) say that the picture was captured by a device.`,
        `有效的内容凭证（${signer.zh}）表明该图片由设备拍摄。`,
      ),
    ];
  }
  return [];
}

function aigcStatements({ aigc }: Credentials): Statement[] {
  if (aigc.status === 'absent') return [];
  const found = AIGC_STATUS_TEXT[aigc.status];
  const say = (rule: Rule, meaning?: Text): Statement => ({
    rule,
    kind: 'aigc',
    text: meaning
      ? { en: `The file carries ${found.en}: it ${meaning.en}.`, zh: `文件带有${found.zh}：${meaning.zh}。` }
      : { en: `The file carries ${found.en}.`, zh: `文件带有${found.zh}。` },
  });
  const { label } = aigc;
  if (!label) return [say('aigc-unreadable')];
  const meaning = AIGC_LABEL_MEANING[label];
  if (label === '1') return [say(aigc.status === 'compliant' ? 'aigc-is' : 'aigc-is-flawed', meaning)];
  return [say(label === '2' ? 'aigc-may-be' : 'aigc-suspected', meaning)];
}

function iptcStatements(report: IptcReport): Statement[] {
  const statements: Statement[] = [];
  const generated = report.sourceTypes.find((t) => t.nature === 'generated');
  const composite = report.sourceTypes.find((t) => t.nature === 'compositeGenerated');
  const type = generated ?? composite;
  if (type) {
    statements.push({
      rule: generated ? 'iptc-generated' : 'iptc-composite',
      kind: 'iptc',
      text: {
        en: `Its metadata (IPTC, unsigned) state: ${type.text.en}.`,
        zh: `其元数据（IPTC，未签名）注明：${type.text.zh}。`,
      },
    });
  }
  if (report.aiSystem && !composite) {
    const system = report.aiSystem.slice(0, 80);
    statements.push({
      rule: 'iptc-ai-system',
      kind: 'iptc',
      text: {
        en: `Its metadata (IPTC, unsigned) name an AI system: ${system}.`,
        zh: `其元数据（IPTC，未签名）注明所用人工智能系统：${system}。`,
      },
    });
  }
  return statements;
}

function generatorRule({ strength, scope }: GeneratorTrace): Rule {
  if (scope === 'part') return strength === 'hint' ? 'generator-hint-part' : 'generator-part';
  if (strength === 'hint') return 'generator-hint';
  if (strength === 'name') return scope === 'unknown' ? 'generator-processed' : 'generator-name';
  return scope === 'unknown' ? 'generator-parameters-input' : 'generator-parameters';
}

function generatorStatements(traces: readonly GeneratorTrace[]): Statement[] {
  return traces.map((t) => {
    const what: Text =
      t.strength === 'parameters'
        ? { en: `generation parameters of ${t.title}`, zh: `${t.title} 的生成参数` }
        : t.strength === 'name'
          ? { en: `the name of ${t.title}`, zh: `${t.title} 的署名` }
          : { en: `a trace of ${t.title}`, zh: `${t.title} 的痕迹` };
    return {
      rule: generatorRule(t),
      kind: 'generator',
      text: {
        en: `The file contains ${what.en} (${t.carrier}, unsigned).`,
        zh: `文件中含有 ${what.zh}（${t.carrier}，未签名）。`,
      },
    };
  });
}

function cameraStatements(report: CameraReport): Statement[] {
  const say = (rule: Rule, en: string, zh: string): Statement[] => [
    { rule, kind: 'camera', text: { en, zh } },
  ];
  switch (report.status) {
    case 'consistent':
      return say(
        'camera-consistent',
        'The camera metadata are complete and fit the file, but anyone can write them.',
        '相机元数据完整且与文件相符，但任何人都可以写入。',
      );
    case 'partial':
      return say(
        'camera-partial',
        'There are some camera metadata, which anyone can write.',
        '含有部分相机元数据，但任何人都可以写入。',
      );
    case 'contradictory':
      return say(
        'camera-contradictory',
        'The camera metadata contradict themselves or the file.',
        '相机元数据自相矛盾或与文件不符。',
      );
    default:
      return [];
  }
}

const llrOf = (s: Statement): number => WEIGHTS[s.rule].llr;

/** The strongest statement for a claim, a little for each other kind that agrees, and the strongest against. */
function weigh(statements: readonly Statement[]): { llr: number; claim: Claim; lead: Statement | undefined } {
  const sorted = [...statements].sort((a, b) => llrOf(b) - llrOf(a));
  const strongest = sorted.find((s) => llrOf(s) > 0);
  const against = sorted.findLast((s) => llrOf(s) < 0);
  const kinds = new Set(sorted.filter((s) => llrOf(s) >= 1 && s.kind !== strongest?.kind).map((s) => s.kind));
  const sum =
    (strongest ? llrOf(strongest) + AGREEMENT_BONUS * kinds.size : 0) + (against ? llrOf(against) : 0);
  const llr = Math.max(-LIMIT, Math.min(LIMIT, sum));
  return {
    llr,
    claim: strongest ? WEIGHTS[strongest.rule].claim : 'synthetic',
    lead: llr > 0 ? strongest : (against ?? strongest),
  };
}

const NOTHING: Text = {
  en: 'No content credentials, labels or generator traces were found; most platforms remove them, so their absence proves nothing.',
  zh: '未发现内容凭证、标识或生成工具痕迹；多数平台会将其去除，因此没有并不能证明什么。',
};

/** Things a reader should know that weigh nothing. */
function remarks({ c2pa, camera }: Credentials): Text[] {
  const out: Text[] = [];
  if (c2pa.status === 'notExamined') {
    out.push({
      en: 'Content credentials are present but were not examined.',
      zh: '存在内容凭证，但未作检验。',
    });
  }
  if (c2pa.status === 'unreadable') {
    out.push({ en: 'Content credentials are present but cannot be read.', zh: '存在内容凭证，但无法读取。' });
  }
  if (c2pa.status === 'absent' && c2pa.remote) {
    out.push({
      en: 'Content credentials are kept at an address that was not visited.',
      zh: '内容凭证保存在外部地址，未作访问。',
    });
  }
  if (c2pa.status === 'read' && c2pa.sources.length === 0) {
    out.push({
      en: 'Content credentials are present but say nothing about how the picture was made.',
      zh: '存在内容凭证，但未说明图片如何产生。',
    });
  }
  if (camera.status === 'stripped') {
    out.push({
      en: 'Camera metadata seem to have been removed, which platforms do as well.',
      zh: '相机元数据似乎已被去除，平台也常如此处理。',
    });
  }
  return out;
}

function join(texts: readonly Text[]): Text {
  return { en: texts.map((t) => t.en).join(' '), zh: texts.map((t) => t.zh).join('') };
}

/** Weighs what was read into one piece of evidence. Pure. */
export function weighCredentials(credentials: Credentials): Evidence {
  const { c2pa, iptc, generators, camera, aigc } = credentials;
  const statements = [
    ...c2paStatements(c2pa),
    ...aigcStatements(credentials),
    ...iptcStatements(iptc),
    ...generatorStatements(generators),
    ...cameraStatements(camera),
  ];
  const { llr, claim, lead } = weigh(statements);
  const said = remarks(credentials);
  const summary = join(lead ? [lead.text, ...said] : said.length > 0 ? said : [NOTHING]);
  return {
    detector: 'provenance',
    version: VERSION,
    status: llr > 0 ? 'detected' : 'notDetected',
    llr,
    claim,
    summary,
    regions: [],
    measuredOn: {
      en: 'stated judgements about what such statements are worth, not measured on a corpus',
      zh: '权重为明示的判断，并非在语料上测得',
    },
    details: {
      c2pa: c2paJson(c2pa),
      aigc: aigcJson(aigc),
      iptc: iptcJson(iptc),
      generator: generators.map(traceJson),
      camera: cameraJson(camera),
      weighed: statements.map((s) => ({
        rule: s.rule,
        llr: llrOf(s),
        claim: WEIGHTS[s.rule].claim,
        reason: WEIGHTS[s.rule].reason,
        en: s.text.en,
        zh: s.text.zh,
      })),
    },
  };
}

export interface ProvenanceOptions {
  /** Examines C2PA manifests; without it they are found and reported as not examined. */
  readonly c2pa?: C2paEngine;
}

/** The detector; the Node assembly with the C2PA engine in place is in `provenance.node.ts`. */
export function createProvenance(options: ProvenanceOptions = {}): Detector<'image'> {
  return {
    name: 'provenance',
    version: VERSION,
    kinds: ['image'],
    async examine(media: ImageMedia, context): Promise<Evidence> {
      context.signal?.throwIfAborted();
      return weighCredentials(await readCredentials(media, options.c2pa));
    },
  };
}
