/**
 * Finds the GB 45438-2025 implicit label in every image carrier METHODS A11 lists (XMP of JPEG APP1, PNG iTXt, WebP, GIF
 * and TIFF 700; PNG text under the key AIGC, bare or wrapped; EXIF UserComment) and gives one of four answers: compliant,
 * non-compliant with each violated rule, absent, unreadable. Absence proves nothing: labels are lost by any re-save.
 */
import type { Json } from '../../core/json.ts';
import type { Text } from '../../core/text.ts';
import type { CarriedText, CarriedXmp, Embedded } from '../embedded.ts';
import { XMP_NAMESPACE } from '../xmp.ts';
import {
  AIGC_FIELDS,
  type AigcField,
  type AigcLabelValue,
  type AigcViolation,
  checkLabel,
  isAigcField,
  labelValue,
} from './label.ts';

/** One place in the file where a label stands or should stand. */
export interface AigcSite {
  readonly carrier: string;
  /** What was written there, cut at 2,000 characters. */
  readonly raw: string;
  /** The fields as text; null when the site could not be read. */
  readonly fields: Readonly<Partial<Record<AigcField, string>>> | null;
  readonly unknownFields: readonly string[];
  readonly violations: readonly AigcViolation[];
}

export type AigcStatus = 'compliant' | 'nonCompliant' | 'absent' | 'unreadable';

export interface AigcReport {
  readonly status: AigcStatus;
  /** What the label says; where several disagree, the strongest. Absent when none could be understood. */
  readonly label?: AigcLabelValue;
  readonly producer?: string;
  readonly sites: readonly AigcSite[];
  /** All violations, of the sites and between them. */
  readonly violations: readonly AigcViolation[];
}

const MAX_LABEL_CHARACTERS = 65_536;
const MAX_SITES = 20;
const RAW_SHOWN = 2_000;

type Parsed = { readonly object: Readonly<Record<string, unknown>> } | { readonly broken: true };

function asObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}

/** JSON of a label, bare or under `AIGC` (as object or, seen in the wild, as a string of JSON). */
function parseLabel(text: string): Parsed {
  if (text.length > MAX_LABEL_CHARACTERS) return { broken: true };
  try {
    const object = asObject(JSON.parse(text));
    if (!object) return { broken: true };
    if (!Object.hasOwn(object, 'AIGC')) return { object };
    const inner = typeof object.AIGC === 'string' ? JSON.parse(object.AIGC) : object.AIGC;
    const wrapped = asObject(inner);
    return wrapped ? { object: wrapped } : { broken: true };
  } catch {
    return { broken: true };
  }
}

function shown(value: unknown): string {
  return (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).slice(0, RAW_SHOWN);
}

function site(carrier: string, raw: string, parsed: Parsed, more: readonly AigcViolation[] = []): AigcSite {
  const cut = raw.slice(0, RAW_SHOWN);
  if ('broken' in parsed) return { carrier, raw: cut, fields: null, unknownFields: [], violations: [] };
  const { object } = parsed;
  const fields: Partial<Record<AigcField, string>> = {};
  for (const field of AIGC_FIELDS) if (Object.hasOwn(object, field)) fields[field] = shown(object[field]);
  const unknownFields = Object.keys(object)
    .filter((k) => !isAigcField(k))
    .slice(0, 20)
    .map((k) => k.slice(0, 100));
  return { carrier, raw: cut, fields, unknownFields, violations: [...checkLabel(object), ...more] };
}

const WRONG_NAMESPACE: AigcViolation = {
  rule: 'namespace',
  text: {
    en: `the XMP property AIGC is not in the namespace ${XMP_NAMESPACE.tc260}`,
    zh: `XMP 属性 AIGC 未使用命名空间 ${XMP_NAMESPACE.tc260}`,
  },
};

/** Is the namespace the standard's, give or take the trailing slash and the scheme? */
function isTc260(namespace: string): boolean {
  return /(^|[/.])tc260\.org\.cn\/ns\/aigc\b/i.test(namespace) || /^prefix:C?TC?260$/i.test(namespace);
}

function sitesInXmp({ carrier, source, packet }: CarriedXmp): AigcSite[] {
  const sites: AigcSite[] = [];
  for (const p of packet.properties) {
    if (p.name === 'AIGC') {
      const parsed = parseLabel(p.value);
      const exact = p.namespace === XMP_NAMESPACE.tc260;
      // an AIGC property of some other vocabulary is a label only if it looks like one
      const looksLikeOne = 'object' in parsed && Object.keys(parsed.object).some(isAigcField);
      if (exact || isTc260(p.namespace) || looksLikeOne) {
        sites.push(site(carrier, p.value, parsed, exact ? [] : [WRONG_NAMESPACE]));
      }
    }
  }
  if (sites.length === 0) {
    const direct = packet.properties.filter(
      (p) => p.namespace === XMP_NAMESPACE.tc260 && isAigcField(p.name),
    );
    if (direct.length > 0) {
      const object = Object.fromEntries(direct.map((p) => [p.name, p.value]));
      sites.push(site(carrier, JSON.stringify(object), { object }));
    }
  }
  if (sites.length === 0 && !packet.wellFormed) {
    const at = source.search(/<(?:\w+:)?AIGC[\s>]|:AIGC\s*=/);
    if (at >= 0 && source.includes('tc260.org.cn')) {
      sites.push(site(carrier, source.slice(at, at + RAW_SHOWN), { broken: true }));
    }
  }
  return sites;
}

/** Fields so peculiar to Annex E that a JSON comment holding one is a label and not a coincidence. */
const PECULIAR = /"(?:ContentProducer|ProduceID|ContentPropagator|PropagateID)"/;

function siteInText({ carrier, key, value }: CarriedText): AigcSite | undefined {
  const text = value.trim();
  if (key.toUpperCase() === 'AIGC') return site(carrier, text, parseLabel(text));
  const comment = /UserComment|COM$|comment|Description/i.test(`${carrier} ${key}`);
  if (!comment || !text.includes('{') || !(/"AIGC"\s*:/.test(text) || PECULIAR.test(text))) return undefined;
  const parsed = parseLabel(text);
  if ('object' in parsed && !Object.keys(parsed.object).some(isAigcField)) return undefined;
  return site(carrier, text, parsed);
}

function betweenSites(readable: readonly AigcSite[], count: number): AigcViolation[] {
  if (count < 2) return [];
  const violations: AigcViolation[] = [
    {
      rule: 'duplicate-label',
      text: {
        en: `the file carries ${count} labels where 6.1 c) allows one`,
        zh: `文件中有 ${count} 份标识，而第 6.1 c) 条只允许一份`,
      },
    },
  ];
  const written = readable.map((s) => JSON.stringify(AIGC_FIELDS.map((f) => s.fields?.[f] ?? '')));
  if (written.some((w) => w !== written[0])) {
    violations.push({
      rule: 'labels-disagree',
      text: { en: 'the labels do not say the same', zh: '各份标识的内容不一致' },
    });
  }
  return violations;
}

/** Reads the label from everything a container carries. Never throws. */
export function readAigc(embedded: Embedded): AigcReport {
  const sites = [
    ...embedded.xmp.flatMap(sitesInXmp),
    ...embedded.texts.map(siteInText).filter((s) => s !== undefined),
  ].slice(0, MAX_SITES);
  const readable = sites.filter((s) => s.fields !== null);
  const violations = [...readable.flatMap((s) => s.violations), ...betweenSites(readable, sites.length)];
  const labels = readable.map((s) => labelValue(s.fields?.Label)).filter((l) => l !== undefined);
  const label = labels.sort()[0];
  const producer = readable.map((s) => s.fields?.ContentProducer).find((p) => p);
  const status: AigcStatus =
    sites.length === 0
      ? 'absent'
      : readable.length === 0
        ? 'unreadable'
        : violations.length > 0
          ? 'nonCompliant'
          : 'compliant';
  return { status, ...(label && { label }), ...(producer && { producer }), sites, violations };
}

export const AIGC_STATUS_TEXT: Readonly<Record<AigcStatus, Text>> = {
  compliant: {
    en: 'an AI-content label that complies with GB 45438-2025',
    zh: '符合 GB 45438-2025 的人工智能生成内容标识',
  },
  nonCompliant: {
    en: 'an AI-content label that violates GB 45438-2025',
    zh: '不符合 GB 45438-2025 的人工智能生成内容标识',
  },
  absent: {
    en: 'no AI-content label of GB 45438-2025',
    zh: '没有 GB 45438-2025 规定的人工智能生成内容标识',
  },
  unreadable: {
    en: 'an AI-content label of GB 45438-2025 that cannot be read',
    zh: '无法读取的 GB 45438-2025 人工智能生成内容标识',
  },
};

/** The report as it stands in the record of a file. */
export function aigcJson(report: AigcReport): Json {
  return {
    status: report.status,
    label: report.label ?? null,
    producer: report.producer ?? null,
    sites: report.sites.map((s) => ({
      carrier: s.carrier,
      fields: s.fields === null ? null : { ...s.fields },
      unknownFields: s.unknownFields,
    })),
    violations: report.violations.map((v) => ({
      rule: v.rule,
      field: v.field ?? null,
      en: v.text.en,
      zh: v.text.zh,
    })),
  };
}
