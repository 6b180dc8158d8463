/**
 * What the 64 bits may say without any registry: when (to the minute), where and by which machine; or nothing but a
 * number, the key into a registry of the user's own. Version in the four highest bits, then 28 bits of minutes since
 * 2020-01-01 UTC (until the year 2530), 16 bits of place, 16 bits of device.
 */
import { HuoyanError } from '../../core/errors.ts';
import { MESSAGE_BITS } from './code.ts';

/** The layout above. A message that begins otherwise is a free number. */
export const PAYLOAD_VERSION = 1;
const EPOCH_MS = Date.UTC(2020, 0, 1);
const MINUTES = 2 ** 28;

export interface Payload {
  readonly version: number;
  /** ISO 8601, to the minute, UTC. */
  readonly time: string;
  /** 0..65535, by the user's own lists. */
  readonly place: number;
  readonly device: number;
}

/** The bits of 1 to 16 hexadecimal digits, filled up with zeros in front. Throws HuoyanError `bad-argument`. */
export function bitsOfHex(hex: string): Uint8Array {
  if (!/^[0-9a-fA-F]{1,16}$/.test(hex)) {
    throw new HuoyanError(
      'bad-argument',
      { en: `"${hex}" is not a message of 64 bits`, zh: `“${hex}”不是 64 位信息` },
      { en: 'give 1 to 16 hexadecimal digits', zh: '请给出 1 至 16 个十六进制数字' },
    );
  }
  const value = BigInt(`0x${hex}`);
  return Uint8Array.from({ length: MESSAGE_BITS }, (_, i) =>
    Number((value >> BigInt(MESSAGE_BITS - 1 - i)) & 1n),
  );
}

/** 16 lower-case hexadecimal digits. */
export function hexOfBits(bits: Uint8Array): string {
  let value = 0n;
  for (const bit of bits) value = (value << 1n) | BigInt(bit);
  return value.toString(16).padStart(MESSAGE_BITS / 4, '0');
}

/** The message for a time, place and device. Throws HuoyanError `bad-argument` when one of them does not fit. */
export function hexOfPayload({ time, place, device }: Omit<Payload, 'version'>): string {
  const minutes = Math.floor((Date.parse(time) - EPOCH_MS) / 60_000);
  const code = (n: number) => Number.isInteger(n) && n >= 0 && n <= 0xffff;
  if (!(minutes >= 0 && minutes < MINUTES) || !code(place) || !code(device)) {
    throw new HuoyanError(
      'bad-argument',
      {
        en: `time "${time}", place ${place} and device ${device} do not fit a message`,
        zh: `时间“${time}”、地点 ${place}、设备 ${device} 无法写入信息`,
      },
      {
        en: 'the time is ISO 8601 from 2020 on, place and device are whole numbers from 0 to 65535',
        zh: '时间为 2020 年起的 ISO 8601 格式，地点与设备为 0 至 65535 的整数',
      },
    );
  }
  const value =
    (BigInt(PAYLOAD_VERSION) << 60n) | (BigInt(minutes) << 32n) | (BigInt(place) << 16n) | BigInt(device);
  return value.toString(16).padStart(MESSAGE_BITS / 4, '0');
}

/** What a message of 16 hexadecimal digits says by the layout above; null for a free number. */
export function payloadOfHex(hex: string): Payload | null {
  const value = BigInt(`0x${hex}`);
  if (Number(value >> 60n) !== PAYLOAD_VERSION) return null;
  const minutes = Number((value >> 32n) & 0xfffffffn);
  return {
    version: PAYLOAD_VERSION,
    time: `${new Date(EPOCH_MS + minutes * 60_000).toISOString().slice(0, 16)}Z`,
    place: Number((value >> 16n) & 0xffffn),
    device: Number(value & 0xffffn),
  };
}
