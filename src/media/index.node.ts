/** What other rooms use of `media`. */
export { readBytes, readImage, readImageFile } from './image.node.ts';
export { readCoefficients } from './jpeg/coefficients.ts';
export { DEFAULT_LIMITS, type ReadLimits } from './limits.ts';
export { type ListedFile, listFiles } from './list.node.ts';
export {
  blur,
  decodePixels,
  encodeAvif,
  encodeJpeg,
  encodePng,
  encodeWebp,
  type JpegOptions,
  type ResizeKernel,
  resize,
  setPixelThreads,
  shrinkTo,
} from './pixels.node.ts';
export { readMedia, readMediaFile } from './read.node.ts';
export { sniff } from './sniff.ts';
export { colours, shotsOf, spreadOver } from './video/shots.ts';
export { WRITE, type WrittenFormat } from './written.node.ts';
