/** Every layout on a small tree laid out exactly as its makers publish it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { HuoyanError } from '../../core/errors.ts';
import type { BenchItem } from './item.ts';
import { openBenchSet } from './manifest.ts';
import { splitItems } from './split.ts';

const base = mkdtempSync(join(tmpdir(), 'huoyan-layouts-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));
let made = 0;

/** A folder with these files; a value other than text is written as JSON. */
function tree(files: Readonly<Record<string, unknown>>): string {
  const root = join(base, `set${made++}`);
  for (const [key, content] of Object.entries(files)) {
    const path = join(root, ...key.split('/'));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  }
  return root;
}

const named = (keys: readonly string[]) => Object.fromEntries(keys.map((key) => [key, 'x']));
const open = (files: Readonly<Record<string, unknown>>) => {
  const { layout, items, missing } = openBenchSet(tree(files));
  const found = new Map(items.map((item) => [item.key, item]));
  return { layout, items, missing, of: (key: string) => found.get(key) as BenchItem };
};

describe('layouts', () => {
  it('FaceForensics++', () => {
    const { layout, items, of } = open({
      ...named([
        'original_sequences/youtube/c23/videos/071.mp4',
        'original_sequences/youtube/c23/videos/054.mp4',
        'original_sequences/youtube/c40/videos/071.mp4',
        'original_sequences/actors/c23/videos/01__walking_outside.mp4',
        'manipulated_sequences/Deepfakes/c23/videos/071_054.mp4',
        'manipulated_sequences/NeuralTextures/c23/frames/054_071/0001.png',
        'manipulated_sequences/DeepFakeDetection/c23/videos/01_02__walking_outside__YVGY8LOK.mp4',
        'manipulated_sequences/Deepfakes/c23/masks/071_054.mp4',
      ]),
      'splits/train.json': [['071', '054']],
      'splits/val.json': [],
    });
    expect([layout, items.length]).toEqual(['faceforensics', 7]);
    expect(of('manipulated_sequences/Deepfakes/c23/videos/071_054.mp4')).toMatchObject({
      ...{ label: 'fake', generator: 'Deepfakes', variant: 'c23', split: 'train', media: 'video' },
      ...{ identities: ['youtube 071', 'youtube 054'], source: 'youtube 071' },
    });
    expect(of('original_sequences/youtube/c40/videos/071.mp4')).toMatchObject({
      ...{ label: 'real', source: 'youtube 071', variant: 'c40', split: 'train' },
    });
    expect(of('manipulated_sequences/NeuralTextures/c23/frames/054_071/0001.png')).toMatchObject({
      ...{ media: 'image', source: 'youtube 054', generator: 'NeuralTextures' },
    });
    const acted = of(
      'manipulated_sequences/DeepFakeDetection/c23/videos/01_02__walking_outside__YVGY8LOK.mp4',
    );
    expect(acted.identities).toEqual(['actor 01', 'actor 02']);
    expect(acted.source).toBe(of('original_sequences/actors/c23/videos/01__walking_outside.mp4').source);
  });

  it('DFDC, whole and one part', () => {
    const metadata = {
      'aa.mp4': { label: 'FAKE', split: 'train', original: 'bb.mp4' },
      'bb.mp4': { label: 'REAL', split: 'train' },
      'cc.mp4': { label: 'FAKE', split: 'train', original: 'bb.mp4' },
    };
    const part = { 'aa.mp4': 'x', 'bb.mp4': 'x', 'metadata.json': metadata };
    const whole = open(
      Object.fromEntries(Object.entries(part).map(([k, v]) => [`dfdc_train_part_3/${k}`, v])),
    );
    expect([whole.layout, whole.items.length, whole.missing]).toEqual(['dfdc', 2, 1]);
    expect(whole.of('dfdc_train_part_3/aa.mp4')).toMatchObject({ label: 'fake', source: 'bb.mp4' });
    expect(whole.of('dfdc_train_part_3/bb.mp4')).toMatchObject({ label: 'real', source: 'bb.mp4' });
    expect(open(part).of('aa.mp4').generator).toBe('dfdc');
    const odd = { ...metadata, 'bb.mp4': { label: 'MAYBE' } };
    expect(() => open({ ...part, 'metadata.json': odd })).toThrow('neither FAKE nor REAL');
  });

  it('Celeb-DF v2', () => {
    const { layout, items, missing, of } = open({
      ...named(['Celeb-real/id0_0001.mp4', 'Celeb-synthesis/id0_id16_0001.mp4', 'YouTube-real/00011.mp4']),
      'List_of_testing_videos.txt':
        '1 YouTube-real/00011.mp4\n0 Celeb-synthesis/id0_id16_0001.mp4\n0 Celeb-synthesis/id1_id2_0009.mp4\n',
    });
    expect([layout, items.length, missing]).toEqual(['celeb-df', 3, 1]);
    expect(of('Celeb-synthesis/id0_id16_0001.mp4')).toMatchObject({
      ...{ label: 'fake', source: 'id0_0001', identities: ['id0', 'id16'], split: 'test' },
    });
    expect(of('Celeb-real/id0_0001.mp4')).toMatchObject({
      label: 'real',
      source: 'id0_0001',
      split: 'train',
    });
    expect(of('YouTube-real/00011.mp4')).toMatchObject({ label: 'real', split: 'test' });
    expect(() =>
      open({ ...named(['Celeb-real/id0_0001.mp4']), 'List_of_testing_videos.txt': 'yes' }),
    ).toThrow('line 1');
  });

  it('GenImage', () => {
    const { layout, items, of } = open(
      named([
        'Midjourney/imagenet_midjourney/train/ai/0_midjourney_1.png',
        'Midjourney/imagenet_midjourney/train/nature/n01440764_10026.JPEG',
        'BigGAN/imagenet_ai_0419_biggan/val/ai/000_biggan_00010.png',
        'BigGAN/imagenet_ai_0419_biggan/val/nature/ILSVRC2012_val_00000001.JPEG',
      ]),
    );
    expect([layout, items.length]).toEqual(['genimage', 4]);
    expect(of('BigGAN/imagenet_ai_0419_biggan/val/ai/000_biggan_00010.png')).toMatchObject({
      ...{ label: 'fake', generator: 'BigGAN', split: 'val' },
    });
    expect(of('Midjourney/imagenet_midjourney/train/nature/n01440764_10026.JPEG')).toMatchObject({
      ...{ label: 'real', source: 'imagenet n01440764', split: 'train' },
    });
  });

  it('CNNDetection and ForenSynths', () => {
    const { layout, items, of } = open(
      named([
        'train/airplane/0_real/00001.png',
        'train/airplane/1_fake/00002.png',
        'test/cyclegan/apple/1_fake/a.png',
        'test/cyclegan/apple/0_real/b.png',
        'test/deepfake/1_fake/c.png',
      ]),
    );
    expect([layout, items.length]).toEqual(['cnndetection', 5]);
    expect(of('train/airplane/1_fake/00002.png')).toMatchObject({ generator: 'progan', split: 'train' });
    expect(of('test/cyclegan/apple/1_fake/a.png')).toMatchObject({ generator: 'cyclegan', split: 'test' });
    expect(of('test/cyclegan/apple/0_real/b.png').source).toBe('photographs for cyclegan apple');
    const flat = open(named(['stylegan2/0_real/a.png', 'stylegan2/1_fake/b.png']));
    expect([flat.layout, flat.of('stylegan2/1_fake/b.png').generator]).toEqual(['cnndetection', 'stylegan2']);
  });

  it('DeepfakeBench', () => {
    const { layout, items, missing, of } = open({
      ...named(['FaceForensics++/ff/frames/000/1.png', 'rgb/FaceForensics++/df/frames/000_003/1.png']),
      'dataset_json/FF-DF.json': {
        'FaceForensics++': {
          'FF-real': {
            train: {
              c23: { '000': { label: 'FF-real', frames: ['FaceForensics++\\ff\\frames\\000\\1.png'] } },
            },
          },
          'FF-DF': {
            test: {
              c23: {
                '000_003': {
                  label: 'FF-DF',
                  frames: ['FaceForensics++/df/frames/000_003/1.png', 'gone/2.png'],
                },
              },
            },
          },
        },
      },
      'dataset_json/Celeb.json': {
        Celeb: { CelebDFv2_real: { train: { '00': { label: 'r', frames: [] } } } },
      },
    });
    expect([layout, items.length, missing]).toEqual(['deepfakebench', 2, 1]);
    expect(of('FaceForensics++/ff/frames/000/1.png')).toMatchObject({ label: 'real', split: 'train' });
    expect(of('rgb/FaceForensics++/df/frames/000_003/1.png')).toMatchObject({
      ...{ label: 'fake', generator: 'FF-DF', split: 'test', variant: 'c23', source: 'FaceForensics++ 000' },
    });
  });

  it('ASVspoof 2019 and 2021', () => {
    const { layout, items, missing, of } = open({
      ...named(['ASVspoof2019_LA_dev/flac/LA_D_1.flac', 'ASVspoof2019_LA_dev/flac/LA_D_2.flac']),
      ...named(['ASVspoof2021_LA_eval/flac/LA_E_9.flac']),
      'ASVspoof2019_LA_cm_protocols/ASVspoof2019.LA.cm.dev.trl.txt':
        'LA_0069 LA_D_1 - - bonafide\nLA_0069 LA_D_2 - A04 spoof\nLA_0070 LA_D_3 - A04 spoof\n',
      'keys/CM/trial_metadata.txt': 'LA_0009 LA_E_9 alaw ita_tx A07 spoof notrim eval\n',
    });
    expect([layout, items.length, missing]).toEqual(['asvspoof', 3, 1]);
    expect(of('ASVspoof2019_LA_dev/flac/LA_D_2.flac')).toMatchObject({
      ...{ label: 'fake', generator: 'A04', identities: ['LA_0069'], split: 'val', media: 'audio' },
    });
    expect(of('ASVspoof2021_LA_eval/flac/LA_E_9.flac')).toMatchObject({
      ...{ label: 'fake', generator: 'A07', variant: 'alaw', split: 'test' },
    });
  });

  it('IMDL-BenCo', () => {
    const { layout, items, missing, of } = open({
      ...named(['Tp/a.jpg', 'Gt/a.png', 'Au/b.jpg']),
      'CASIA.json': [
        ['./Tp/a.jpg', './Gt/a.png'],
        ['./Au/b.jpg', 'Negative'],
        ['../outside.jpg', 'Negative'],
      ],
    });
    expect([layout, items.length, missing]).toEqual(['imdl', 2, 1]);
    expect(of('Tp/a.jpg')).toMatchObject({ label: 'fake', generator: 'CASIA' });
    expect(of('Tp/a.jpg').mask).toMatch(/Gt.a\.png$/);
    expect(of('Au/b.jpg').label).toBe('real');
  });

  it('plain, with and without groups and parts', () => {
    const { layout, of } = open(
      named(['0_real/a.jpg', '0_real/phone/b.jpg', '1_fake/sdxl/c.png', 'notes.txt']),
    );
    expect(layout).toBe('plain');
    expect(of('0_real/a.jpg').source).toBeUndefined();
    expect(of('0_real/phone/b.jpg').source).toBe('phone');
    expect(of('1_fake/sdxl/c.png')).toMatchObject({ label: 'fake', generator: 'sdxl', source: 'sdxl' });
    const parts = open(named(['test/REAL/a.jpg', 'test/FAKE/b.jpg', 'train/REAL/c.jpg', 'train/FAKE/d.jpg']));
    expect(parts.layout).toBe('plain');
    expect(parts.of('test/FAKE/b.jpg')).toMatchObject({ label: 'fake', split: 'test' });
  });

  it("this project's collection", () => {
    const { layout, items, of } = open({
      ...named([
        'images/real_phone/a.jpg',
        'images/fake_swap/b.jpg',
        'images/fake_swap/c.jpg',
        'images/fake_none/d.jpg',
      ]),
      'images/real_phone/META.json': { label: 'real', generator: null },
      'images/fake_swap/META.json': { generator: 'Some swap' },
      'images/fake_swap/LABELS.csv': 'file,label,original\nb.jpg,FAKE,o.jpg\nc.jpg,FAKE,\n',
    });
    expect([layout, items.length]).toEqual(['collection', 3]);
    expect(of('images/fake_swap/b.jpg')).toMatchObject({ label: 'fake', generator: 'swap', source: 'o.jpg' });
    expect(of('images/fake_swap/c.jpg').source).toBe('c.jpg');
    expect(of('images/real_phone/a.jpg').source).toBe('real_phone');
  });

  it('that nobody knows are refused with the list of those that are', () => {
    expect(() => open({ 'pictures/a.jpg': 'x' })).toThrow(HuoyanError);
    expect(() => openBenchSet(join(base, 'nowhere'))).toThrow('not a folder');
    expect(() =>
      open({ 'splits/train.json': [['1']], ...named(['original_sequences/youtube/raw/videos/1.mp4']) }),
    ).toThrow('pairs of clips');
  });
});

describe('a split', () => {
  const items = fc.array(
    fc.record({
      label: fc.constantFrom('real' as const, 'fake' as const),
      source: fc.option(fc.constantFrom(...'abcdefgh'), { nil: undefined }),
      generator: fc.option(fc.constantFrom(...'xyz'), { nil: undefined }),
      identities: fc.array(fc.constantFrom(...'12345678'), { maxLength: 2 }),
    }),
    { maxLength: 40 },
  );

  it('has nothing on both sides', () => {
    fc.assert(
      fc.property(items, fc.constantFrom('identity', 'source', 'generator'), (list, by) => {
        const whole = list.map((one, i): BenchItem => ({ ...one, key: `${i}`, path: '', media: 'image' }));
        const { of } = splitItems(whole, { by: by as 'identity' });
        expect(of).toEqual(splitItems(whole, { by: by as 'identity' }).of);
        const side = new Map<string, string>();
        whole.forEach((item, i) => {
          const ties =
            by === 'identity'
              ? [...(item.identities ?? []), item.source && `s${item.source}`]
              : by === 'source'
                ? [item.source]
                : [item.generator];
          for (const tie of ties) {
            if (!tie) continue;
            expect(side.get(tie) ?? of[i]).toBe(of[i]);
            side.set(tie, of[i]);
          }
        });
      }),
    );
  });

  it('keeps about the shares it was asked for', () => {
    const many = Array.from(
      { length: 1000 },
      (_, i): BenchItem => ({
        ...{ key: `${i}`, path: '', media: 'image', label: i % 2 ? 'fake' : 'real' },
        source: `${i % 2} ${i % 200}`,
      }),
    );
    const { of, pieces } = splitItems(many, { by: 'source' });
    expect(pieces).toBe(200);
    for (const [part, share] of [
      ['train', 0.7],
      ['val', 0.15],
      ['test', 0.15],
    ] as const)
      expect(of.filter((one) => one === part).length / 1000).toBeCloseTo(share, 1);
  });
});
