/**
 * The words of the explicit label as strokes, so that they look the same on every machine, whatever fonts it has. Each
 * character is a list of lines through points in a box one high; y runs down.
 */

export interface Glyph {
  /** Advance, in heights. */
  readonly width: number;
  readonly strokes: readonly (readonly (readonly [number, number])[])[];
}

const ring = (cx: number, cy: number, rx: number, ry: number, from = 0, to = 360): [number, number][] =>
  Array.from({ length: 17 }, (_, i) => {
    const angle = ((from + ((to - from) * i) / 16) * Math.PI) / 180;
    return [cx + rx * Math.cos(angle), cy + ry * Math.sin(angle)];
  });

export const GLYPHS: Readonly<Record<string, Glyph>> = {
  A: {
    width: 0.72,
    strokes: [
      [
        [0.04, 0.95],
        [0.34, 0.08],
        [0.64, 0.95],
      ],
      [
        [0.15, 0.64],
        [0.53, 0.64],
      ],
    ],
  },
  I: {
    width: 0.32,
    strokes: [
      [
        [0.16, 0.08],
        [0.16, 0.95],
      ],
    ],
  },
  '-': {
    width: 0.42,
    strokes: [
      [
        [0.06, 0.6],
        [0.34, 0.6],
      ],
    ],
  },
  g: {
    width: 0.58,
    strokes: [
      ring(0.26, 0.66, 0.2, 0.26),
      [
        [0.46, 0.4],
        [0.46, 1.04],
      ],
      ring(0.26, 1.04, 0.2, 0.13, 0, 150),
    ],
  },
  e: {
    width: 0.56,
    strokes: [
      [
        [0.06, 0.66],
        [0.46, 0.66],
      ],
      ring(0.26, 0.67, 0.2, 0.27, 0, -315),
    ],
  },
  n: {
    width: 0.58,
    strokes: [
      [
        [0.08, 0.4],
        [0.08, 0.95],
      ],
      ring(0.27, 0.6, 0.19, 0.2, 180, 360),
      [
        [0.46, 0.6],
        [0.46, 0.95],
      ],
    ],
  },
  r: {
    width: 0.42,
    strokes: [
      [
        [0.08, 0.4],
        [0.08, 0.95],
      ],
      ring(0.27, 0.6, 0.19, 0.2, 180, 300),
    ],
  },
  a: {
    width: 0.58,
    strokes: [
      ring(0.26, 0.68, 0.2, 0.26),
      [
        [0.46, 0.4],
        [0.46, 0.95],
      ],
    ],
  },
  t: {
    width: 0.42,
    strokes: [
      [
        [0.18, 0.15],
        [0.18, 0.84],
        [0.25, 0.94],
        [0.36, 0.93],
      ],
      [
        [0.04, 0.42],
        [0.36, 0.42],
      ],
    ],
  },
  d: {
    width: 0.58,
    strokes: [
      ring(0.26, 0.68, 0.2, 0.26),
      [
        [0.46, 0.06],
        [0.46, 0.95],
      ],
    ],
  },
  生: {
    width: 1.05,
    strokes: [
      [
        [0.3, 0.06],
        [0.24, 0.26],
        [0.1, 0.46],
      ],
      [
        [0.22, 0.28],
        [0.88, 0.28],
      ],
      [
        [0.52, 0.04],
        [0.52, 0.92],
      ],
      [
        [0.18, 0.58],
        [0.86, 0.58],
      ],
      [
        [0.05, 0.92],
        [0.97, 0.92],
      ],
    ],
  },
  成: {
    width: 1.05,
    strokes: [
      [
        [0.16, 0.26],
        [0.93, 0.26],
      ],
      [
        [0.16, 0.26],
        [0.16, 0.6],
        [0.05, 0.94],
      ],
      [
        [0.16, 0.5],
        [0.44, 0.5],
        [0.42, 0.8],
        [0.33, 0.82],
      ],
      [
        [0.57, 0.05],
        [0.6, 0.45],
        [0.72, 0.78],
        [0.9, 0.95],
        [0.95, 0.76],
      ],
      [
        [0.87, 0.42],
        [0.7, 0.72],
        [0.48, 0.95],
      ],
      [
        [0.72, 0.07],
        [0.85, 0.17],
      ],
    ],
  },
};
