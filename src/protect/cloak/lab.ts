/** Colours as far apart as they look: CIE 1976 L*a*b* of sRGB under D65, in which a distance of about 2.3 is just seen. */

const LINEAR = Float64Array.from({ length: 256 }, (_, v) =>
  v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4,
);
const curve = (t: number) => (t > 216 / 24389 ? Math.cbrt(t) : (t * 24389) / 27 / 116 + 16 / 116);

/** L* 0..100, a*, b* of bytes. */
export function lab(red: number, green: number, blue: number): readonly [number, number, number] {
  const [r, g, b] = [LINEAR[red], LINEAR[green], LINEAR[blue]];
  const x = curve((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047);
  const y = curve(0.2126729 * r + 0.7151522 * g + 0.072175 * b);
  const z = curve((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** Distance of two colours, bytes `a[i .. i + 2]` and `b[i .. i + 2]`. */
export function colourDistance(a: ArrayLike<number>, b: ArrayLike<number>, i: number): number {
  const [l, p, q] = lab(a[i], a[i + 1], a[i + 2]);
  const [m, r, s] = lab(b[i], b[i + 1], b[i + 2]);
  return Math.hypot(l - m, p - r, q - s);
}
