/** The mark as it is released, its networks opened once for every part of the benchmark. */
import type { RgbImage } from '../../src/core/image.ts';
import { openModels } from '../../src/nn/models.node.ts';
import { type EmbedOptions, embed, embedCalmly } from '../../src/protect/watermark/embed.ts';
import { openLearnedMark } from '../../src/protect/watermark/learned.ts';

export const learned = openLearnedMark(openModels());

/** With HUOYAN_MARK=strong as `embed --strong`: by the rule alone. */
export const STRONG = process.env.HUOYAN_MARK === 'strong';

export const markedWith = async (image: RgbImage, options: EmbedOptions): Promise<RgbImage> =>
  STRONG ? embed(image, options) : embedCalmly(image, options, learned);
