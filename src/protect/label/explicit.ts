/**
 * The explicit label of a picture: words that hold an AI element and a generation element, at least 5 % of the shorter
 * side high, in a corner, on a plate that keeps them readable on anything (METHODS A11).
 */
import type { RgbImage } from '../../core/image.ts';
import { GLYPHS, type Glyph } from './strokes.ts';

export type LabelWords = 'zh' | 'en';

export const EXPLICIT_WORDS: Readonly<Record<LabelWords, string>> = { zh: 'AI生成', en: 'AI-generated' };

/** Share of the shorter side that the characters are high; the rule asks for 5 %. */
const HEIGHT = 0.055;
/** Half the width of a stroke, in heights. */
const PEN = 0.05;
const MARGIN = 0.45;

/** Height of the characters on a picture of this size, in pixels. */
export function labelHeightPx(width: number, height: number): number {
  return Math.max(8, Math.ceil(HEIGHT * Math.min(width, height)));
}

/** The plate in the lower right corner: where it lies and how much of each of its pixels the strokes cover. */
export interface LabelPlate {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** 0..1, row by row. */
  readonly ink: Float32Array;
}

/** What is left of the picture's light under the plate. */
export const UNDER_PLATE = 0.3;

/** The plate of a picture of this size; the words are smaller only where they would not fit across. */
export function labelPlate(width: number, height: number, words: LabelWords): LabelPlate {
  const glyphs = [...EXPLICIT_WORDS[words]].map((c) => GLYPHS[c]);
  const advance = glyphs.reduce((sum, glyph) => sum + glyph.width, 0);
  const size = Math.min(labelHeightPx(width, height), width / (advance + 2 * MARGIN));
  const plateWidth = Math.min(width, Math.round(size * (advance + 2 * MARGIN)));
  const plateHeight = Math.min(height, Math.round(size * (1.15 + 2 * MARGIN)));
  const ink = drawn(glyphs, size, plateWidth, plateHeight);
  return { left: width - plateWidth, top: height - plateHeight, width: plateWidth, height: plateHeight, ink };
}

/** A copy of `image` with the words in its lower right corner. */
export function withExplicitLabel(image: RgbImage, words: LabelWords): RgbImage {
  const plate = labelPlate(image.width, image.height, words);
  const data = new Uint8ClampedArray(image.data);
  for (let y = 0; y < plate.height; y++) {
    for (let x = 0; x < plate.width; x++) {
      const at = ((plate.top + y) * image.width + plate.left + x) * 3;
      const cover = plate.ink[y * plate.width + x];
      for (let c = 0; c < 3; c++) {
        data[at + c] = image.data[at + c] * UNDER_PLATE * (1 - cover) + 255 * cover;
      }
    }
  }
  return { width: image.width, height: image.height, data };
}

/** How much of each pixel the strokes cover, 0..1. */
function drawn(glyphs: readonly Glyph[], size: number, width: number, height: number): Float32Array {
  const out = new Float32Array(width * height);
  const pen = Math.max(0.6, PEN * size);
  let x0 = MARGIN * size;
  for (const { strokes, width: advance } of glyphs) {
    for (const stroke of strokes) {
      for (let i = 0; i + 1 < stroke.length; i++) {
        const ax = x0 + stroke[i][0] * size;
        const ay = (MARGIN + stroke[i][1]) * size;
        const bx = x0 + stroke[i + 1][0] * size;
        const by = (MARGIN + stroke[i + 1][1]) * size;
        cover(out, width, height, [ax, ay, bx, by], pen);
      }
    }
    x0 += advance * size;
  }
  return out;
}

/** Draws one line with round ends and a soft edge of one pixel. */
function cover(
  out: Float32Array,
  width: number,
  height: number,
  [ax, ay, bx, by]: readonly number[],
  pen: number,
): void {
  const reach = pen + 1;
  const square = (bx - ax) ** 2 + (by - ay) ** 2 || 1;
  const fromY = Math.max(0, Math.floor(Math.min(ay, by) - reach));
  const toY = Math.min(height - 1, Math.ceil(Math.max(ay, by) + reach));
  const fromX = Math.max(0, Math.floor(Math.min(ax, bx) - reach));
  const toX = Math.min(width - 1, Math.ceil(Math.max(ax, bx) + reach));
  for (let y = fromY; y <= toY; y++) {
    for (let x = fromX; x <= toX; x++) {
      const px = x + 0.5 - ax;
      const py = y + 0.5 - ay;
      const t = Math.max(0, Math.min(1, (px * (bx - ax) + py * (by - ay)) / square));
      const distance = Math.hypot(px - t * (bx - ax), py - t * (by - ay));
      const value = Math.max(0, Math.min(1, pen + 0.5 - distance));
      if (value > out[y * width + x]) out[y * width + x] = value;
    }
  }
}
