/** Resizing, softmax, attention and the Fourier transform as their definitions. */
import { at, generate, type NdArray, nd } from './array.ts';

export function resize(a: NdArray, height: number, width: number, mode: 'nearest' | 'bilinear'): NdArray {
  const [b, c, h, w] = a.shape;
  return generate([b, c, height, width], ([n, k, y, x]) => {
    if (mode === 'nearest') return at(a, n, k, Math.floor((y * h) / height), Math.floor((x * w) / width));
    const place = (i: number, from: number, to: number) =>
      Math.min(from - 1, Math.max(0, ((i + 0.5) * from) / to - 0.5));
    const [py, px] = [place(y, h, height), place(x, w, width)];
    const [y0, x0] = [Math.floor(py), Math.floor(px)];
    const [y1, x1] = [Math.min(h - 1, y0 + 1), Math.min(w - 1, x0 + 1)];
    const [fy, fx] = [py - y0, px - x0];
    return (
      at(a, n, k, y0, x0) * (1 - fy) * (1 - fx) +
      at(a, n, k, y0, x1) * (1 - fy) * fx +
      at(a, n, k, y1, x0) * fy * (1 - fx) +
      at(a, n, k, y1, x1) * fy * fx
    );
  });
}

export function softmax(a: NdArray): NdArray {
  const size = a.shape[a.shape.length - 1];
  const out = nd(a.shape, a.data);
  for (let from = 0; from < out.data.length; from += size) {
    const row = out.data.subarray(from, from + size);
    const sum = row.reduce((s, v) => s + Math.exp(v), 0);
    for (let i = 0; i < size; i++) row[i] = Math.exp(row[i]) / sum;
  }
  return out;
}

export function attention(q: NdArray, k: NdArray, v: NdArray, heads: number): NdArray {
  const [b, t, d] = q.shape;
  const s = k.shape[1];
  const size = d / heads;
  return generate([b, t, d], ([n, i, j]) => {
    const head = Math.floor(j / size);
    const scores = Array.from({ length: s }, (_, l) => {
      let dot = 0;
      for (let e = head * size; e < (head + 1) * size; e++) dot += at(q, n, i, e) * at(k, n, l, e);
      return Math.exp(dot / Math.sqrt(size));
    });
    const sum = scores.reduce((p, e) => p + e, 0);
    return scores.reduce((p, e, l) => p + (e / sum) * at(v, n, l, j), 0);
  });
}

export function dftMagnitude(a: NdArray, columns: number, epsilon: number): NdArray {
  const [b, c, h, w] = a.shape;
  return generate([b, c, h, columns], ([n, k, u, v]) => {
    let real = 0;
    let imaginary = 0;
    for (let y = 0; y < h; y++) {
      for (let x = 0; x < w; x++) {
        const angle = 2 * Math.PI * ((u * y) / h + (v * x) / w);
        real += at(a, n, k, y, x) * Math.cos(angle);
        imaginary -= at(a, n, k, y, x) * Math.sin(angle);
      }
    }
    return Math.sqrt((real ** 2 + imaginary ** 2) / (h * w) + epsilon);
  });
}
