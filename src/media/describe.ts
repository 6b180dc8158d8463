/** Puts a parser's findings, the named metadata and the decoded size together into the container facts. */
import type { ContainerFacts, ImageFormat } from '../core/media.ts';
import { readExifBlock } from './exif-text.ts';
import { readProfile } from './icc.ts';
import { exifTags, iptcFields } from './metadata.ts';
import { MIME } from './sniff.ts';
import type { Findings, Header } from './structure.ts';

/** What the words and blocks inside say, beyond the format's own structure. */
export interface Reading {
  readonly orientation: number;
  /** The embedded profile is sRGB (or there is none): the numbers are already what is wanted. */
  readonly profileIsSrgb: boolean;
  readonly icc: string | undefined;
}

/** Reads the EXIF block and the profile that the parser found; texts and thumbnails go into `findings`. */
export function readBlocks(findings: Findings): Reading {
  const stated = findings.exif && readExifBlock(findings.exif, findings);
  const profile = findings.icc && readProfile(findings.icc);
  if (findings.icc && !profile) {
    findings.warn({
      en: 'its colour profile is damaged and was not applied',
      zh: '颜色配置文件已损坏，未予应用',
    });
  }
  return {
    orientation: findings.orientation ?? stated ?? 1,
    profileIsSrgb: profile?.isSrgb ?? true,
    icc: profile?.description,
  };
}

/** The whole record; `decoded` is the upright picture. */
export async function describe(
  format: ImageFormat,
  bytes: number,
  findings: Findings & { header: Header },
  reading: Reading,
  decoded: { readonly width: number; readonly height: number; readonly transparent: boolean },
): Promise<ContainerFacts> {
  const { header } = findings;
  const exif = findings.exif && (await exifTags(findings.exif, format !== 'tiff'));
  const iptc = findings.iptc && (await iptcFields(findings.iptc));
  if (decoded.transparent) {
    findings.warn({
      en: 'it has transparency; transparent parts were laid on white',
      zh: '图片含透明度；透明部分按白色背景处理',
    });
  }
  if (header.frames > 1) {
    findings.warn({
      en: `it has ${header.frames} frames or pages; the first one is analysed`,
      zh: `文件含 ${header.frames} 帧或页；仅分析第一帧`,
    });
  }
  return {
    format,
    mime: MIME[format],
    bytes,
    width: decoded.width,
    height: decoded.height,
    orientation: reading.orientation,
    frames: header.frames,
    bitDepth: header.bitDepth,
    channels: header.channels,
    colourSpace: header.colourSpace,
    hasAlpha: header.hasAlpha,
    ...(reading.icc === undefined ? {} : { icc: reading.icc }),
    segments: findings.segments,
    text: findings.text,
    ...(exif ? { exif } : {}),
    ...(iptc ? { iptc } : {}),
    xmp: findings.xmp,
    ...(findings.thumbnail ? { thumbnail: findings.thumbnail } : {}),
    ...(findings.jpeg ? { jpeg: findings.jpeg } : {}),
    trailingBytes: findings.trailingBytes,
    warnings: findings.warnings,
  };
}
