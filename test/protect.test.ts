/** Contract of `huoyan protect watermark` and `protect label` with video and sound: options, keys, exit codes, files. */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canEncode } from '../src/media/av/encode.node.ts';
import { wavOf } from '../src/media/sound/wav.test-support.ts';
import { encodeClip } from '../src/media/video/encode.node.ts';
import { painted } from '../src/protect/watermark/painted.test-support.ts';
import { build, huoyan } from './command.ts';

let folder: string;
const at = (name: string) => join(folder, name);
beforeAll(async () => {
  build();
  folder = await mkdtemp(join(tmpdir(), 'huoyan-protect-'));
  const hum = Float32Array.from({ length: 16_000 }, (_, i) => 0.1 * Math.sin(i / 9));
  await writeFile(at('hum.wav'), wavOf([hum], 16_000));
}, 240_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const LABEL = ['--producer', '001191110102MACQD9K64010000', '--id', '7'];

describe('protect, with sound', { timeout: 240_000 }, () => {
  it('labels a sound so that it is heard, and says of both labels what is there', async () => {
    const out = at('labelled.wav');
    const write = ['protect', 'label', 'write', at('hum.wav'), '-o', out, ...LABEL, '--words', 'zh'];
    expect((await huoyan(write)).code).toBe(0);
    const { code, stdout } = await huoyan(['protect', 'label', 'check', out, '--json']);
    expect([code, JSON.parse(stdout)]).toMatchObject([
      0,
      { verdict: 'compliant', carrier: 'WAV', label: '1', explicit: 'present' },
    ]);
    const bare = await huoyan(['protect', 'label', 'check', at('hum.wav')]);
    expect(bare.stdout).toContain('explicit label: inconclusive');
  });

  it('says what is wrong with options', async () => {
    const embed = ['protect', 'watermark', 'embed', at('hum.wav'), '-o', at('x.mp4'), '--key', 'k'];
    const wrong = await huoyan([...embed, '--message', '1', '--frames', '0']);
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('whole number from 1')]);
    const sound = await huoyan([...embed, '--message', '1']);
    expect([sound.code, sound.stdout]).toEqual([1, '']);
    const zh = await huoyan(['protect', 'watermark', 'embed', '--help'], { env: { LANG: 'zh_CN.UTF-8' } });
    expect(zh.stdout).toContain('--frames');
    expect(zh.stdout).toContain('关键帧');
  });
});

describe.skipIf(!(await canEncode()))('protect, with video', { timeout: 240_000 }, () => {
  it('marks a clip, reads it, and labels it', async () => {
    const scene = painted(576, 432, 3);
    const pictures = Array.from({ length: 5 }, () => ({ pixels: scene, seconds: 0.5 }));
    await writeFile(at('clip.mp4'), await encodeClip(pictures, { bitRate: 3_000_000 }));
    const payload = ['--place', '7', '--device', '42', '--time', '2026-01-02T03:04:00Z'];
    const out = at('marked.mp4');
    const embed = ['protect', 'watermark', 'embed', at('clip.mp4'), '-o', out, '--key', 'k', ...payload];
    const embedded = await huoyan(embed);
    expect([embedded.code, embedded.stderr]).toEqual([0, expect.stringContaining('5 of 5 frames')]);
    const { stdout } = await huoyan(['protect', 'watermark', 'read', out, '--key', 'k', '--fast', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ found: true, road: 'as-written', second: 0, frames: 1 },
      payload: { place: 7, device: 42, time: '2026-01-02T03:04Z' },
    });
    const labelled = at('labelled.mp4');
    const write = ['protect', 'label', 'write', out, '-o', labelled, ...LABEL, '--words', 'en'];
    expect((await huoyan(write)).code).toBe(0);
    const check = await huoyan(['protect', 'label', 'check', labelled, '--json']);
    expect(JSON.parse(check.stdout)).toMatchObject({ verdict: 'compliant', explicit: 'present' });
    expect((await readdir(folder)).filter((name) => /partial|unlabelled/.test(name))).toEqual([]);
  });
});
