import fc from 'fast-check';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { HuoyanError } from '../../core/errors.ts';
import { readImage } from '../../media/image.node.ts';
import { embeddedTexts } from '../embedded.ts';
import * as kit from '../test-carriers.node.ts';
import {
  AIGC_FIELDS,
  type AigcLabel,
  aigcXmpPacket,
  checkLabel,
  formatLabel,
  formatWrappedLabel,
} from './label.ts';
import { type AigcReport, readAigc } from './read.ts';

const LABEL: AigcLabel = {
  Label: '1',
  ContentProducer: '001191110102MACQD9K64010000',
  ProduceID: 'f123-"<&>\'',
};

const SIZE = 16;
const source = () => sharp({ create: { width: SIZE, height: SIZE, channels: 3, background: '#884422' } });
let png: Uint8Array;
let jpeg: Uint8Array;
let webp: Uint8Array;
let gif: Uint8Array;

beforeAll(async () => {
  png = new Uint8Array(await source().png().toBuffer());
  jpeg = new Uint8Array(await source().jpeg().toBuffer());
  webp = new Uint8Array(await source().webp().toBuffer());
  gif = new Uint8Array(await source().gif().toBuffer());
});

async function read(bytes: Uint8Array): Promise<AigcReport> {
  return readAigc(embeddedTexts((await readImage(bytes, 'test')).container));
}

const rules = (report: AigcReport) => report.violations.map((v) => v.rule);

describe('the label in every image carrier', () => {
  const packet = aigcXmpPacket(LABEL);
  const carriers: readonly (readonly [name: string, carrier: string, make: () => Uint8Array])[] = [
    ['JPEG APP1 XMP', 'jpeg:APP1:XMP', () => kit.withJpegSegments(jpeg, kit.jpegXmp(packet))],
    ['PNG iTXt XMP', 'png:iTXt:XMP', () => kit.withPngChunks(png, kit.pngXmp(packet))],
    ['WebP XMP', 'webp:XMP', () => kit.withWebpXmp(webp, SIZE, SIZE, packet)],
    ['GIF XMP', 'gif:application:XMP', () => kit.withGifXmp(gif, packet)],
    ['TIFF 700', 'tiff:700', () => kit.tiffWith(SIZE, SIZE, [kit.tiffXmp(packet)])],
    ['PNG tEXt bare', 'png:tEXt', () => kit.withPngChunks(png, kit.tEXt('AIGC', formatLabel(LABEL)))],
    [
      'PNG tEXt wrapped',
      'png:tEXt',
      () => kit.withPngChunks(png, kit.tEXt('AIGC', formatWrappedLabel(LABEL))),
    ],
    ['PNG zTXt', 'png:zTXt', () => kit.withPngChunks(png, kit.zTXt('AIGC', formatLabel(LABEL)))],
    [
      'JPEG EXIF UserComment',
      'exif:UserComment',
      () =>
        kit.withJpegSegments(
          jpeg,
          kit.jpegExif(kit.exifBlock([], [kit.userComment(formatWrappedLabel(LABEL))])),
        ),
    ],
    [
      'PNG EXIF UserComment',
      'exif:UserComment',
      () =>
        kit.withPngChunks(png, kit.pngExif(kit.exifBlock([], [kit.userComment(formatWrappedLabel(LABEL))]))),
    ],
  ];
  it.each(carriers)('%s', async (_name, carrier, make) => {
    const report = await read(make());
    expect(report.violations).toEqual([]);
    expect(report).toMatchObject({ status: 'compliant', label: '1', producer: LABEL.ContentProducer });
    expect(report.sites).toHaveLength(1);
    expect(report.sites[0].carrier).toBe(carrier);
    expect(report.sites[0].fields?.ProduceID).toBe(LABEL.ProduceID);
  });
});

describe('the four answers', () => {
  it('absent: no label, and JSON that only resembles one', async () => {
    expect((await read(png)).status).toBe('absent');
    const comment = kit.jpegExif(kit.exifBlock([], [kit.userComment('{"Label":"1","Title":"x"}')]));
    expect((await read(kit.withJpegSegments(jpeg, comment))).status).toBe('absent');
  });

  it('unreadable: a label whose content is lost', async () => {
    for (const chunk of [
      kit.tEXt('AIGC', 'nonsense'),
      kit.tEXt('AIGC', ''.padEnd(70_000, 'x')),
      kit.tEXt('AIGC', '[1]'),
      kit.pngXmp(aigcXmpPacket(LABEL).replace('&quot;}', '')),
      kit.pngXmp(aigcXmpPacket(LABEL).slice(0, 320)),
    ]) {
      expect((await read(kit.withPngChunks(png, chunk))).status).toBe('unreadable');
    }
  });

  it('non-compliant: each rule by its name', async () => {
    const complete = JSON.parse(formatLabel(LABEL)) as Record<string, unknown>;
    const cases: readonly (readonly [Record<string, unknown>, string])[] = [
      [{ ...complete, ProduceID: undefined }, 'field-missing'],
      [{ ...complete, ContentProducer: '' }, 'field-empty'],
      [{ ...complete, Label: 1 }, 'field-not-text'],
      [{ ...complete, ContentProducer: 'a b' }, 'characters'],
      [{ ...complete, ContentProducer: '公司' }, 'characters'],
      [{ ...complete, Label: '4' }, 'label-value'],
    ];
    for (const [object, rule] of cases) {
      const report = await read(kit.withPngChunks(png, kit.iTXt('AIGC', JSON.stringify(object))));
      expect(report.status).toBe('nonCompliant');
      expect(rules(report)).toEqual([rule]);
    }
    const foreign = aigcXmpPacket(LABEL).replaceAll(
      'http://www.tc260.org.cn/ns/AIGC/1.0/',
      'http://example.org/',
    );
    expect(rules(await read(kit.withPngChunks(png, kit.pngXmp(foreign))))).toEqual(['namespace']);
  });

  it('two labels are one too many, and worse when they disagree', async () => {
    const packet = kit.pngXmp(aigcXmpPacket(LABEL));
    const twice = await read(kit.withPngChunks(png, packet, packet));
    expect([twice.status, twice.label, rules(twice)]).toEqual(['nonCompliant', '1', ['duplicate-label']]);
    const other = kit.tEXt('AIGC', formatLabel({ ...LABEL, Label: '3' }));
    const report = await read(kit.withPngChunks(png, packet, other));
    expect([report.label, rules(report)]).toEqual(['1', ['duplicate-label', 'labels-disagree']]);
  });

  it('a comment stated both as text and as EXIF tag is one label', async () => {
    const comment = kit.jpegExif(kit.exifBlock([], [kit.userComment(formatWrappedLabel(LABEL))]));
    const { container } = await readImage(kit.withJpegSegments(jpeg, comment), 'x');
    const doubled = { ...container, exif: { ...container.exif, UserComment: formatWrappedLabel(LABEL) } };
    expect(readAigc(embeddedTexts(doubled)).status).toBe('compliant');
  });
});

describe('writing', () => {
  const printable = fc.string({
    unit: fc.integer({ min: 0x21, max: 0x7e }).map((n) => String.fromCharCode(n)),
    minLength: 1,
    maxLength: 60,
  });
  const label = fc.record(
    {
      Label: fc.constantFrom('1', '2', '3'),
      ContentProducer: printable,
      ProduceID: printable,
      ReservedCode1: printable,
      PropagateID: printable,
    },
    { requiredKeys: ['Label', 'ContentProducer', 'ProduceID'] },
  ) as fc.Arbitrary<AigcLabel>;

  it('what is written is read as compliant, in XMP and in text', () => {
    fc.assert(
      fc.property(label, (l) => {
        for (const facts of [
          { xmp: [aigcXmpPacket(l)], text: [] },
          { xmp: [], text: [{ carrier: 'png:tEXt', key: 'AIGC', value: formatWrappedLabel(l) }] },
        ]) {
          const report = readAigc(embeddedTexts({ format: 'png', ...facts } as never));
          expect(report).toMatchObject({ status: 'compliant', label: l.Label });
          expect(report.sites[0].fields?.ContentProducer).toBe(l.ContentProducer);
        }
      }),
    );
  });

  it('refuses a label that would not comply', () => {
    expect(() => formatLabel({ ...LABEL, ContentProducer: '某公司' })).toThrow(HuoyanError);
    expect(() => formatLabel({ ...LABEL, ProduceID: '' })).toThrow(HuoyanError);
    expect(Object.keys(JSON.parse(formatLabel(LABEL)))).toEqual([...AIGC_FIELDS]);
  });

  it('no JSON and no text crashes the reader', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...AIGC_FIELDS, 'AIGC', 'x'), fc.jsonValue({ maxDepth: 2 })),
        (object) => {
          checkLabel(object);
          const value = JSON.stringify(object);
          readAigc(
            embeddedTexts({
              format: 'png',
              xmp: [value],
              text: [{ carrier: 'png:tEXt', key: 'AIGC', value }],
            } as never),
          );
        },
      ),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (value) => {
        readAigc(
          embeddedTexts({
            format: 'jpeg',
            xmp: [`<a xmlns:T="http://www.tc260.org.cn/ns/AIGC/1.0/"><T:AIGC>${value}`],
            text: [{ carrier: 'exif:UserComment', key: 'UserComment', value: `{"AIGC":${value}` }],
          } as never),
        );
      }),
    );
  });
});
