/** The fingerprint as people can look at it: the residual amplified, and where its spectrum has its peaks. */
import { crop, luma, type RgbImage } from '../core/image.ts';
import { residual } from '../core/residuals/residuals.ts';
import type { FingerprintView } from '../core/trace.ts';
import { residualSpectrum } from './description.ts';

/** Side of the part that is shown. */
const SIDE = 128;
/** Grey levels a standard deviation of the residual is shown as. */
const CONTRAST = 32;

export function fingerprintView(image: RgbImage): FingerprintView {
  const width = Math.min(SIDE + 2, image.width);
  const height = Math.min(SIDE + 2, image.height);
  const x = (image.width - width) >> 1;
  const y = (image.height - height) >> 1;
  const middle = residual(luma(crop(image, { x, y, width, height })), 'square');
  const power = middle.data.reduce((sum, v) => sum + v * v, 0) / middle.data.length;
  const gain = CONTRAST / Math.sqrt(power + 1e-6);
  const data = new Uint8ClampedArray(middle.data.length * 3);
  middle.data.forEach((v, i) => {
    data.fill(Math.round(128 + gain * v), i * 3, i * 3 + 3);
  });
  return {
    residual: { width: middle.width, height: middle.height, data },
    spectrum: residualSpectrum(luma(image)),
  };
}
