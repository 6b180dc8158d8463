/**
 * `huoyan/screenmark`: a mark over a whole page or canvas, so that a picture of the screen says whose screen it was.
 * For document viewers and dashboards; read back from a screenshot by `huoyan protect watermark read`. It is one element
 * that takes no clicks. Whoever may run scripts on the page can remove it; a removed element comes back, which stops the
 * casual only.
 */
import { HuoyanError } from '../../core/errors.ts';
import { tilePx } from '../watermark/embed.ts';
import { glassTile, type ScreenmarkOptions } from './tile.ts';

export { HuoyanError } from '../../core/errors.ts';
export { hexOfPayload } from '../watermark/payload.ts';
export type { ScreenmarkOptions } from './tile.ts';

export interface Screenmark {
  /** Another message from now on: a minute later, another user. Throws HuoyanError `bad-argument`. */
  update(message: string): void;
  /** Takes the mark off the page. */
  remove(): void;
}

/**
 * Lays the mark over everything the window shows, in device pixels, also after the window changed. Not over what a
 * browser puts in front of every page: full-screen elements, modal dialogs, video in its own layer.
 * Throws HuoyanError `bad-argument` (message) and `component-missing` (no canvas).
 */
export function markPage(options: ScreenmarkOptions): Screenmark {
  let { message } = options;
  let drawn = '';
  const glass = document.createElement('div');
  glass.setAttribute('aria-hidden', 'true');
  glass.style.cssText =
    'position:fixed;inset:0;z-index:2147483647;pointer-events:none;image-rendering:pixelated;margin:0;border:0';
  const draw = () => {
    const ratio = window.devicePixelRatio || 1;
    const side = tilePx(Math.round(window.innerWidth * ratio), Math.round(window.innerHeight * ratio));
    const wanted = `${side} ${ratio} ${message}`;
    if (wanted === drawn) return;
    glass.style.backgroundImage = `url(${painted({ ...options, message }, side).toDataURL()})`;
    glass.style.backgroundSize = `${side / ratio}px ${side / ratio}px`;
    drawn = wanted;
  };
  draw();
  const root = document.documentElement;
  root.append(glass);
  const observer = new MutationObserver(() => {
    if (!glass.isConnected) root.append(glass);
  });
  observer.observe(root, { childList: true });
  window.addEventListener('resize', draw);
  return {
    update(next) {
      const before = message;
      message = next;
      try {
        draw();
      } catch (error) {
        message = before;
        throw error;
      }
    },
    remove() {
      observer.disconnect();
      window.removeEventListener('resize', draw);
      glass.remove();
    },
  };
}

/**
 * Draws the mark into a canvas, over what is there; to be called after each drawing, once. Throws HuoyanError
 * `bad-argument` (message) and `component-missing` (the canvas has no 2D context).
 */
export function markCanvas(canvas: HTMLCanvasElement, options: ScreenmarkOptions): void {
  const context = contextOf(canvas);
  const pattern = context.createPattern(painted(options, tilePx(canvas.width, canvas.height)), 'repeat');
  if (!pattern) throw noCanvas();
  context.save();
  context.resetTransform();
  context.globalAlpha = 1;
  context.globalCompositeOperation = 'source-over';
  context.fillStyle = pattern;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.restore();
}

function painted(options: ScreenmarkOptions, side: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = side;
  canvas.height = side;
  contextOf(canvas).putImageData(new ImageData(glassTile(options, side), side, side), 0, 0);
  return canvas;
}

function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext('2d');
  if (!context) throw noCanvas();
  return context;
}

const noCanvas = () =>
  new HuoyanError(
    'component-missing',
    { en: 'there is no 2D canvas to draw the mark on', zh: '没有可绘制水印的 2D 画布' },
    {
      en: 'a canvas that shows WebGL cannot be marked; mark the page over it',
      zh: '显示 WebGL 的画布无法直接加水印；请在整个页面上叠加水印',
    },
  );
