/**
 * Signs that a file once said more about its capture than it does now: fields blanked, a phone's XMP without the phone's
 * EXIF, the layout of a camera JPEG without any EXIF, and marks of platforms that strip as a matter of course. Removing
 * metadata is common and mostly harmless; these facts explain a silence, they accuse nobody.
 */
import type { ContainerFacts } from '../core/media.ts';
import { TiffBlock } from '../media/ifd.ts';
import { type CameraFact, fact, str } from './camera-facts.ts';
import { type Embedded, firstXmp } from './embedded.ts';
import { XMP_NAMESPACE } from './xmp.ts';

/** Tags that describe the storage of pixels, and pointers. */
const STRUCTURAL =
  /^(?:Orientation|[XY]Resolution|ResolutionUnit|YCbCrPositioning|ColorSpace|ExifVersion|FlashpixVersion|ComponentsConfiguration|(?:Pixel|Exif(?:Image)?)[A-Za-z]*(?:Width|Height|Dimension)|Image(?:Width|Height|Length)|BitsPerSample|Compression|PhotometricInterpretation|SamplesPerPixel|PlanarConfiguration|StripOffsets|StripByteCounts|RowsPerStrip|InteropIndex|InteropVersion|SceneCaptureType|ExifTag|ExifOffset)$/;

/** Tags every camera fills; some strippers keep them and blank what they say. Dates and lenses may honestly be blank. */
const WORD_TAGS: readonly (readonly [tag: number, name: string])[] = [
  [0x010f, 'Make'],
  [0x0110, 'Model'],
];

/** The raw EXIF block, because readers of values leave out what is blank. */
function exifBlock(bytes: Uint8Array, container: ContainerFacts): Uint8Array | undefined {
  const segment = container.segments.find((s) => /^(?:APP1:Exif|eXIf|EXIF$|item:Exif)/.test(s.type));
  if (!segment) return container.format === 'tiff' ? bytes : undefined;
  const block = bytes.subarray(segment.offset, segment.offset + segment.length);
  // headers and marks before the byte order are at most 16 bytes long in any carrier
  for (let at = 0; at < Math.min(block.length - 8, 24); at++) {
    const little = block[at] === 0x49 && block[at + 1] === 0x49 && block[at + 2] === 42;
    const big = block[at] === 0x4d && block[at + 1] === 0x4d && block[at + 3] === 42;
    if (little || big) return block.subarray(at);
  }
  return undefined;
}

/** Names of word tags that are there and blank. */
function blankTags(bytes: Uint8Array, container: ContainerFacts): string[] {
  const raw = exifBlock(bytes, container);
  const block = raw && TiffBlock.open(raw);
  const main = block?.ifd(block.first);
  if (!block || !main) return [];
  return WORD_TAGS.filter(([tag]) => {
    const entry = main.entries.get(tag);
    return entry?.type === 2 && block.text(entry)?.trim() === '';
  }).map(([, name]) => name);
}

/** Namespaces and tools in XMP that cameras and phones write. */
const DEVICE_XMP =
  /^http:\/\/ns\.(?:google\.com\/photos\/1\.0\/(?:camera|container|image|depthmap|audio)|apple\.com\/(?:HDRGainMap|pixeldatainfo|adjustment-settings))/;

/** Facts about what was removed and by whom. Never throws. */
export function traceFacts(container: ContainerFacts, embedded: Embedded, bytes: Uint8Array): CameraFact[] {
  const facts: CameraFact[] = [];
  const marked = container.iptc?.SpecialInstructions;
  if (typeof marked === 'string' && marked.startsWith('FBMD')) {
    facts.push(
      fact(
        'platform-meta',
        'neutral',
        'passed through Facebook or Instagram, which re-save pictures and remove camera metadata',
        '曾经过 Facebook 或 Instagram，这些平台会重新保存图片并去除相机元数据',
      ),
    );
  }
  const { exif } = container;
  const blanked = blankTags(bytes, container);
  const segment = (pattern: RegExp) => container.segments.some((s) => pattern.test(s.type));
  const words = embedded.texts.some((t) => t.carrier.startsWith('exif:'));
  const tags = Object.entries(exif ?? {});
  const hasBlock = segment(/^(?:APP1:Exif|eXIf|EXIF|item:Exif)/i);
  if (blanked.length > 0) {
    facts.push(
      fact(
        'exif-blanked',
        'stripped',
        `EXIF fields are there but were emptied: ${blanked.join(', ')}`,
        `EXIF 字段存在但内容被清空：${blanked.join('、')}`,
      ),
    );
  } else if (hasBlock && !words && tags.every(([k]) => STRUCTURAL.test(k))) {
    // image libraries and screenshots write such blocks, too
    facts.push(
      fact(
        'exif-structural-only',
        'neutral',
        'the EXIF block says nothing beyond the layout of the pixels',
        'EXIF 块中除像素排列外没有其他内容',
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
  // Photoshop keeps a thumbnail of its own outside EXIF
  if (container.thumbnail && hasBlock && !segment(/Photoshop/)) {
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
