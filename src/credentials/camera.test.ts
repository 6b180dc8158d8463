import fc from 'fast-check';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ContainerFacts } from '../core/media.ts';
import { readImage } from '../media/image.node.ts';
import { type CameraReport, readCamera } from './camera.ts';
import { embeddedTexts } from './embedded.ts';
import * as kit from './test-carriers.node.ts';
import { XMP_NAMESPACE } from './xmp.ts';

const [W, H] = [48, 32];
let jpeg: Uint8Array;

beforeAll(async () => {
  jpeg = new Uint8Array(
    await sharp({ create: { width: W, height: H, channels: 3, background: '#555' } })
      .jpeg()
      .toBuffer(),
  );
});

type Values = Parameters<typeof kit.exifBlock>[0];
const CAMERA: Values = [
  kit.ascii(0x10f, 'NIKON CORPORATION'),
  kit.ascii(0x110, 'NIKON D750'),
  kit.ascii(0x132, '2023:05:06 10:11:12'),
];
const CAPTURE: Values = [
  kit.rational(0x829a, 1, 125),
  kit.rational(0x829d, 56, 10),
  kit.short(0x8827, 200),
  kit.ascii(0x9003, '2023:05:06 10:11:12'),
  kit.rational(0x920a, 50, 1),
  kit.short(0x9207, 5),
  kit.long(0xa002, W),
  kit.long(0xa003, H),
  kit.ascii(0xa434, '50mm f/1.8'),
];

async function picture(main: Values, exif: Values = []) {
  const block = kit.jpegExif(kit.exifBlock(main, exif));
  return readImage(kit.withJpegSegments(jpeg, block), 'test');
}

const judge = (facts: ContainerFacts, bytes: Uint8Array = new Uint8Array(0)) =>
  readCamera(facts, embeddedTexts(facts), bytes);

/** Reads with tables that look like a camera's own: sharp can only write the IJG's. */
async function read(
  main: Values,
  exif: Values = [],
  more: Partial<ContainerFacts> = {},
): Promise<CameraReport> {
  const { container: facts, bytes } = await picture(main, exif);
  const jpegFacts = facts.jpeg && { ...facts.jpeg, qualityDistance: 4 };
  const all = { ...facts, jpeg: jpegFacts, ...more };
  return judge(all, bytes);
}

const names = (report: CameraReport) => report.facts.map((f) => f.name);
const without = (values: Values, ...tags: readonly number[]) => values.filter((v) => !tags.includes(v.tag));

describe('readCamera', () => {
  it('a full record that fits the file is consistent', async () => {
    const report = await read(CAMERA, CAPTURE);
    expect(report).toMatchObject({ status: 'consistent', make: 'NIKON CORPORATION', model: 'NIKON D750' });
    expect(names(report)).toEqual(['capture-described', 'size-agrees', 'tables-own']);
  });

  it('nothing is nothing', async () => {
    const { container: bare } = await readImage(jpeg, 'x');
    expect(judge(bare)).toEqual({ status: 'none', facts: [] });
  });

  it('tables of a software library betray a later save', async () => {
    const report = judge((await picture(CAMERA, CAPTURE)).container);
    expect([report.status, names(report)]).toEqual([
      'partial',
      ['capture-described', 'size-agrees', 'tables-generic'],
    ]);
  });

  it('sizes, dates, editors and thumbnails that tell of editing', async () => {
    const bigger = [...without(CAPTURE, 0xa002, 0xa003), kit.long(0xa002, 4000), kit.long(0xa003, 3000)];
    expect(names(await read(CAMERA, bigger))).toContain('size-disagrees');
    const later = [...without(CAMERA, 0x132), kit.ascii(0x132, '2024:01:01 00:00:00')];
    expect(names(await read(later, CAPTURE))).toContain('changed-later');
    const edited = await read([...CAMERA, kit.ascii(0x131, 'Adobe Photoshop 25.1')], CAPTURE);
    expect([edited.status, names(edited)]).toEqual(['partial', expect.arrayContaining(['editor-named'])]);
    const thumbnail = (width: number, height: number) =>
      read(CAMERA, CAPTURE, { thumbnail: { width, height, bytes: 1 } });
    expect(names(await thumbnail(240, 160))).toContain('thumbnail-agrees');
    expect(names(await thumbnail(160, 160))).toContain('thumbnail-shape-differs');
    expect(names(await thumbnail(160, 120)).filter((n) => n.startsWith('thumbnail'))).toEqual([]);
  });

  it('what cannot be true is contradictory', async () => {
    for (const [wrong, name] of [
      [kit.rational(0x829a, 99_999, 1), 'exposure-impossible'],
      [kit.rational(0x829d, 999, 1), 'exposure-impossible'],
    ] as const) {
      const report = await read(CAMERA, [...without(CAPTURE, wrong.tag), wrong]);
      expect([report.status, names(report)]).toEqual(['contradictory', expect.arrayContaining([name])]);
    }
    const apex = await read(CAMERA, [...CAPTURE, kit.rational(0x9202, 10, 1)]);
    expect(names(apex)).toContain('aperture-disagrees');
    const right = await read(CAMERA, [
      ...CAPTURE,
      kit.rational(0x9202, 497, 100),
      { ...kit.rational(0x9201, 697, 100), type: 10 },
    ]);
    expect(right.status).toBe('consistent');
  });

  it('traces of a record that is gone', async () => {
    const blank = await read([kit.ascii(0x10f, ' '), kit.ascii(0x110, '  '), kit.short(0x112, 1)]);
    expect([blank.status, names(blank)]).toEqual(['stripped', ['exif-blanked']]);
    const structural = await read([kit.short(0x112, 1), kit.rational(0x11a, 72, 1)]);
    expect([structural.status, names(structural)]).toEqual(['none', ['exif-structural-only']]);
    const xmp = `<a xmlns:r="${XMP_NAMESPACE.rdf}" xmlns:t="${XMP_NAMESPACE.tiff}"><r:Description t:Make="Apple"/></a>`;
    const remembered = await readImage(kit.withJpegSegments(jpeg, kit.jpegXmp(xmp)), 'x');
    expect(names(judge(remembered.container))).toEqual(['xmp-remembers-camera']);
    const layout: ContainerFacts = {
      ...remembered.container,
      xmp: [],
      segments: [{ type: 'DQT', offset: 2, length: 10 }],
      jpeg: { ...remembered.container.jpeg!, qualityDistance: 5, subsampling: '4:2:2' },
    };
    expect(judge(layout)).toMatchObject({
      status: 'stripped',
      facts: [{ name: 'camera-layout-no-exif' }],
    });
    const posted = { ...remembered.container, xmp: [], iptc: { SpecialInstructions: 'FBMD0100' } };
    expect(judge(posted)).toMatchObject({
      status: 'none',
      facts: [{ name: 'platform-meta' }],
    });
  });

  it('takes any EXIF', async () => {
    const base = (await readImage(jpeg, 'x')).container;
    const key = fc.constantFrom(
      'Make',
      'Model',
      'ExposureTime',
      'FNumber',
      'ISO',
      'ApertureValue',
      'ShutterSpeedValue',
      'DateTimeOriginal',
      'ModifyDate',
      'ExifImageWidth',
      'ExifImageHeight',
      'MakerNote',
      'GPSLatitude',
      'Software',
    );
    fc.assert(
      fc.property(
        fc.dictionary(
          key,
          fc.oneof(
            fc.jsonValue({ maxDepth: 1 }),
            fc.double(),
            fc.constantFrom('2020:99:99 00:00:00', '0000:00:00 00:00:00'),
          ),
        ),
        (exif) => {
          const facts = { ...base, exif } as ContainerFacts;
          judge(facts);
        },
      ),
      { numRuns: 300 },
    );
  });
});
