/** Every carrier, in the order they are asked. A further one is a file beside this one and its place here. */
import { HuoyanError } from '../../core/errors.ts';
import type { AigcLabel } from '../../credentials/aigc/label.ts';
import { type AigcReport, readAigc } from '../../credentials/aigc/read.ts';
import { readXmp } from '../../credentials/xmp.ts';
import { damaged, type LabelCarrier } from './carrier.ts';
import { flac } from './flac.ts';
import { gif } from './gif.ts';
import { mp3 } from './id3.ts';
import { isobmff } from './isobmff.ts';
import { jpeg } from './jpeg.ts';
import { ogg } from './ogg.ts';
import { pdf } from './pdf.ts';
import { png } from './png.ts';
import { avi, wav, webp } from './riff.ts';
import { tiff } from './tiff.ts';

/** A length that points outside the file shows as a RangeError of the views on it: damage, told as such. */
function guarded(carrier: LabelCarrier): LabelCarrier {
  const guard = <T>(work: () => T): T => {
    try {
      return work();
    } catch (thrown) {
      throw thrown instanceof RangeError ? damaged(carrier.name) : thrown;
    }
  };
  return {
    ...carrier,
    write: (bytes, label) => guard(() => carrier.write(bytes, label)),
    find: (bytes) => guard(() => carrier.find(bytes)),
  };
}

export const CARRIERS: readonly LabelCarrier[] = [
  ...[jpeg, png, webp, gif, tiff],
  ...[avi, wav, isobmff, flac, ogg, pdf, mp3],
].map(guarded);

/** The carrier of a file, by its content. Throws HuoyanError `unsupported-format` or `empty`. */
export function carrierFor(bytes: Uint8Array): LabelCarrier {
  const carrier = CARRIERS.find((one) => one.recognises(bytes));
  if (carrier) return carrier;
  throw new HuoyanError(
    bytes.length === 0 ? 'empty' : 'unsupported-format',
    { en: 'files of this kind carry no label', zh: '此类文件无法携带标识' },
    {
      en: `one of: ${CARRIERS.map(({ name }) => name).join(', ')}`,
      zh: `支持：${CARRIERS.map(({ name }) => name).join('、')}`,
    },
  );
}

/** What the carrier itself says of labels in `bytes`. Throws HuoyanError `corrupt` or `unsupported-format`. */
export function labelsIn(bytes: Uint8Array): AigcReport {
  const { texts, xmp } = carrierFor(bytes).find(bytes);
  return readAigc({ texts, xmp: xmp.map((one) => ({ ...one, packet: readXmp(one.source) })) });
}

/**
 * The file with the implicit label. Throws HuoyanError `bad-argument` when it has one already (two are a violation), or
 * when the label itself would not comply; `corrupt` and `unsupported-format`.
 */
export function withLabel(bytes: Uint8Array, label: AigcLabel): Uint8Array {
  const carrier = carrierFor(bytes);
  if (labelsIn(bytes).status !== 'absent') {
    throw new HuoyanError(
      'bad-argument',
      { en: 'the file has a label already', zh: '该文件已有标识' },
      {
        en: 'GB 45438-2025 6.1 c) allows one: see what it says with "protect label check"',
        zh: 'GB 45438-2025 第 6.1 c) 条只允许一个标识，可用 protect label check 查看',
      },
    );
  }
  return carrier.write(bytes, label);
}
