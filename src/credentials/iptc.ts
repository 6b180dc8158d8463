/**
 * What a picture says about its own making in IPTC's vocabulary: `Iptc4xmpExt:DigitalSourceType` (NewsCodes, also used by
 * C2PA assertions), the AI fields of IPTC Photo Metadata 2025.1, and the credit line. Unsigned: anyone may write it.
 */
import type { Json } from '../core/json.ts';
import type { Text } from '../core/text.ts';
import type { Embedded } from './embedded.ts';
import { XMP_NAMESPACE } from './xmp.ts';

/** What a digital source type amounts to for the question "made by a generator?". */
export type SourceNature = 'generated' | 'compositeGenerated' | 'captured' | 'edited' | 'drawn' | 'other';

export interface SourceType {
  /** The code at the end of the URI, for instance `trainedAlgorithmicMedia`. */
  readonly code: string;
  readonly nature: SourceNature;
  readonly text: Text;
}

/** IPTC NewsCodes `digitalsourcetype`, retired codes included because old files keep them, and C2PA's two additions. */
const SOURCE_TYPES: Readonly<Record<string, readonly [SourceNature, string, string]>> = {
  trainedAlgorithmicMedia: ['generated', 'made by a trained generative model', '由训练得到的生成模型生成'],
  algorithmicMedia: ['generated', 'made by an algorithm alone', '完全由算法生成'],
  dataDrivenMedia: ['other', 'rendered from data', '由数据绘制'],
  compositeWithTrainedAlgorithmicMedia: [
    'compositeGenerated',
    'edited or composed with a trained generative model',
    '使用生成模型编辑或合成',
  ],
  compositeSynthetic: ['compositeGenerated', 'composed, with synthetic parts', '含合成元素的组合作品'],
  trainedAlgorithmicData: ['other', 'data made by a trained model', '由训练得到的模型生成的数据'],
  digitalCapture: ['captured', 'captured by a digital camera', '由数码相机拍摄'],
  computationalCapture: ['captured', 'captured from several frames by a device', '由设备多帧计算拍摄'],
  negativeFilm: ['captured', 'scanned from a film negative', '扫描自底片'],
  positiveFilm: ['captured', 'scanned from a film positive', '扫描自正片'],
  print: ['captured', 'scanned from a print', '扫描自印刷品或照片'],
  screenCapture: ['other', 'captured from a screen', '屏幕截图'],
  virtualRecording: ['other', 'recorded from a virtual event', '虚拟场景录制'],
  compositeCapture: ['edited', 'composed of captured pictures', '由多幅拍摄画面合成'],
  composite: ['edited', 'composed of several elements', '由多个元素合成'],
  humanEdits: ['edited', 'edited by a person with non-generative tools', '由人使用非生成式工具编辑'],
  minorHumanEdits: ['edited', 'slightly edited by a person', '由人轻微编辑'],
  algorithmicallyEnhanced: ['edited', 'enhanced by an algorithm', '经算法增强'],
  digitalArt: ['drawn', 'drawn by a person with digital tools', '由人使用数字工具绘制'],
  digitalCreation: ['drawn', 'created by a person with digital tools', '由人使用数字工具创作'],
  softwareImage: ['drawn', 'created by software', '由软件创建'],
  empty: ['other', 'an empty canvas', '空白画布'],
};

const LOWER_TO_CODE = new Map(Object.keys(SOURCE_TYPES).map((code) => [code.toLowerCase(), code]));

/** The source type behind a URI, a qualified code (`digsrctype:…`) or a bare code; an unknown one is kept as `other`. */
export function sourceType(value: string): SourceType | undefined {
  const tail = /([A-Za-z]{3,80})\s*\/?\s*$/.exec(value.trim().slice(0, 500))?.[1];
  if (!tail) return undefined;
  const code = LOWER_TO_CODE.get(tail.toLowerCase());
  if (!code) return { code: tail, nature: 'other', text: { en: `"${tail}"`, zh: `“${tail}”` } };
  const [nature, en, zh] = SOURCE_TYPES[code];
  return { code, nature, text: { en, zh } };
}

export interface IptcReport {
  /** Every distinct source type stated, in file order. */
  readonly sourceTypes: readonly (SourceType & { readonly carrier: string })[];
  /** IPTC 2025.1: the system named as the maker, its version, the prompt and its writer. */
  readonly aiSystem?: string;
  readonly aiSystemVersion?: string;
  readonly aiPrompt?: string;
  readonly aiPromptWriter?: string;
  /** Credit line, of photoshop:Credit or IPTC-IIM. */
  readonly credit?: string;
}

const MAX_TEXT = 1_000;

/** Reads the statement from XMP and IPTC-IIM. Never throws. */
export function readIptc(embedded: Embedded, iim?: Readonly<Record<string, Json>>): IptcReport {
  const sourceTypes: (SourceType & { carrier: string })[] = [];
  const fields: Record<string, string> = {};
  let credit: string | undefined;
  for (const { carrier, packet } of embedded.xmp) {
    for (const p of packet.properties) {
      if (p.namespace === XMP_NAMESPACE.iptcExt) {
        if (p.name === 'DigitalSourceType' || p.name === 'DigitalSourcefileType') {
          const type = sourceType(p.value);
          if (type && !sourceTypes.some((t) => t.code === type.code) && sourceTypes.length < 20) {
            sourceTypes.push({ ...type, carrier });
          }
        } else if (/^AI(?:System|Prompt)/.test(p.name)) fields[p.name] ??= p.value.slice(0, MAX_TEXT);
      } else if (p.namespace === XMP_NAMESPACE.photoshop && p.name === 'Credit') {
        credit ??= p.value.slice(0, MAX_TEXT);
      }
    }
  }
  if (typeof iim?.Credit === 'string') credit ??= iim.Credit.slice(0, MAX_TEXT);
  return {
    sourceTypes,
    ...(fields.AISystemUsed && { aiSystem: fields.AISystemUsed }),
    ...(fields.AISystemVersionUsed && { aiSystemVersion: fields.AISystemVersionUsed }),
    ...(fields.AIPromptInformation && { aiPrompt: fields.AIPromptInformation }),
    ...(fields.AIPromptWriterName && { aiPromptWriter: fields.AIPromptWriterName }),
    ...(credit && { credit }),
  };
}

/** The report as it stands in the record of a file; null when nothing is stated. */
export function iptcJson(report: IptcReport): Json {
  const { sourceTypes, aiSystem, credit } = report;
  if (sourceTypes.length === 0 && !aiSystem && !report.aiPrompt && !credit) return null;
  return {
    digitalSourceTypes: sourceTypes.map((t) => ({ code: t.code, nature: t.nature, carrier: t.carrier })),
    aiSystem: aiSystem ?? null,
    aiSystemVersion: report.aiSystemVersion ?? null,
    aiPrompt: report.aiPrompt ?? null,
    aiPromptWriter: report.aiPromptWriter ?? null,
    credit: credit ?? null,
  };
}
