/** Which container and codec a video is written in: by the name the user gave the file. */
import { HuoyanError } from '../../core/errors.ts';

export interface OutputShape {
  /** mediabunny's class. */
  readonly format: 'Mp4OutputFormat' | 'MovOutputFormat' | 'MkvOutputFormat' | 'WebMOutputFormat';
  readonly codec: 'avc' | 'vp9';
}

const SHAPES: Readonly<Record<string, OutputShape>> = {
  mp4: { format: 'Mp4OutputFormat', codec: 'avc' },
  m4v: { format: 'Mp4OutputFormat', codec: 'avc' },
  mov: { format: 'MovOutputFormat', codec: 'avc' },
  mkv: { format: 'MkvOutputFormat', codec: 'avc' },
  webm: { format: 'WebMOutputFormat', codec: 'vp9' },
};

/** Throws HuoyanError `bad-argument` for another ending. */
export function outputShapeOf(path: string): OutputShape {
  const [, ending = ''] = /\.(\w+)$/.exec(path) ?? [];
  const shape = SHAPES[ending.toLowerCase()];
  if (shape) return shape;
  throw new HuoyanError(
    'bad-argument',
    { en: `"${path}" has no known video format`, zh: `“${path}”不是已知的视频格式` },
    { en: 'name it .mp4, .mov, .mkv or .webm', zh: '请以 .mp4、.mov、.mkv 或 .webm 结尾' },
  );
}
