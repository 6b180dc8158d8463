/**
 * The quantised DCT coefficients of a JPEG as they stand in the file: what a decoder throws away after the inverse
 * transform, and where earlier compressions leave their traces. Baseline, extended sequential and progressive Huffman
 * (ITU-T T.81 annexes F and G), every sampling, restart markers. Arithmetic, lossless, hierarchical and 12-bit files
 * are not examined, and it says so.
 */
import type { Text } from '../../core/text.ts';
import { BitReader, HuffmanTable } from './entropy.ts';
import { type JpegLayout, readLayout, type Scan, ZIGZAG } from './layout.ts';

export interface CoefficientPlane {
  /** Blocks in the rows that were examined; padding blocks of incomplete MCUs are left out. */
  readonly blocksWide: number;
  readonly blocksHigh: number;
  /** Sampling factors, for placing blocks in the picture. */
  readonly h: number;
  readonly v: number;
  /** 64 values a block, row-major within the block (index = 8 * vertical frequency + horizontal), blocks row-major. */
  readonly coefficients: Int16Array;
  /** 64 quantisation steps, row-major; the dequantised coefficient is their product. */
  readonly quantisation: readonly number[];
}

export interface JpegCoefficients {
  readonly status: 'read';
  readonly width: number;
  readonly height: number;
  readonly progressive: boolean;
  readonly components: readonly CoefficientPlane[];
  /** False when limits stopped the examination before the last row. */
  readonly complete: boolean;
  /** Share 0..1 of the coefficients (of the examined rows) that the file really holds; below 1 it is cut or damaged. */
  readonly coverage: number;
}

export interface NotExamined {
  readonly status: 'notExamined';
  readonly reason: Text;
}

export interface CoefficientOptions {
  /** Most blocks kept, over all components; rows beyond are not examined. Default 1.5 million (192 MB). */
  readonly maxBlocks?: number;
  /** Wall-clock bound in milliseconds; scanning stops there. Default 5000. */
  readonly timeoutMs?: number;
  /** Keep the first component only. */
  readonly lumaOnly?: boolean;
}

const notExamined = (en: string, zh: string): NotExamined => ({ status: 'notExamined', reason: { en, zh } });

/** Working state of one component. */
interface Plane {
  readonly h: number;
  readonly v: number;
  readonly blocksWide: number;
  readonly blocksHigh: number;
  /** Rows examined. */
  readonly rows: number;
  readonly keep: boolean;
  readonly data: Int16Array;
  /** Best share so far for each coefficient. */
  readonly coverage: Float32Array;
  prediction: number;
}

const MAX_SCANS = 256;

/**
 * Quantised coefficients of the JPEG `bytes`, or why they were not examined. Damage shows as `coverage` below 1,
 * limits as `complete: false`; never throws for what the file holds.
 */
export function readCoefficients(
  bytes: Uint8Array,
  options: CoefficientOptions = {},
  layout: JpegLayout = readLayout(bytes),
): JpegCoefficients | NotExamined {
  const { maxBlocks = 1_500_000, timeoutMs = 5000, lumaOnly = false } = options;
  const deadline = performance.now() + timeoutMs;
  const { frame } = layout;
  const problem = unfit(layout);
  if (problem || !frame) return problem ?? notExamined('it has no frame header', '缺少帧头');
  const hMax = Math.max(...frame.components.map((c) => c.h));
  const vMax = Math.max(...frame.components.map((c) => c.v));
  const mcusWide = Math.ceil(frame.width / (8 * hMax));
  const mcusHigh = Math.ceil(frame.height / (8 * vMax));
  const kept = lumaOnly ? frame.components.slice(0, 1) : frame.components;
  const blocksPerMcuRow = kept.reduce((sum, c) => sum + c.h * c.v, 0) * mcusWide;
  const mcuRows = Math.min(mcusHigh, Math.max(1, Math.floor(maxBlocks / blocksPerMcuRow)));
  const planes: Plane[] = frame.components.map((c, i) => {
    const blocksWide = Math.ceil(Math.ceil((frame.width * c.h) / hMax) / 8);
    const blocksHigh = Math.ceil(Math.ceil((frame.height * c.v) / vMax) / 8);
    const rows = Math.min(blocksHigh, mcuRows * c.v);
    const keep = i < kept.length;
    const data = new Int16Array(keep ? blocksWide * rows * 64 : 64);
    return {
      h: c.h,
      v: c.v,
      blocksWide,
      blocksHigh,
      rows,
      keep,
      data,
      coverage: new Float32Array(64),
      prediction: 0,
    };
  });
  const progressive = frame.marker === 0xc2;
  const tables = new Map<unknown, HuffmanTable>();
  let inTime = true;
  for (const scan of layout.scans.slice(0, MAX_SCANS)) {
    // A scan of components that are not kept teaches nothing.
    if (!scan.components.some((c) => planes[c.index].keep)) continue;
    const job = new ScanJob(bytes, scan, planes, progressive, tables);
    const done = job.run(mcusWide, mcuRows, deadline);
    recordCoverage(scan, planes, done.share);
    inTime &&= done.inTime;
    if (!inTime) break;
  }
  const used = planes.slice(0, kept.length);
  const covered = used.reduce((sum, p) => sum + p.coverage.reduce((a, b) => a + b, 0), 0);
  return {
    status: 'read',
    width: frame.width,
    height: frame.height,
    progressive,
    components: used.map((p, i) => ({
      blocksWide: p.blocksWide,
      blocksHigh: p.rows,
      h: p.h,
      v: p.v,
      coefficients: p.data,
      quantisation: layout.quantisation[frame.components[i].table] ?? [],
    })),
    complete: inTime && mcuRows === mcusHigh && layout.scans.length <= MAX_SCANS,
    coverage: covered / (64 * used.length),
  };
}

/** Why the layout cannot be examined, if it cannot. */
function unfit({ frame, quantisation, scans }: JpegLayout): NotExamined | undefined {
  if (!frame) return notExamined('it has no frame header', '缺少帧头');
  if (frame.marker > 0xc2) {
    const arithmetic = frame.marker > 0xc8;
    return arithmetic
      ? notExamined('arithmetic-coded JPEG is not examined', '不检验算术编码的 JPEG')
      : notExamined('lossless or hierarchical JPEG is not examined', '不检验无损或分层 JPEG');
  }
  if (frame.precision !== 8)
    return notExamined(`${frame.precision}-bit JPEG is not examined`, `不检验 ${frame.precision} 位 JPEG`);
  if (frame.width === 0 || frame.height === 0) return notExamined('its frame has no size', '帧尺寸为零');
  const { components } = frame;
  const sane = components.every((c) => c.h >= 1 && c.h <= 4 && c.v >= 1 && c.v <= 4 && quantisation[c.table]);
  if (components.length === 0 || components.length > 4 || !sane) {
    return notExamined('its frame header contradicts itself', '帧头信息自相矛盾');
  }
  if (scans.length === 0) return notExamined('it has no picture data', '没有图像数据');
  return undefined;
}

function recordCoverage(scan: Scan, planes: readonly Plane[], share: number): void {
  const value = scan.low === 0 ? share : share / 2;
  for (const { index } of scan.components) {
    const { coverage } = planes[index];
    for (let k = scan.from; k <= Math.min(63, scan.to); k++) coverage[k] = Math.max(coverage[k], value);
  }
}

/** One scan being decoded into its planes. */
class ScanJob {
  readonly #reader: BitReader;
  readonly #parts: readonly { plane: Plane; dc: HuffmanTable | undefined; ac: HuffmanTable | undefined }[];
  readonly #scratch = new Int16Array(64);
  /** Blocks still to be skipped because an end-of-band run covers them. */
  #bandRun = 0;

  constructor(
    bytes: Uint8Array,
    readonly scan: Scan,
    planes: readonly Plane[],
    readonly progressive: boolean,
    tables: Map<unknown, HuffmanTable>,
  ) {
    this.#reader = new BitReader(bytes, scan.start, scan.end);
    const table = (slot: number) => {
      const spec = scan.huffman[slot];
      if (!spec) return undefined;
      const known = tables.get(spec) ?? new HuffmanTable(spec);
      tables.set(spec, known);
      return known;
    };
    this.#parts = scan.components.map((c) => ({
      plane: planes[c.index],
      dc: table(c.dc),
      ac: table(4 + c.ac),
    }));
  }

  /** Decodes up to `mcuRows` rows; the share of them that the data really held, and whether time sufficed. */
  run(mcusWide: number, mcuRows: number, deadline: number): { share: number; inTime: boolean } {
    const single = this.#parts.length === 1 ? this.#parts[0].plane : undefined;
    const wide = single ? single.blocksWide : mcusWide;
    const high = single ? single.rows : mcuRows;
    const total = wide * high;
    const interval = this.scan.restartInterval;
    this.#reset();
    let good = 0;
    for (let y = 0, n = 0; y < high; y++) {
      if ((y & 7) === 0 && performance.now() > deadline) return { share: good / total, inTime: false };
      for (let x = 0; x < wide; x++, n++) {
        if (interval > 0 && n > 0 && n % interval === 0) {
          if (!this.#reader.restart()) return { share: good / total, inTime: true };
          this.#reset();
        }
        const fine = single ? this.#block(this.#parts[0], x, y) : this.#mcu(x, y);
        if (fine && !this.#reader.overrun) {
          good++;
          continue;
        }
        if (interval === 0) return { share: good / total, inTime: true };
        // Damage inside a restart interval: go on behind the next marker.
        const next = (Math.floor(n / interval) + 1) * interval;
        n = next - 1;
        y = Math.floor(n / wide);
        x = n - y * wide;
        if (y >= high) break;
      }
    }
    return { share: good / total, inTime: true };
  }

  #reset(): void {
    for (const { plane } of this.#parts) plane.prediction = 0;
    this.#bandRun = 0;
  }

  #mcu(x: number, y: number): boolean {
    for (const part of this.#parts) {
      const { h, v } = part.plane;
      for (let dy = 0; dy < v; dy++) {
        for (let dx = 0; dx < h; dx++) {
          if (!this.#block(part, x * h + dx, y * v + dy)) return false;
        }
      }
    }
    return true;
  }

  /** Decodes one block; false when its codes make no sense. */
  #block(
    part: { plane: Plane; dc: HuffmanTable | undefined; ac: HuffmanTable | undefined },
    x: number,
    y: number,
  ): boolean {
    const { plane } = part;
    const inside = plane.keep && x < plane.blocksWide && y < plane.rows;
    const data = inside ? plane.data : this.#scratch;
    const base = inside ? (y * plane.blocksWide + x) * 64 : 0;
    if (!inside) this.#scratch.fill(0);
    const { scan } = this;
    if (!this.progressive) {
      return (
        part.dc !== undefined &&
        part.ac !== undefined &&
        this.#sequential(plane, part.dc, part.ac, data, base)
      );
    }
    if (scan.from === 0) return this.#dc(plane, part.dc, data, base);
    if (!part.ac) return false;
    return scan.high === 0 ? this.#acFirst(part.ac, data, base) : this.#acRefine(part.ac, data, base);
  }

  #sequential(plane: Plane, dc: HuffmanTable, ac: HuffmanTable, data: Int16Array, base: number): boolean {
    const reader = this.#reader;
    const size = reader.symbol(dc);
    if (size < 0 || size > 15) return false;
    plane.prediction += reader.signed(size);
    data[base] = plane.prediction;
    for (let k = 1; k < 64; k++) {
      const code = reader.symbol(ac);
      if (code < 0) return false;
      const bits = code & 15;
      const run = code >> 4;
      if (bits === 0) {
        if (run !== 15) return true;
        k += 15;
        continue;
      }
      k += run;
      if (k > 63) return false;
      data[base + ZIGZAG[k]] = reader.signed(bits);
    }
    return true;
  }

  #dc(plane: Plane, dc: HuffmanTable | undefined, data: Int16Array, base: number): boolean {
    const reader = this.#reader;
    if (this.scan.high > 0) {
      if (reader.raw(1)) data[base] |= 1 << this.scan.low;
      return true;
    }
    const size = dc ? reader.symbol(dc) : -1;
    if (size < 0 || size > 15) return false;
    plane.prediction += reader.signed(size);
    data[base] = plane.prediction << this.scan.low;
    return true;
  }

  #acFirst(ac: HuffmanTable, data: Int16Array, base: number): boolean {
    if (this.#bandRun > 0) {
      this.#bandRun--;
      return true;
    }
    const reader = this.#reader;
    const { from, to, low } = this.scan;
    for (let k = from; k <= to; k++) {
      const code = reader.symbol(ac);
      if (code < 0) return false;
      const bits = code & 15;
      const run = code >> 4;
      if (bits === 0) {
        if (run < 15) {
          this.#bandRun = (1 << run) - 1 + reader.raw(run);
          return true;
        }
        k += 15;
        continue;
      }
      k += run;
      if (k > 63) return false;
      data[base + ZIGZAG[k]] = reader.signed(bits) << low;
    }
    return true;
  }

  #acRefine(ac: HuffmanTable, data: Int16Array, base: number): boolean {
    const reader = this.#reader;
    const { from, to, low } = this.scan;
    const bit = 1 << low;
    let k = from;
    if (this.#bandRun === 0) {
      while (k <= to) {
        const code = reader.symbol(ac);
        if (code < 0) return false;
        let run = code >> 4;
        let fresh = 0;
        if ((code & 15) !== 0) fresh = reader.raw(1) ? bit : -bit;
        else if (run < 15) {
          this.#bandRun = (1 << run) + reader.raw(run);
          break;
        }
        for (; k <= to; k++) {
          const at = base + ZIGZAG[k];
          if (data[at] !== 0) this.#correct(data, at, bit);
          else if (run-- === 0) {
            if (fresh !== 0) data[at] = fresh;
            k++;
            break;
          }
        }
        if (reader.overrun) return false;
      }
    }
    if (this.#bandRun > 0) {
      for (; k <= to; k++) if (data[base + ZIGZAG[k]] !== 0) this.#correct(data, base + ZIGZAG[k], bit);
      this.#bandRun--;
    }
    return true;
  }

  /** One correction bit for a coefficient that is already known to be nonzero. */
  #correct(data: Int16Array, at: number, bit: number): void {
    if (this.#reader.raw(1) && (data[at] & bit) === 0) data[at] += data[at] > 0 ? bit : -bit;
  }
}
