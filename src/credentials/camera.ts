/**
 * Does the metadata describe a plausible capture by a camera, and does the file agree with it? Each answer is a named fact
 * that a reader can check; none of them proves anything, because anyone can write EXIF and most platforms strip it. Facts
 * are sorted into what supports a capture, what contradicts it, what shows later editing, and what looks stripped.
 */
import type { Json } from '../core/json.ts';
import type { ContainerFacts } from '../core/media.ts';
import type { Text } from '../core/text.ts';
import { type Embedded, firstXmp } from './embedded.ts';
import { XMP_NAMESPACE } from './xmp.ts';

export type CameraFactKind = 'supports' | 'contradicts' | 'edited' | 'stripped' | 'neutral';

export interface CameraFact {
  /** Stable name, part of the public record. */
  readonly name: string;
  readonly kind: CameraFactKind;
  readonly text: Text;
}

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

type Exif = Readonly<Record<string, Json>>;

function num(exif: Exif, ...keys: readonly string[]): number | undefined {
  for (const key of keys) {
    const value = exif[key];
    const first = Array.isArray(value) ? value[0] : value;
    if (typeof first === 'number' && Number.isFinite(first)) return first;
    if (typeof first === 'string' && /^\s*-?\d{1,12}(?:\.\d{1,12})?\s*$/.test(first)) return Number(first);
  }
  return undefined;
}

function str(exif: Exif, key: string): string | undefined {
  const value = exif[key];
  const text = typeof value === 'string' ? value.replaceAll('\0', ' ').trim() : '';
  return text ? text.slice(0, 200) : undefined;
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

function fact(name: string, kind: CameraFactKind, en: string, zh: string): CameraFact {
  return { name, kind, text: { en, zh } };
}

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

/** Tags that describe the storage of pixels; a directory with only these has been emptied or was never a camera's. */
const STRUCTURAL =
  /^(?:Orientation|[XY]Resolution|ResolutionUnit|YCbCrPositioning|ColorSpace|ExifVersion|FlashpixVersion|ComponentsConfiguration|(?:Pixel|Exif(?:Image)?)[A-Za-z]*(?:Width|Height|Dimension)|Image(?:Width|Height|Length)|BitsPerSample|Compression|PhotometricInterpretation|SamplesPerPixel|PlanarConfiguration|StripOffsets|StripByteCounts|RowsPerStrip|InteropIndex|InteropVersion|SceneCaptureType|latitude|longitude)$/;

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
          'contradicts',
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
      thumbnail.width > thumbnail.height !== stored.width > stored.height && Math.abs(big - 1) > 0.05;
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

/** Namespaces and tools in XMP that cameras and phones write. */
const DEVICE_XMP =
  /^http:\/\/ns\.(?:google\.com\/photos\/1\.0\/(?:camera|container|image|depthmap|audio)|apple\.com\/(?:HDRGainMap|pixeldatainfo|adjustment-settings))/;

function strippedFacts(exif: Exif | undefined, container: ContainerFacts, embedded: Embedded): CameraFact[] {
  const facts: CameraFact[] = [];
  const segment = (pattern: RegExp) => container.segments.some((s) => pattern.test(s.type));
  const meaningful = Object.keys(exif ?? {}).filter((k) => !STRUCTURAL.test(k));
  const hasBlock = segment(/^(?:APP1:Exif|eXIf|EXIF|item:Exif)/i);
  if (hasBlock && meaningful.length === 0) {
    facts.push(
      fact(
        'exif-emptied',
        'stripped',
        'there is an EXIF block, but it says nothing beyond the layout of the pixels',
        '存在 EXIF 块，但除像素排列外没有任何内容',
      ),
    );
  }
  const device = Boolean(exif && (str(exif, 'Make') || str(exif, 'Model')));
  if (device) return facts;
  if (firstXmp(embedded, XMP_NAMESPACE.tiff, 'Make') || firstXmp(embedded, XMP_NAMESPACE.tiff, 'Model')) {
    facts.push(
      fact(
        'xmp-remembers-camera',
        'stripped',
        'XMP still names a camera that EXIF no longer names',
        'XMP 仍记有相机名称，而 EXIF 中已没有',
      ),
    );
  }
  if (segment(/MPF/)) {
    facts.push(
      fact(
        'several-pictures-no-camera',
        'stripped',
        'several pictures in one file, as phones and cameras store them, but no camera is named',
        '文件内含多幅图像（手机与相机的存储方式），却没有相机信息',
      ),
    );
  }
  if (embedded.xmp.some(({ packet }) => packet.properties.some((p) => DEVICE_XMP.test(p.namespace)))) {
    facts.push(
      fact(
        'device-xmp-no-camera',
        'stripped',
        'XMP of a phone camera, but no camera is named',
        '含有手机相机写入的 XMP，却没有相机信息',
      ),
    );
  }
  if (container.thumbnail) {
    facts.push(
      fact(
        'thumbnail-no-camera',
        'stripped',
        'a thumbnail is kept, but no camera is named',
        '保留了缩略图，却没有相机信息',
      ),
    );
  }
  const { jpeg } = container;
  if (jpeg && !segment(/^APP0/) && !hasBlock && jpeg.subsampling === '4:2:2' && jpeg.qualityDistance > 0.5) {
    facts.push(
      fact(
        'camera-layout-no-exif',
        'stripped',
        'laid out as cameras write JPEG (own tables, 4:2:2, no JFIF header), but without EXIF',
        'JPEG 结构与相机直出相似（自有量化表、4:2:2、无 JFIF 头），但没有 EXIF',
      ),
    );
  }
  return facts;
}

/** Reads the story of the capture and checks it against the file. Never throws. */
export function readCamera(container: ContainerFacts, embedded: Embedded): CameraReport {
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
  facts.push(...strippedFacts(container.exif, container, embedded));
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
