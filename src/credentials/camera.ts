/**
 * Does the metadata describe a plausible capture by a camera, and does the file agree with it? Each answer is a named fact
 * that a reader can check; none of them proves anything, because anyone can write EXIF and most platforms strip it. Facts
 * are sorted into what supports a capture, what contradicts it, what shows later editing, and what looks stripped.
 */
import type { Json } from '../core/json.ts';
import type { ContainerFacts } from '../core/media.ts';
import { type CameraFact, type CameraFactKind, type Exif, fact, num, str } from './camera-facts.ts';
import { traceFacts } from './camera-traces.ts';
import { type Embedded, firstXmp } from './embedded.ts';
import { XMP_NAMESPACE } from './xmp.ts';

export interface CameraReport {
  /**
   * `consistent`: a full capture record and nothing against it; `partial`: some of it; `contradictory`: the record cannot
   * be true of this file; `stripped`: traces of a record that is gone; `none`: no record and no traces.
   */
  readonly status: 'consistent' | 'partial' | 'contradictory' | 'stripped' | 'none';
  readonly make?: string;
  readonly model?: string;
  readonly software?: string;
  readonly facts: readonly CameraFact[];
}

/** Milliseconds of an EXIF date (`2024:05:01 10:20:30` or ISO), `invalid` for what is no date, undefined when absent. */
function date(exif: Exif, key: string): number | 'invalid' | undefined {
  const text = str(exif, key);
  if (text === undefined) return undefined;
  const m = /^(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d):(\d\d):(\d\d)/.exec(text);
  if (!m) return 'invalid';
  const [year, month, day, hour, minute, second] = m.slice(1).map(Number);
  if (
    year < 1990 ||
    year > 2100 ||
    month < 1 ||
    month > 12 ||
    day < 1 ||
    day > 31 ||
    hour > 24 ||
    minute > 59 ||
    second > 60
  ) {
    return 'invalid';
  }
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** Makers whose cameras are known to quantise with tables of their own, never with those of the IJG library. */
const OWN_TABLES =
  /^(?:apple|canon|nikon|sony|fujifilm|panasonic|olympus|om digital|pentax|ricoh|leica|hasselblad)/i;
const EDITORS =
  /photoshop|lightroom|gimp|paint\.net|affinity|snapseed|picsart|meitu|美图|vsco|capture one|darktable|rawtherapee|luminar|pixelmator|canva|acdsee|polarr|facetune|醒图|faceapp|imagemagick|photoscape|paintshop/i;

/** Tags that say something about a capture, beyond make and model. */
const CAPTURE_TAGS = [
  ['ExposureTime', 'ShutterSpeedValue'],
  ['FNumber', 'ApertureValue'],
  ['ISO', 'ISOSpeedRatings', 'PhotographicSensitivity'],
  ['FocalLength'],
  ['DateTimeOriginal'],
  ['LensModel', 'LensMake', 'LensInfo', 'LensSpecification', 'Lens'],
  ['ExposureProgram', 'MeteringMode', 'Flash'],
  ['MakerNote', 'makerNote'],
] as const;

function captureFacts(exif: Exif): CameraFact[] {
  const facts: CameraFact[] = [];
  const [exposure, aperture, iso] = [
    num(exif, 'ExposureTime'),
    num(exif, 'FNumber'),
    num(exif, 'ISO', 'ISOSpeedRatings'),
  ];
  const bad: string[] = [];
  if (exposure !== undefined && (exposure < 0 || exposure > 36_000)) bad.push('ExposureTime');
  if (aperture !== undefined && (aperture < 0 || aperture > 128)) bad.push('FNumber');
  if (iso !== undefined && (iso < 0 || iso > 10_000_000)) bad.push('ISO');
  if (bad.length > 0) {
    facts.push(
      fact(
        'exposure-impossible',
        'contradicts',
        `impossible values: ${bad.join(', ')}`,
        `数值不可能成立：${bad.join('、')}`,
      ),
    );
  }
  const apex = num(exif, 'ApertureValue');
  // some readers hand out the APEX value, some the f-number it stands for
  if (apex !== undefined && aperture !== undefined && aperture > 0.5 && apex > 0) {
    const agrees =
      Math.abs(2 * Math.log2(aperture) - apex) < 0.35 || Math.abs(apex - aperture) < 0.12 * aperture;
    if (!agrees)
      facts.push(
        fact(
          'aperture-disagrees',
          'contradicts',
          'FNumber and ApertureValue disagree',
          'FNumber 与 ApertureValue 不一致',
        ),
      );
  }
  const speed = num(exif, 'ShutterSpeedValue');
  if (speed !== undefined && exposure !== undefined && exposure > 0) {
    const agrees =
      Math.abs(-Math.log2(exposure) - speed) < 0.5 ||
      (speed > 0 && Math.abs(Math.log2(speed / exposure)) < 0.5);
    if (!agrees)
      facts.push(
        fact(
          'shutter-disagrees',
          'contradicts',
          'ExposureTime and ShutterSpeedValue disagree',
          'ExposureTime 与 ShutterSpeedValue 不一致',
        ),
      );
  }
  const [taken, changed] = [
    date(exif, 'DateTimeOriginal'),
    date(exif, 'ModifyDate') ?? date(exif, 'DateTime'),
  ];
  if (taken === 'invalid')
    facts.push(fact('date-invalid', 'neutral', 'the capture date is not a date', '拍摄日期不是有效日期'));
  else if (taken !== undefined && typeof changed === 'number') {
    const days = (changed - taken) / 86_400_000;
    if (days < -1)
      facts.push(
        fact(
          'changed-before-taken',
          'neutral', // clocks of cameras are often wrong
          'last changed before it was taken',
          '修改时间早于拍摄时间',
        ),
      );
    else if (days > 1)
      facts.push(
        fact(
          'changed-later',
          'edited',
          'changed later than a day after it was taken',
          '拍摄一天以后又被修改',
        ),
      );
  }
  if (num(exif, 'GPSLatitude', 'latitude') !== undefined) {
    facts.push(fact('position', 'supports', 'a GPS position is stated', '含有 GPS 位置'));
  }
  return facts;
}

/** Displayed size undone to how the sensor stored it, because EXIF sizes and thumbnails are not rotated. */
function storedSize(facts: ContainerFacts): { width: number; height: number } {
  return facts.orientation >= 5
    ? { width: facts.height, height: facts.width }
    : { width: facts.width, height: facts.height };
}

function pictureFacts(exif: Exif, container: ContainerFacts): CameraFact[] {
  const facts: CameraFact[] = [];
  const stored = storedSize(container);
  const width = num(exif, 'ExifImageWidth', 'PixelXDimension');
  const height = num(exif, 'ExifImageHeight', 'PixelYDimension');
  if (width && height) {
    const same =
      (width === stored.width && height === stored.height) ||
      (width === stored.height && height === stored.width);
    facts.push(
      same
        ? fact(
            'size-agrees',
            'supports',
            'the size in EXIF is the size of the picture',
            'EXIF 中的尺寸与图片一致',
          )
        : fact(
            'size-disagrees',
            'edited',
            `EXIF says ${width}x${height}, the picture is ${stored.width}x${stored.height}: resized or cropped later`,
            `EXIF 记录 ${width}x${height}，图片为 ${stored.width}x${stored.height}：之后被缩放或裁剪`,
          ),
    );
  }
  const { thumbnail } = container;
  if (thumbnail && thumbnail.width > 0 && thumbnail.height > 0) {
    const ratio = (w: number, h: number) => Math.max(w, h) / Math.min(w, h);
    const [small, big] = [ratio(thumbnail.width, thumbnail.height), ratio(stored.width, stored.height)];
    // cameras letter-box thumbnails to 160x120 whatever the picture's shape
    const boxed = Math.abs(small - 4 / 3) < 0.02;
    const turned =
      thumbnail.width > thumbnail.height !== stored.width > stored.height && Math.min(small, big) > 1.05;
    if (Math.abs(small / big - 1) < 0.03 && !turned) {
      facts.push(
        fact(
          'thumbnail-agrees',
          'supports',
          'the thumbnail has the shape of the picture',
          '缩略图与图片形状一致',
        ),
      );
    } else if (!boxed && !turned) {
      facts.push(
        fact(
          'thumbnail-shape-differs',
          'edited',
          `the thumbnail is ${thumbnail.width}x${thumbnail.height}, another shape than the picture: cropped later or taken over`,
          `缩略图为 ${thumbnail.width}x${thumbnail.height}，与图片形状不同：图片之后被裁剪，或缩略图来自别处`,
        ),
      );
    }
  }
  return facts;
}

function tableFacts(container: ContainerFacts, make: string | undefined): CameraFact[] {
  const { jpeg } = container;
  if (!jpeg || !make || !OWN_TABLES.test(make)) return [];
  return jpeg.qualityDistance > 0.5
    ? [
        fact(
          'tables-own',
          'supports',
          'compressed with tables of its own, as cameras of this maker do',
          '使用非通用的量化表，与该厂商相机的做法一致',
        ),
      ]
    : [
        fact(
          'tables-generic',
          'edited',
          `compressed with the tables of a common software library (quality ${jpeg.quality}), which cameras of this maker do not use: saved again by a program`,
          `使用通用软件库的量化表（质量 ${jpeg.quality}），该厂商相机不会如此：已被软件重新保存`,
        ),
      ];
}

/** Reads the story of the capture and checks it against the file. Never throws. */
export function readCamera(container: ContainerFacts, embedded: Embedded, bytes: Uint8Array): CameraReport {
  const exif = container.exif ?? {};
  const [make, model, software] = [str(exif, 'Make'), str(exif, 'Model'), str(exif, 'Software')];
  const facts: CameraFact[] = [];
  const captured = CAPTURE_TAGS.filter((names) =>
    names.some((n) => exif[n] !== undefined && exif[n] !== null && exif[n] !== ''),
  );
  const full = Boolean(make && model) && captured.length >= 4;
  if (full) {
    facts.push(
      fact(
        'capture-described',
        'supports',
        `a capture by ${make} ${model} is described in full`,
        `完整记录了 ${make} ${model} 的一次拍摄`,
      ),
    );
  } else if (make || model || captured.length >= 2) {
    facts.push(
      fact('capture-partly-described', 'neutral', 'a capture is described in part', '仅有部分拍摄记录'),
    );
  }
  facts.push(...captureFacts(exif), ...pictureFacts(exif, container), ...tableFacts(container, make));
  const tool = software ?? firstXmp(embedded, XMP_NAMESPACE.xmp, 'CreatorTool');
  if (tool && EDITORS.test(tool)) {
    const shown = tool.slice(0, 80);
    facts.push(
      fact('editor-named', 'edited', `saved by an editing program: ${shown}`, `由编辑软件保存：${shown}`),
    );
  }
  facts.push(...traceFacts(container, embedded, bytes));
  const has = (kind: CameraFactKind) => facts.some((f) => f.kind === kind);
  const status = has('contradicts')
    ? 'contradictory'
    : full
      ? has('edited')
        ? 'partial'
        : 'consistent'
      : has('stripped')
        ? 'stripped'
        : make || model || captured.length >= 2
          ? 'partial'
          : 'none';
  return { status, ...(make && { make }), ...(model && { model }), ...(software && { software }), facts };
}

/** The report as it stands in the record of a file. */
export function cameraJson(report: CameraReport): Json {
  return {
    status: report.status,
    make: report.make ?? null,
    model: report.model ?? null,
    software: report.software ?? null,
    facts: report.facts.map((f) => ({ name: f.name, kind: f.kind, en: f.text.en, zh: f.text.zh })),
  };
}
