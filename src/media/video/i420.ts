/**
 * A decoded frame in whatever layout the decoder chose, as 8 bits of 4:2:0: the luma plane, then two of chroma with half
 * its sides. What encoders take anyway, and what can be marked without going through RGB and back. Deeper samples are
 * rounded, finer chroma is averaged; a last odd row or column is dropped, because 4:2:0 has none.
 */

export interface I420 {
  /** Even. */
  readonly width: number;
  readonly height: number;
  /** `width * height` of luma, a quarter of that for U, a quarter for V. */
  readonly data: Uint8Array;
}

/** BT.601, limited range, in 65536ths: how the decoders' own conversion to RGB is undone. */
const Y = [16829, 33039, 6416] as const;
const U = [-9714, -19071, 28784] as const;
const V = [28784, -24103, -4681] as const;

/**
 * `bytes` of a frame of `width` by `height` in `format` (WebCodecs' names: `I420`, `I422P10`, `NV12`, `RGBA` …), planes
 * one behind the other without padding. Throws RangeError for fewer bytes than that takes, or an unknown format.
 */
export function toI420(format: string, width: number, height: number, bytes: Uint8Array): I420 {
  const even = { width: width & ~1, height: height & ~1 };
  if (even.width < 2 || even.height < 2) throw new RangeError(`a frame of ${width}x${height}`);
  if (/^(RGB|BGR)[AX]$/.test(format)) return ofRgb(format.startsWith('B'), width, even, bytes);
  if (format === 'NV12') return ofNv12(width, height, even, bytes);
  const [, kind, depth] = /^(I420|I422|I444)A?(?:P(10|12))?$/.exec(format) ?? [];
  if (kind === undefined) throw new RangeError(`frames of format ${format}`);
  const [stepX, stepY] = kind === 'I420' ? [2, 2] : kind === 'I422' ? [2, 1] : [1, 1];
  const chroma = { width: Math.ceil(width / stepX), height: Math.ceil(height / stepY) };
  const size = width * height;
  const count = size + 2 * chroma.width * chroma.height;
  const samples = depth ? wide(bytes, count) : bytes.subarray(0, count);
  if (samples.length < count) throw new RangeError(`${bytes.length} bytes of a frame of ${width}x${height}`);
  if (!depth && kind === 'I420' && even.width === width && even.height === height) {
    return { ...even, data: samples as Uint8Array };
  }
  const shift = depth ? Number(depth) - 8 : 0;
  const out = new Uint8Array((even.width * even.height * 3) / 2);
  averaged(samples, width, [1, 1], shift, out.subarray(0, even.width * even.height), even.width);
  const half = even.width / 2;
  const part = (even.width * even.height) / 4;
  for (const plane of [0, 1]) {
    const from = samples.subarray(size + plane * chroma.width * chroma.height);
    const to = out.subarray(part * (4 + plane), part * (5 + plane));
    averaged(from, chroma.width, [2 / stepX, 2 / stepY], shift, to, half);
  }
  return { ...even, data: out };
}

function wide(bytes: Uint8Array, count: number): Uint16Array {
  const whole = Math.min(count, bytes.length >> 1);
  if ((bytes.byteOffset & 1) === 0) return new Uint16Array(bytes.buffer, bytes.byteOffset, whole);
  return new Uint16Array(bytes.slice(0, whole * 2).buffer);
}

/** Each sample of `out` the mean of `across` by `down` of `from`, whose rows are `stride` long, without its last `shift` bits. */
function averaged(
  from: Uint8Array | Uint16Array,
  stride: number,
  [across, down]: readonly [number, number],
  shift: number,
  out: Uint8Array,
  width: number,
): void {
  const cells = across * down;
  const divisor = cells << shift;
  for (let y = 0, at = 0; at < out.length; y++) {
    for (let x = 0; x < width; x++, at++) {
      let sum = 0;
      for (let dy = 0; dy < down; dy++) {
        const k = (y * down + dy) * stride + x * across;
        for (let dx = 0; dx < across; dx++) sum += from[k + dx];
      }
      out[at] = Math.min(255, Math.floor((sum + (divisor >> 1)) / divisor));
    }
  }
}

type Size = { readonly width: number; readonly height: number };

function ofNv12(width: number, height: number, even: Size, bytes: Uint8Array): I420 {
  const stride = Math.ceil(width / 2) * 2;
  if (bytes.length < width * height + stride * Math.ceil(height / 2)) {
    throw new RangeError(`${bytes.length} bytes of a frame of ${width}x${height}`);
  }
  const size = even.width * even.height;
  const data = new Uint8Array((size * 3) / 2);
  for (let y = 0; y < even.height; y++) {
    data.set(bytes.subarray(y * width, y * width + even.width), y * even.width);
  }
  for (let y = 0, at = size; y < even.height / 2; y++) {
    for (let x = 0, k = width * height + y * stride; x < even.width / 2; x++, at++, k += 2) {
      data[at] = bytes[k];
      data[at + size / 4] = bytes[k + 1];
    }
  }
  return { ...even, data };
}

function ofRgb(blueFirst: boolean, width: number, even: Size, bytes: Uint8Array): I420 {
  if (bytes.length < width * even.height * 4) {
    throw new RangeError(`${bytes.length} bytes of a frame ${width} wide`);
  }
  const size = even.width * even.height;
  const data = new Uint8Array((size * 3) / 2);
  const [red, blue] = blueFirst ? [2, 0] : [0, 2];
  for (let y = 0; y < even.height; y++) {
    for (let x = 0, k = y * width * 4, at = y * even.width; x < even.width; x++, k += 4, at++) {
      data[at] = 16 + ((Y[0] * bytes[k + red] + Y[1] * bytes[k + 1] + Y[2] * bytes[k + blue] + 32768) >> 16);
    }
  }
  for (let y = 0, at = size; y < even.height; y += 2) {
    for (let x = 0; x < even.width; x += 2, at++) {
      const sums = [0, 0, 0];
      for (const k of [y * width + x, y * width + x + 1, (y + 1) * width + x, (y + 1) * width + x + 1]) {
        sums[0] += bytes[k * 4 + red];
        sums[1] += bytes[k * 4 + 1];
        sums[2] += bytes[k * 4 + blue];
      }
      const of = ([r, g, b]: readonly number[]) =>
        128 + ((r * sums[0] + g * sums[1] + b * sums[2] + 131072) >> 18);
      data[at] = of(U);
      data[at + size / 4] = of(V);
    }
  }
  return { ...even, data };
}
