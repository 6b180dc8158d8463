import fc from 'fast-check';
import { expect, it } from 'vitest';
import { HuoyanError } from '../core/errors.ts';
import { readImage } from '../media/image.node.ts';
import { decodePixels, encodePng } from '../media/index.node.ts';
import { aigcXmpPacket } from './aigc/label.ts';
import { withXmp } from './png-xmp.ts';
import { readCredentials } from './read.ts';

const data = Uint8Array.from({ length: 5 * 4 * 3 }, (_, i) => (i * 37) % 256);
const label = { Label: '1', ContentProducer: 'huoyan-zoo', ProduceID: 'a-"<&>-1' } as const;

it('says in both vocabularies that the picture is generated, as our own readers have it', async () => {
  const png = await encodePng({ width: 5, height: 4, data });
  const labelled = withXmp(png, aigcXmpPacket(label, 'trainedAlgorithmicMedia'));
  const media = await readImage(labelled, 'sample.png');
  expect(media.container.warnings).toEqual([]);
  expect((await decodePixels(labelled)).data).toEqual(Uint8Array.from(data));
  const { aigc, iptc } = await readCredentials(media);
  expect(aigc).toMatchObject({ status: 'compliant', label: '1', producer: 'huoyan-zoo' });
  expect(aigc.sites[0]).toMatchObject({ carrier: 'png:iTXt:XMP', fields: { ProduceID: label.ProduceID } });
  expect(iptc.sourceTypes.map((t) => [t.code, t.nature])).toEqual([['trainedAlgorithmicMedia', 'generated']]);
});

it('brings any packet back as it was', async () => {
  const png = await encodePng({ width: 5, height: 4, data });
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: 'grapheme', maxLength: 300 }).filter((s) => s.trim() === s && !s.includes('\0')),
      async (packet) => {
        const { container } = await readImage(withXmp(png, `<a>${packet}</a>`), 'x.png');
        expect(container.xmp).toEqual([`<a>${packet}</a>`]);
      },
    ),
    { numRuns: 30 },
  );
});

it('refuses what is no PNG', () => {
  for (const bytes of [new Uint8Array(0), new Uint8Array(100), new Uint8Array([0x89, 0x50, 0x4e, 0x47])])
    expect(() => withXmp(bytes, '<a/>')).toThrow(HuoyanError);
});
