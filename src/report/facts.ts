/** The container's facts in words, shared by terminal and HTML: what the file says about itself, and what betrays it. */

import type { AnalysedFile } from '../core/analysis.ts';
import type { Json } from '../core/json.ts';
import type { ContainerFacts, JpegFacts, SoundFacts, VideoFacts } from '../core/media.ts';
import type { Text } from '../core/text.ts';
import { byteSize, group, percent } from './locale/format.ts';
import { cutText, plainLine } from './plain.ts';
import { clock } from './spans.ts';

/** One line of the table of facts. */
export interface Fact {
  readonly term: Text;
  readonly value: Text;
}

const same = (text: string): Text => ({ en: text, zh: text });

/** EXIF tags that a reader asks for first, in the order shown. */
const EXIF_ROWS: readonly (readonly [tags: readonly string[], term: Text])[] = [
  [['Make', 'Model'], { en: 'Camera', zh: '相机' }],
  [['LensModel'], { en: 'Lens', zh: '镜头' }],
  [['DateTimeOriginal'], { en: 'Taken', zh: '拍摄时间' }],
  [['ModifyDate'], { en: 'Changed', zh: '修改时间' }],
  [['Software'], { en: 'Software', zh: '软件' }],
  [['Artist'], { en: 'Author', zh: '作者' }],
  [['Copyright'], { en: 'Copyright', zh: '版权' }],
];

/** The facts of a file of any kind, a line each. */
export function factsOf(analysis: AnalysedFile): Fact[] {
  if (analysis.kind === 'image') return containerFacts(analysis.container);
  return analysis.kind === 'audio' ? soundFacts(analysis.container) : videoFacts(analysis.container);
}

function soundFacts(facts: SoundFacts): Fact[] {
  const kilohertz = `${Number((facts.sampleRate / 1000).toFixed(3))} kHz`;
  const bits = facts.bitDepth === undefined ? '' : `, ${facts.bitDepth} bits`;
  const bitRate = facts.bitRate === undefined ? '' : `, ${Math.round(facts.bitRate / 1000)} kbit/s`;
  const codec = plainLine(facts.codec);
  const size = byteSize(facts.bytes);
  return [
    {
      term: { en: 'Recording', zh: '录音' },
      value: {
        en: `${facts.format.toUpperCase()}, ${clock(facts.durationSeconds)}, ${size}`,
        zh: `${facts.format.toUpperCase()}，${clock(facts.durationSeconds)}，${size}`,
      },
    },
    {
      term: { en: 'Sound', zh: '声音' },
      value: {
        en: `${codec}, ${kilohertz}, ${facts.channels === 1 ? '1 channel' : `${facts.channels} channels`}${bits}${bitRate}`,
        zh: `${codec}，${kilohertz}，${facts.channels} 声道${bits}${bitRate}`,
      },
    },
  ];
}

function videoFacts(facts: VideoFacts): Fact[] {
  const size = byteSize(facts.bytes);
  const shape = `${group(facts.width)} × ${group(facts.height)}`;
  const rate = `${Number(facts.frameRate.toFixed(2))}`;
  const rows: Fact[] = [
    {
      term: { en: 'Video', zh: '视频' },
      value: {
        en: `${facts.format.toUpperCase()}, ${plainLine(facts.codec)}, ${shape} pixels, ${rate} frames/s, ${clock(facts.durationSeconds)}, ${size}`,
        zh: `${facts.format.toUpperCase()}，${plainLine(facts.codec)}，${shape} 像素，每秒 ${rate} 帧，${clock(facts.durationSeconds)}，${size}`,
      },
    },
  ];
  if (facts.rotation !== 0) {
    rows.push({
      term: { en: 'Orientation', zh: '方向' },
      value: { en: `turned by ${facts.rotation}°`, zh: `已旋转 ${facts.rotation}°` },
    });
  }
  const { audio } = facts;
  rows.push({
    term: { en: 'Sound', zh: '声音' },
    value: audio
      ? {
          en: `${plainLine(audio.codec)}, ${audio.sampleRate / 1000} kHz, ${audio.channels === 1 ? '1 channel' : `${audio.channels} channels`}`,
          zh: `${plainLine(audio.codec)}，${audio.sampleRate / 1000} kHz，${audio.channels} 声道`,
        }
      : { en: 'none', zh: '无' },
  });
  return rows;
}

/** The facts worth a line each; values that come from the file are made harmless for one line. */
export function containerFacts(facts: ContainerFacts): Fact[] {
  const rows: Fact[] = [];
  const add = (term: Text, value: Text | string) =>
    rows.push({ term, value: typeof value === 'string' ? same(value) : value });
  const { width, height } = facts;
  const megapixels = (width * height) / 1e6;
  add(
    { en: 'Picture', zh: '图像' },
    {
      en: `${facts.format.toUpperCase()}, ${group(width)} × ${group(height)} pixels${megapixels >= 0.95 ? ` (${megapixels.toFixed(1)} megapixels)` : ''}, ${byteSize(facts.bytes)}`,
      zh: `${facts.format.toUpperCase()}，${group(width)} × ${group(height)} 像素${megapixels >= 0.95 ? `（${(megapixels * 100).toFixed(0)} 万像素）` : ''}，${byteSize(facts.bytes)}`,
    },
  );
  add({ en: 'Colour', zh: '颜色' }, colour(facts));
  if (facts.jpeg) {
    add({ en: 'Last saved', zh: '最后一次保存' }, lastSave(facts.jpeg));
    const history = earlierSave(facts.jpeg);
    if (history) add({ en: 'Saved before', zh: '此前的保存' }, history);
  }
  const exif = facts.exif ?? {};
  for (const [tags, term] of EXIF_ROWS) {
    const value = tags
      .map((tag) => (Object.hasOwn(exif, tag) ? valueLine(exif[tag], 120) : ''))
      .filter((v) => v !== '')
      .join(' ');
    if (value !== '') add(term, value);
  }
  const settings = exposure(exif);
  if (settings !== '') add({ en: 'Exposure', zh: '曝光' }, settings);
  if (facts.orientation !== 1) {
    add(
      { en: 'Orientation', zh: '方向' },
      { en: `turned upright (EXIF ${facts.orientation})`, zh: `已转正（EXIF ${facts.orientation}）` },
    );
  }
  if (facts.frames > 1) {
    add(
      { en: 'Frames', zh: '帧数' },
      {
        en: `${group(facts.frames)}, the first one examined`,
        zh: `共 ${group(facts.frames)} 帧，检验第一帧`,
      },
    );
  }
  if (facts.thumbnail) {
    const { width: w, height: h, bytes } = facts.thumbnail;
    add({ en: 'Thumbnail', zh: '缩略图' }, `${w} × ${h}, ${byteSize(bytes)}`);
  }
  if (facts.trailingBytes > 0) {
    add(
      { en: 'After the end', zh: '文件末尾之后' },
      {
        en: `${byteSize(facts.trailingBytes)} that belong to no part of the picture`,
        zh: `${byteSize(facts.trailingBytes)} 不属于图像任何部分的数据`,
      },
    );
  }
  if (!facts.exif) {
    add(
      { en: 'Camera data', zh: '相机信息' },
      { en: 'none (EXIF absent; most platforms remove it)', zh: '无（没有 EXIF；多数平台会将其去除）' },
    );
  }
  return rows;
}

function colour(facts: ContainerFacts): Text {
  const icc = facts.icc ? cutText(plainLine(facts.icc), 80, true) : '';
  const space = plainLine(facts.colourSpace);
  return {
    en: `${space}, ${facts.bitDepth} bits, ${facts.channels} channels${facts.hasAlpha ? ' with alpha' : ''}${icc ? `, profile “${icc}”` : ''}`,
    zh: `${space}，${facts.bitDepth} 位，${facts.channels} 通道${facts.hasAlpha ? '（含透明）' : ''}${icc ? `，色彩配置“${icc}”` : ''}`,
  };
}

function lastSave(jpeg: JpegFacts): Text {
  const quality = Math.round(jpeg.quality);
  const exact = jpeg.qualityDistance < 0.01;
  const near = jpeg.qualityDistance < 2;
  const mode: Text = jpeg.progressive
    ? { en: ', progressive', zh: '，渐进式' }
    : { en: ', baseline', zh: '，基线式' };
  const tables: Text = exact
    ? { en: `quality ${quality}`, zh: `质量 ${quality}` }
    : near
      ? { en: `quality about ${quality}`, zh: `质量约 ${quality}` }
      : {
          en: `the writer’s own tables, nearest to quality ${quality}`,
          zh: `使用自有量化表，最接近质量 ${quality}`,
        };
  return {
    en: `${tables.en}, ${jpeg.subsampling}${mode.en}`,
    zh: `${tables.zh}，${jpeg.subsampling}${mode.zh}`,
  };
}

function earlierSave(jpeg: JpegFacts): Text | null {
  const double = jpeg.doubleCompression;
  if (!double || Number.isNaN(double.probability)) return null;
  const p = percent(double.probability);
  if (double.probability < 0.5) {
    return { en: `no sign of an earlier JPEG save (${p} %)`, zh: `未见更早的 JPEG 保存痕迹（${p}%）` };
  }
  const q = double.firstQuality === undefined ? null : Math.round(double.firstQuality);
  return {
    en: `probably as JPEG${q === null ? '' : `, at quality about ${q}`} (${p} %)`,
    zh: `很可能曾保存为 JPEG${q === null ? '' : `，质量约 ${q}`}（${p}%）`,
  };
}

function exposure(exif: Readonly<Record<string, Json>>): string {
  const number = (tag: string) => {
    const value = Object.hasOwn(exif, tag) ? exif[tag] : null;
    return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : null;
  };
  const time = number('ExposureTime');
  const f = number('FNumber');
  const iso = number('ISO') ?? number('ISOSpeedRatings');
  const focal = number('FocalLength');
  const parts: string[] = [];
  if (time !== null)
    parts.push(time >= 0.3 ? `${Number(time.toPrecision(2))} s` : `1/${Math.round(1 / time)} s`);
  if (f !== null) parts.push(`f/${Number(f.toPrecision(2))}`);
  if (iso !== null) parts.push(`ISO ${Math.round(iso)}`);
  if (focal !== null) parts.push(`${Number(focal.toPrecision(3))} mm`);
  return parts.join(' · ');
}

/** Any value on one line, harmless, at most `limit` characters. */
export function valueLine(value: Json | undefined, limit: number): string {
  if (value === undefined || value === null) return '';
  const text =
    typeof value === 'string'
      ? cutText(value, limit * 2)
      : typeof value === 'object'
        ? JSON.stringify(value)
        : String(value);
  const line = plainLine(text.trim());
  return cutText(line, limit, true);
}
