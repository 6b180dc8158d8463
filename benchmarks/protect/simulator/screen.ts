/**
 * A screen photographed, from optics and electronics and not from the channel a mark is trained through: rays from a
 * pinhole meet the panel, whose pixels are three stripes with gaps; light is added up linearly over the sensor's cells,
 * blurred by the lens, caught through a Bayer mosaic with shot and read noise, demosaicked, white-balanced, given a
 * tone curve and sharpening as a telephone does. Moire is not painted on: it comes from the stripes meeting the mosaic.
 * Written apart from `src/protect`, which knows nothing of it.
 */
import type { RgbImage } from '../../../src/core/image.ts';
import { Random } from '../../../src/core/random.ts';

export interface Shot {
  /** Sensor, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Share of the frame's area the panel would take up when seen from straight ahead, 0..1. */
  readonly share: number;
  /** Angle between the panel's normal and the optical axis, degrees, and the direction of the tilt. */
  readonly tiltDegrees: number;
  readonly towardsDegrees: number;
  /** Rotation of the camera about its axis. */
  readonly rollDegrees: number;
  /** Shift of the panel's centre from the frame's, as a share of the frame. */
  readonly offX: number;
  readonly offY: number;
  /** Sigma of the lens blur, in sensor pixels. */
  readonly blurPx: number;
  /** Radial distortion: displacement at the corner as a share of the half diagonal. */
  readonly barrel: number;
  /** Electrons a full cell holds: fewer are noisier. */
  readonly electrons: number;
  /** Brightness of the reflection of a lamp in the glass, 0..1 of white, and of the room. */
  readonly glare: number;
  readonly ambient: number;
  /** Gamma of the panel. */
  readonly gamma: number;
  /** Exposure: the value that panel white is brought to, 0..1. */
  readonly exposure: number;
  /** Gains of red and blue that were not undone by the white balance. */
  readonly red: number;
  readonly blue: number;
  /** Unsharp mask of the camera, 0..1. */
  readonly sharpen: number;
  readonly seed: number;
}

/** Rays a sensor cell is averaged over, along each axis. */
const RAYS = 3;
/** Share of a panel pixel that its three stripes light up, along x (each) and y. */
const STRIPE = 0.29;
const LIT = 0.82;

/** The frame before it is compressed. Deterministic in `shot.seed`. Time is linear in the sensor's pixels. */
export function photograph(shown: RgbImage, shot: Shot): RgbImage {
  const { width, height } = shot;
  const random = new Random(shot.seed);
  const light = expose(shown, shot, random);
  blurPlanes(light, width, height, shot.blurPx);
  const mosaic = caught(light, shot, random);
  const rgb = demosaic(mosaic, width, height);
  return developed(rgb, shot);
}

/** Corners of the panel in the frame, clockwise from the panel's top left. */
export function panelCorners(
  shown: { width: number; height: number },
  shot: Shot,
): { x: number; y: number }[] {
  const eye = camera(shown, shot);
  return [
    [0, 0],
    [shown.width, 0],
    [shown.width, shown.height],
    [0, shown.height],
  ].map(([x, y]) => eye.toFrame(x, y));
}

interface Camera {
  /** From frame pixels to panel pixels. */
  toPanel(x: number, y: number): { x: number; y: number; facing: boolean };
  toFrame(x: number, y: number): { x: number; y: number };
}

/** A pinhole with a horizontal field of view of 62 degrees, the panel as a plane in front of it. */
function camera(shown: { width: number; height: number }, shot: Shot): Camera {
  const { width, height } = shot;
  const focal = width / 2 / Math.tan((31 * Math.PI) / 180);
  // The panel has its own pixel as unit of length; the distance follows from the share of the frame.
  const distance = focal * Math.sqrt((shown.width * shown.height) / (shot.share * width * height));
  const tilt = (shot.tiltDegrees * Math.PI) / 180;
  const towards = (shot.towardsDegrees * Math.PI) / 180;
  const roll = (shot.rollDegrees * Math.PI) / 180;
  // Panel axes: turned by `tilt` about the axis in the frame's plane that is perpendicular to `towards`.
  const ax = -Math.sin(towards);
  const ay = Math.cos(towards);
  const turn = (vx: number, vy: number): [number, number, number] => {
    const c = Math.cos(tilt);
    const s = Math.sin(tilt);
    const dot = ax * vx + ay * vy;
    const x = vx * c + ax * dot * (1 - c);
    const y = vy * c + ay * dot * (1 - c);
    const z = s * (ax * vy - ay * vx);
    const cr = Math.cos(roll);
    const sr = Math.sin(roll);
    return [x * cr - y * sr, x * sr + y * cr, z];
  };
  const U = turn(1, 0);
  const V = turn(0, 1);
  const cx = ((shot.offX * width) / focal) * distance;
  const cy = ((shot.offY * height) / focal) * distance;
  const normal = [U[1] * V[2] - U[2] * V[1], U[2] * V[0] - U[0] * V[2], U[0] * V[1] - U[1] * V[0]];
  const away = normal[0] * cx + normal[1] * cy + normal[2] * distance;
  const diagonal = Math.hypot(width, height) / 2;
  return {
    toPanel(px, py) {
      let x = px - width / 2;
      let y = py - height / 2;
      const r = (x * x + y * y) / (diagonal * diagonal);
      const pull = 1 + shot.barrel * r;
      x = (x * pull) / focal;
      y = (y * pull) / focal;
      const t = away / (normal[0] * x + normal[1] * y + normal[2]);
      const X = x * t - cx;
      const Y = y * t - cy;
      const Z = t - distance;
      return {
        x: X * U[0] + Y * U[1] + Z * U[2] + shown.width / 2,
        y: X * V[0] + Y * V[1] + Z * V[2] + shown.height / 2,
        facing: t > 0,
      };
    },
    toFrame(u, v) {
      const p = u - shown.width / 2;
      const q = v - shown.height / 2;
      const X = cx + p * U[0] + q * V[0];
      const Y = cy + p * U[1] + q * V[1];
      const Z = distance + p * U[2] + q * V[2];
      let x = (focal * X) / Z;
      let y = (focal * Y) / Z;
      // The distortion is undone by a few fixed-point steps.
      const [dx, dy] = [x, y];
      for (let i = 0; i < 6; i++) {
        const pull = 1 + (shot.barrel * (x * x + y * y)) / (diagonal * diagonal);
        x = dx / pull;
        y = dy / pull;
      }
      return { x: x + width / 2, y: y + height / 2 };
    },
  };
}

type Planes = readonly [Float32Array, Float32Array, Float32Array];

function expose(shown: RgbImage, shot: Shot, random: Random): Planes {
  const { width, height } = shot;
  const eye = camera(shown, shot);
  const linear = Float32Array.from({ length: 256 }, (_, i) => (i / 255) ** shot.gamma);
  const planes: Planes = [0, 1, 2].map(() => new Float32Array(width * height)) as unknown as Planes;
  const bezel = 0.035 * Math.max(shown.width, shown.height);
  const room = [random.uniform(0.12, 0.6), random.uniform(0.12, 0.6), random.uniform(0.12, 0.6)];
  const lampX = random.uniform(0.1, 0.9) * shown.width;
  const lampY = random.uniform(0.1, 0.9) * shown.height;
  const lampSize = random.uniform(0.12, 0.3) * shown.width;
  const grey = 1 / (3 * STRIPE * LIT);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      let r = 0;
      let g = 0;
      let b = 0;
      const wall = 0.8 + 0.2 * Math.sin(x / 190 + y / 410) + 0.05 * Math.sin(x / 7.3) * Math.sin(y / 9.1);
      for (let ry = 0; ry < RAYS; ry++) {
        for (let rx = 0; rx < RAYS; rx++) {
          const p = eye.toPanel(x + (rx + 0.5) / RAYS, y + (ry + 0.5) / RAYS);
          if (p.facing && p.x >= 0 && p.y >= 0 && p.x < shown.width && p.y < shown.height) {
            const column = p.x | 0;
            const row = p.y | 0;
            const i = (row * shown.width + column) * 3;
            const fx = (p.x - column) * 3;
            const stripe = fx | 0;
            const inStripe = fx - stripe;
            // A stripe is lit in the middle 87 % of its third, over 82 % of the pixel's height.
            if (inStripe > 0.065 && inStripe < 0.935 && p.y - row < LIT) {
              const value = linear[shown.data[i + stripe]] * grey * 3;
              if (stripe === 0) r += value;
              else if (stripe === 1) g += value;
              else b += value;
            }
            const lx = (p.x - lampX) / lampSize;
            const ly = (p.y - lampY) / lampSize;
            const reflected = shot.ambient + shot.glare * Math.exp(-(lx * lx + ly * ly));
            r += reflected;
            g += reflected;
            b += reflected;
          } else if (
            p.facing &&
            p.x >= -bezel &&
            p.y >= -bezel &&
            p.x < shown.width + bezel &&
            p.y < shown.height + bezel
          ) {
            r += 0.012 + shot.ambient;
            g += 0.012 + shot.ambient;
            b += 0.013 + shot.ambient;
          } else {
            r += room[0] * wall;
            g += room[1] * wall;
            b += room[2] * wall;
          }
        }
      }
      const n = 1 / (RAYS * RAYS);
      planes[0][at] = r * n;
      planes[1][at] = g * n;
      planes[2][at] = b * n;
    }
  }
  return planes;
}

/** Gaussian blur in place. */
function blurPlanes(planes: Planes, width: number, height: number, sigma: number): void {
  if (sigma < 0.2) return;
  const radius = Math.ceil(2.5 * sigma);
  const kernel = Float32Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)),
  );
  const total = kernel.reduce((s, k) => s + k, 0);
  const rows = new Float32Array(width * height);
  for (const plane of planes) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        let sum = 0;
        for (let k = -radius; k <= radius; k++) {
          sum += kernel[k + radius] * plane[y * width + Math.max(0, Math.min(width - 1, x + k))];
        }
        rows[y * width + x] = sum / total;
      }
    }
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        let sum = 0;
        for (let k = -radius; k <= radius; k++) {
          sum += kernel[k + radius] * rows[Math.max(0, Math.min(height - 1, y + k)) * width + x];
        }
        plane[y * width + x] = sum / total;
      }
    }
  }
}

/** RGGB: 0 red, 1 green, 2 blue. */
const colourAt = (x: number, y: number) => (y & 1 ? (x & 1 ? 2 : 1) : x & 1 ? 1 : 0);

/** What the cells behind the mosaic count, 0..1. */
function caught(planes: Planes, shot: Shot, random: Random): Float32Array {
  const { width, height, electrons, exposure } = shot;
  const out = new Float32Array(width * height);
  const gain = [shot.red, 1, shot.blue];
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      const colour = colourAt(x, y);
      const value = planes[colour][at] * exposure * gain[colour];
      const noisy = value * electrons + random.normal() * Math.sqrt(Math.max(0, value * electrons) + 16);
      out[at] = Math.max(0, Math.min(1, noisy / electrons));
    }
  }
  return out;
}

/** Bilinear, with the difference to green kept smooth (Malvar's correction at half strength). */
function demosaic(mosaic: Float32Array, width: number, height: number): Float32Array {
  const out = new Float32Array(width * height * 3);
  const at = (x: number, y: number) =>
    mosaic[
      (y < 0 ? -y : y >= height ? 2 * height - 2 - y : y) * width +
        (x < 0 ? -x : x >= width ? 2 * width - 2 - x : x)
    ];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const colour = colourAt(x, y);
      const here = at(x, y);
      const cross = (at(x - 1, y) + at(x + 1, y) + at(x, y - 1) + at(x, y + 1)) / 4;
      const diagonal = (at(x - 1, y - 1) + at(x + 1, y - 1) + at(x - 1, y + 1) + at(x + 1, y + 1)) / 4;
      const bend = (4 * here - at(x - 2, y) - at(x + 2, y) - at(x, y - 2) - at(x, y + 2)) / 16;
      const i = (y * width + x) * 3;
      if (colour === 1) {
        const across = (at(x - 1, y) + at(x + 1, y)) / 2;
        const down = (at(x, y - 1) + at(x, y + 1)) / 2;
        out[i] = (y & 1 ? down : across) + bend;
        out[i + 1] = here;
        out[i + 2] = (y & 1 ? across : down) + bend;
      } else {
        out[i + colour] = here;
        out[i + 1] = cross + bend;
        out[i + 2 - colour] = diagonal + bend;
      }
    }
  }
  return out;
}

/** Linear light to 8-bit sRGB with a gentle shoulder and an unsharp mask of three by three. */
function developed(rgb: Float32Array, shot: Shot): RgbImage {
  const { width, height } = shot;
  const curve = Uint8ClampedArray.from({ length: 4097 }, (_, i) => {
    const v = i / 4096;
    const shoulder = v < 0.8 ? v : 0.8 + 0.2 * (1 - Math.exp(-(v - 0.8) / 0.2));
    const s = shoulder <= 0.0031308 ? 12.92 * shoulder : 1.055 * shoulder ** (1 / 2.4) - 0.055;
    return Math.round(255 * s);
  });
  const plain = new Float32Array(rgb.length);
  for (let i = 0; i < rgb.length; i++)
    plain[i] = curve[Math.max(0, Math.min(4096, Math.round(rgb[i] * 4096)))];
  const data = new Uint8ClampedArray(rgb.length);
  const row = width * 3;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < 3; c++) {
        const i = y * row + x * 3 + c;
        if (x === 0 || y === 0 || x === width - 1 || y === height - 1) {
          data[i] = plain[i];
          continue;
        }
        const around = (plain[i - 3] + plain[i + 3] + plain[i - row] + plain[i + row]) / 4;
        data[i] = plain[i] + shot.sharpen * (plain[i] - around);
      }
    }
  }
  return { width, height, data };
}
