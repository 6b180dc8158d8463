import { createRequire } from 'node:module';
import sharp, { type JpegOptions } from 'sharp';
import { describe, expect, it } from 'vitest';
import { Random } from '../../core/random.ts';
import { type JpegCoefficients, readCoefficients } from './coefficients.ts';
import { readLayout, ZIGZAG } from './layout.ts';

interface OracleComponent {
  readonly blocks: Int16Array;
  readonly blocksDC: Int16Array;
  readonly blocksPerLineForMcu: number;
}
interface Oracle {
  parse(bytes: Uint8Array): { frame: { components: OracleComponent[] } };
}
const F5 = createRequire(import.meta.url)('f5stegojs') as new (key: number[], maxPixels: number) => Oracle;

/** A textured picture; noisy enough that every kind of code occurs. */
function pixels(width: number, height: number, seed: number, contrast = 1): Uint8Array {
  const random = new Random(seed);
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < 3; c++) {
        const wave = 30 * Math.sin(x / (5 + c)) + 25 * Math.cos(y / 9 + c) + 6 * random.normal();
        data[(y * width + x) * 3 + c] = Math.max(20, Math.min(235, 128 + contrast * wave));
      }
    }
  }
  return data;
}

async function jpeg(width: number, height: number, options: JpegOptions, seed = 1): Promise<Uint8Array> {
  return sharp(pixels(width, height, seed), { raw: { width, height, channels: 3 } })
    .jpeg(options)
    .toBuffer();
}

function read(bytes: Uint8Array, options = {}): JpegCoefficients {
  const found = readCoefficients(bytes, options);
  if (found.status !== 'read') throw new Error(found.reason.en);
  return found;
}

function expectLikeOracle(bytes: Uint8Array): void {
  const oracle = new F5([1], 1 << 18).parse(bytes).frame.components;
  const ours = read(bytes);
  expect(ours.coverage).toBe(1);
  expect(ours.complete).toBe(true);
  expect(ours.components.length).toBe(oracle.length);
  ours.components.forEach((plane, c) => {
    let different = 0;
    for (let y = 0; y < plane.blocksHigh; y++) {
      for (let x = 0; x < plane.blocksWide; x++) {
        const from = y * oracle[c].blocksPerLineForMcu + x;
        const to = (y * plane.blocksWide + x) * 64;
        if (plane.coefficients[to] !== oracle[c].blocksDC[from]) different++;
        for (let k = 1; k < 64; k++) {
          if (plane.coefficients[to + ZIGZAG[k]] !== oracle[c].blocks[from * 64 + k]) different++;
        }
      }
    }
    expect(different).toBe(0);
  });
}

describe('readCoefficients', () => {
  it.each([
    ['baseline 4:2:0', { quality: 90 }],
    ['baseline 4:4:4', { quality: 75, chromaSubsampling: '4:4:4' }],
    ['progressive 4:2:0', { quality: 85, progressive: true }],
    ['progressive 4:4:4', { quality: 97, progressive: true, chromaSubsampling: '4:4:4' }],
    ['mozjpeg scans', { quality: 80, mozjpeg: true }],
    ['standard Huffman tables', { quality: 60, optimiseCoding: false }],
    ['lowest quality', { quality: 1 }],
    ['highest quality', { quality: 100, chromaSubsampling: '4:4:4' }],
  ] as const)('agrees with f5stegojs on every coefficient: %s', async (_, options) => {
    for (const [width, height] of [
      [64, 48],
      [101, 67],
      [17, 130],
      [1, 1],
    ]) {
      expectLikeOracle(await jpeg(width, height, options, width));
    }
  });

  it('agrees on a grey picture', async () => {
    const bytes = await sharp(pixels(75, 41, 3), { raw: { width: 75, height: 41, channels: 3 } })
      .greyscale()
      .toColourspace('b-w')
      .jpeg({ quality: 88 })
      .toBuffer();
    expectLikeOracle(bytes);
    expect(read(bytes).components.length).toBe(1);
  });

  it('dequantised and transformed back it is the luma that libjpeg decodes, within rounding', async () => {
    for (const progressive of [false, true]) {
      const [width, height] = [120, 72];
      const bytes = await jpeg(width, height, { quality: 88, progressive, chromaSubsampling: '4:4:4' }, 9);
      const { data } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
      const [plane] = read(bytes).components;
      const cosine = (u: number, x: number) =>
        (u === 0 ? Math.SQRT1_2 : 1) * 0.5 * Math.cos(((2 * x + 1) * u * Math.PI) / 16);
      let worst = 0;
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const block = ((y >> 3) * plane.blocksWide + (x >> 3)) * 64;
          let sum = 128;
          for (let k = 0; k < 64; k++) {
            const c = plane.coefficients[block + k] * plane.quantisation[k];
            if (c !== 0) sum += c * cosine(k & 7, x & 7) * cosine(k >> 3, y & 7);
          }
          const i = 3 * (y * width + x);
          const luma = 0.299 * data[i] + 0.587 * data[i + 1] + 0.114 * data[i + 2];
          worst = Math.max(worst, Math.abs(luma - sum));
        }
      }
      expect(worst).toBeLessThan(1.6);
    }
  });

  it('crosses restart markers and goes on behind damage between two of them', async () => {
    const plain = await jpeg(96, 96, { quality: 80, optimiseCoding: false });
    const whole = withRestarts(plain);
    const before = read(plain).components[0];
    expect(read(whole.bytes).coverage).toBe(1);
    expect(Array.from(read(whole.bytes).components[0].coefficients)).toEqual(Array.from(before.coefficients));
    const damaged = whole.bytes.slice();
    damaged.fill(0xfe, whole.starts[2], whole.starts[3] - 2);
    const after = read(damaged);
    expect(after.coverage).toBeGreaterThan(0.5);
    const last = after.components[0].coefficients.subarray(-64);
    expect(Array.from(last)).toEqual(Array.from(before.coefficients.subarray(-64)));
  });

  it('says what share of a cut file is there', async () => {
    for (const progressive of [false, true]) {
      const bytes = await jpeg(160, 160, { quality: 85, progressive });
      const shares = [0.3, 0.6, 0.9, 1].map((part) => {
        const found = readCoefficients(bytes.subarray(0, Math.floor(bytes.length * part)));
        return found.status === 'read' ? found.coverage : 0;
      });
      for (let i = 1; i < shares.length; i++) expect(shares[i]).toBeGreaterThanOrEqual(shares[i - 1]);
      expect(shares[3]).toBe(1);
      expect(shares[0]).toBeLessThan(0.6);
    }
  });

  it('keeps to its bounds and says so', async () => {
    const bytes = await jpeg(160, 160, { quality: 85 });
    const part = read(bytes, { maxBlocks: 100, lumaOnly: true });
    expect(part.complete).toBe(false);
    expect(part.components.length).toBe(1);
    expect(part.components[0].blocksHigh).toBe(4);
    const all = read(bytes).components[0];
    expect(Array.from(part.components[0].coefficients)).toEqual(
      Array.from(all.coefficients.subarray(0, part.components[0].coefficients.length)),
    );
    expect(read(bytes, { timeoutMs: -1 }).complete).toBe(false);
  });

  it('does not examine arithmetic, lossless and 12-bit files', async () => {
    const bytes = await jpeg(32, 32, { quality: 85 });
    const frame = readLayout(bytes).segments.find((s) => s.marker === 0xc0)?.offset ?? 0;
    for (const [at, value] of [
      [1, 0xc9],
      [1, 0xc3],
      [4, 12],
    ]) {
      const changed = bytes.slice();
      changed[frame + at] = value;
      const found = readCoefficients(changed);
      expect(found.status).toBe('notExamined');
      if (found.status === 'notExamined') expect(found.reason.zh).toMatch(/不检验/);
    }
  });

  it('survives anything in the scan', async () => {
    const random = new Random(77);
    for (const progressive of [false, true]) {
      const bytes = await jpeg(64, 64, { quality: 85, progressive });
      for (let n = 0; n < 300; n++) {
        const changed = bytes.slice();
        for (let k = 0; k <= n % 8; k++) changed[random.below(changed.length)] = random.below(256);
        const found = readCoefficients(changed);
        if (found.status === 'read') expect(found.coverage).toBeLessThanOrEqual(1);
      }
    }
  });
});

/**
 * The same picture with a restart marker after every MCU row, made by writing the entropy-coded data anew. Works on
 * baseline files with the standard tables: differences of DC start over at each marker.
 */
function withRestarts(plain: Uint8Array): { bytes: Uint8Array; starts: number[] } {
  const layout = readLayout(plain);
  const scan = layout.scans[0];
  const found = read(plain);
  const { frame } = layout;
  if (!frame) throw new Error('no frame');
  const codes = scan.huffman.map((spec) => {
    const table = new Map<number, { code: number; length: number }>();
    let code = 0;
    let index = 0;
    spec?.counts.forEach((count, i) => {
      for (let k = 0; k < count; k++) table.set(spec.symbols[index++], { code: code++, length: i + 1 });
      code <<= 1;
    });
    return table;
  });
  const out: number[] = [];
  const starts: number[] = [];
  let acc = 0;
  let bits = 0;
  const push = (value: number, count: number) => {
    for (let i = count - 1; i >= 0; i--) {
      acc = (acc << 1) | ((value >> i) & 1);
      if (++bits === 8) {
        out.push(acc);
        if (acc === 0xff) out.push(0);
        acc = bits = 0;
      }
    }
  };
  const symbol = (slot: number, value: number) => {
    const entry = codes[slot].get(value);
    if (!entry) throw new Error(`no code for ${value}`);
    push(entry.code, entry.length);
  };
  const magnitude = (value: number) => 32 - Math.clz32(Math.abs(value));
  const amount = (value: number, size: number) => push(value < 0 ? value + (1 << size) - 1 : value, size);
  const mcusWide = Math.ceil(frame.width / 16);
  const head = plain.subarray(0, layout.segments.find((s) => s.marker === 0xda)?.offset);
  const sos = plain.subarray(head.length, scan.start);
  const offset = head.length + 6 + sos.length;
  for (let row = 0; row < Math.ceil(frame.height / 16); row++) {
    starts.push(offset + out.length);
    const prediction = [0, 0, 0];
    for (let mcu = 0; mcu < mcusWide; mcu++) {
      scan.components.forEach(({ index, dc, ac }) => {
        const plane = found.components[index];
        for (let v = 0; v < plane.v; v++) {
          for (let h = 0; h < plane.h; h++) {
            const at = ((row * plane.v + v) * plane.blocksWide + mcu * plane.h + h) * 64;
            const value = plane.coefficients[at];
            const size = magnitude(value - prediction[index]);
            symbol(dc, size);
            amount(value - prediction[index], size);
            prediction[index] = value;
            let run = 0;
            for (let k = 1; k < 64; k++) {
              const c = plane.coefficients[at + ZIGZAG[k]];
              if (c === 0) {
                run++;
                continue;
              }
              for (; run > 15; run -= 16) symbol(4 + ac, 0xf0);
              symbol(4 + ac, (run << 4) | magnitude(c));
              amount(c, magnitude(c));
              run = 0;
            }
            if (run > 0) symbol(4 + ac, 0);
          }
        }
      });
    }
    while (bits > 0) push(1, 1);
    out.push(0xff, 0xd0 + (row & 7));
  }
  out.splice(out.length - 2, 2, 0xff, 0xd9);
  const interval = Uint8Array.of(0xff, 0xdd, 0, 4, 0, mcusWide);
  return { bytes: Uint8Array.from([...head, ...interval, ...sos, ...out]), starts };
}
