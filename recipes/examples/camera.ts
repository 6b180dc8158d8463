/**
 * From light to the file's pixels, in two ways. `develop` is what a rendering program does: tone curve and rounding.
 * `photograph` goes through a made-up sensor: vignette, colour mosaic, shot and read noise, interpolation, tone curve.
 * Only what a forger's victim would have is imitated, so that a collage of two such pictures has two kinds of noise to
 * tell apart; it is not meant to pass for a camera.
 */
import type { RgbImage } from '../../src/core/image.ts';
import type { Random } from '../../src/core/random.ts';
import { clamp, type Light } from './light.ts';

/** A filmic shoulder (Narkowicz's fit of ACES), then the sRGB curve; 0..1 to 0..255. */
function toned(light: number): number {
  const l = Math.max(0, light * 0.85);
  const curve = clamp((l * (2.51 * l + 0.03)) / (l * (2.43 * l + 0.59) + 0.14));
  return 255 * (curve <= 0.0031308 ? 12.92 * curve : 1.055 * curve ** (1 / 2.4) - 0.055);
}

/** Tone curve and rounding, with just enough dither against bands in skies. */
export function develop(light: Light, random: Random): RgbImage {
  const data = new Uint8ClampedArray(light.data.length);
  for (let i = 0; i < data.length; i += 3) {
    const dither = random.uniform(-0.5, 0.5);
    for (let c = 0; c < 3; c++) data[i + c] = toned(light.data[i + c]) + dither;
  }
  return { width: light.width, height: light.height, data };
}

export interface Sensor {
  /** Electrons a pixel holds at brightness 1; fewer is noisier. */
  readonly fullWell: number;
  /** Standard deviation of the reading, in electrons. */
  readonly readNoise: number;
  /** Light lost in the corners, 0..1. */
  readonly vignette: number;
}

/** Through a sensor with a Bayer mosaic (red top left), interpolated linearly. */
export function photograph(light: Light, sensor: Sensor, random: Random): RgbImage {
  const { width, height } = light;
  const raw = new Float32Array(width * height);
  const filter = (x: number, y: number) => (y & 1 ? (x & 1 ? 2 : 1) : x & 1 ? 1 : 0);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const r2 = ((x / width - 0.5) ** 2 + (y / height - 0.5) ** 2) * 2;
      const seen = light.data[(y * width + x) * 3 + filter(x, y)] * (1 - sensor.vignette * r2);
      const electrons = Math.max(0, seen) * sensor.fullWell;
      const sigma = Math.sqrt(electrons + sensor.readNoise ** 2);
      raw[y * width + x] = Math.max(0, electrons + sigma * random.normal()) / sensor.fullWell;
    }
  }
  const data = new Uint8ClampedArray(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const sum = [0, 0, 0];
      const weight = [0, 0, 0];
      for (let dy = -1; dy <= 1; dy++) {
        for (let dx = -1; dx <= 1; dx++) {
          // mirrored at the border without changing the mosaic's phase
          const sx = x + dx < 0 || x + dx >= width ? x - dx : x + dx;
          const sy = y + dy < 0 || y + dy >= height ? y - dy : y + dy;
          const c = filter(sx, sy);
          const near = (2 - Math.abs(dx)) * (2 - Math.abs(dy));
          if (c === filter(x, y) && (dx !== 0 || dy !== 0)) continue;
          sum[c] += raw[sy * width + sx] * near;
          weight[c] += near;
        }
      }
      for (let c = 0; c < 3; c++) data[(y * width + x) * 3 + c] = toned(sum[c] / weight[c]);
    }
  }
  return { width, height, data };
}
