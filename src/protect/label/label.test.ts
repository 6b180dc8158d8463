import fc from 'fast-check';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { HuoyanError } from '../../core/errors.ts';
import type { RgbImage } from '../../core/image.ts';
import type { AigcLabel } from '../../credentials/aigc/label.ts';
import { formatLabel } from '../../credentials/aigc/label.ts';
import { decodePixels } from '../../media/index.node.ts';
import * as kit from './carriers.test-support.ts';
import { labelHeightPx, withExplicitLabel } from './explicit.ts';
import { CARRIERS, labelsIn, withLabel } from './manifest.ts';
import { checkLabelOf } from './verdict.node.ts';

const LABEL: AigcLabel = {
  Label: '1',
  ContentProducer: '001191110102MACQD9K64010000',
  ProduceID: 'f1(2)\\"<&>',
};

const files = new Map<string, Uint8Array>();

beforeAll(async () => {
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 40 };
  const picture = () =>
    sharp({ create: { width: 33, height: 21, channels: 3, background: '#808080', noise } });
  const exif = { IFD0: { Artist: 'somebody' } };
  files.set('JPEG', new Uint8Array(await picture().jpeg().toBuffer()));
  files.set(
    'JPEG with EXIF and XMP',
    new Uint8Array(await picture().withExif(exif).withXmp(PACKET).jpeg().toBuffer()),
  );
  files.set('PNG', new Uint8Array(await picture().png().toBuffer()));
  files.set('WebP, lossy', new Uint8Array(await picture().webp().toBuffer()));
  files.set('WebP, lossless', new Uint8Array(await picture().webp({ lossless: true }).toBuffer()));
  files.set('WebP with XMP', new Uint8Array(await picture().withXmp(PACKET).webp().toBuffer()));
  files.set('GIF', new Uint8Array(await picture().gif().toBuffer()));
  files.set('TIFF', new Uint8Array(await picture().tiff().toBuffer()));
  files.set('TIFF with XMP', new Uint8Array(await picture().withXmp(PACKET).tiff().toBuffer()));
  files.set('MP4, head first', kit.mp4(true));
  files.set('MP4, head last', kit.mp4(false));
  files.set('MP4 with keys', kit.mp4(true, kit.udtaWithKeys()));
  files.set('MP4 of iTunes', kit.mp4(true, kit.udtaOfItunes()));
  files.set('AVI', kit.avi());
  files.set('WAV', kit.wav());
  files.set('WAV, odd', kit.wav(kit.FRAMES.subarray(1)));
  files.set('MP3 without a tag', kit.mp3Frames);
  files.set('MP3, ID3v2.3', kit.id3(3, 0));
  files.set('MP3, ID3v2.4, padded', kit.id3(4, 900));
  files.set('FLAC', kit.flac(false));
  files.set('FLAC with comments', kit.flac(true));
  files.set('Opus', kit.ogg(null));
  files.set('Vorbis', kit.ogg(3000));
  files.set('Vorbis over two pages', kit.ogg(64_600));
  files.set('PDF', kit.pdf(false));
  files.set('PDF with information', kit.pdf(true));
});

const PACKET = [
  '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">',
  '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:source>kept</dc:source>',
  '</rdf:Description></rdf:RDF></x:xmpmeta>',
].join('');

const NAMES = [
  ...[
    'JPEG',
    'JPEG with EXIF and XMP',
    'PNG',
    'WebP, lossy',
    'WebP, lossless',
    'WebP with XMP',
    'GIF',
    'TIFF',
  ],
  ...['TIFF with XMP', 'MP4, head first', 'MP4, head last', 'MP4 with keys', 'MP4 of iTunes', 'AVI', 'WAV'],
  ...['WAV, odd', 'MP3 without a tag', 'MP3, ID3v2.3', 'MP3, ID3v2.4, padded', 'FLAC', 'FLAC with comments'],
  ...['Opus', 'Vorbis', 'Vorbis over two pages', 'PDF', 'PDF with information'],
];

/** How many of the file's bytes are found again, in order, in the labelled one. */
function keptInOrder(before: Uint8Array, after: Uint8Array): number {
  // Longest common head and tail: what the label did not split is a run of the same bytes.
  let head = 0;
  while (head < before.length && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < before.length - head && before[before.length - 1 - tail] === after[after.length - 1 - tail])
    tail++;
  return head + tail;
}

describe.each(NAMES)('%s', (name) => {
  it('has none, takes one, and says so', async () => {
    const before = files.get(name)!;
    expect((await checkLabelOf(before, name)).verdict).toBe('absent');
    const after = withLabel(before, LABEL);
    const answer = await checkLabelOf(after, name);
    expect(answer).toMatchObject({
      verdict: 'compliant',
      label: '1',
      producer: LABEL.ContentProducer,
      violations: [],
    });
    expect(answer.sites).toHaveLength(1);
    expect(answer.sites[0].fields?.ProduceID).toBe(LABEL.ProduceID);
    expect(() => withLabel(after, LABEL)).toThrow('has a label already');
  });

  it('keeps the coded picture, sound or page, byte for byte', async () => {
    const before = files.get(name)!;
    const after = withLabel(before, LABEL);
    const kept = Buffer.from(after);
    if (name.startsWith('MP4')) expect(kit.framesOf(after)).toEqual(kit.framesOf(before));
    else if (/PDF/.test(name)) expect(kept.subarray(0, before.length)).toEqual(Buffer.from(before));
    else if (/AVI|WAV|MP3|FLAC|Opus/.test(name))
      expect(kept.includes(Buffer.from(kit.FRAMES.subarray(1)))).toBe(true);
    else if (/Vorbis/.test(name)) {
      expect(kept.includes(Buffer.from(kit.FRAMES))).toBe(true);
    } else {
      const [a, b] = await Promise.all([decodePixels(before), decodePixels(after)]);
      expect(b).toEqual(a);
      if (/WebP|TIFF/.test(name)) {
        const coded = before.subarray(30, before.length - (name === 'WebP with XMP' ? PACKET.length + 9 : 0));
        expect(kept.includes(Buffer.from(coded))).toBe(true);
        return;
      }
      // All that changed beside the label are lengths, flags and the packet it went into.
      expect(keptInOrder(before, after)).toBeGreaterThan(before.length - 700);
    }
    if (/Opus|Vorbis/.test(name)) expect(kit.oggIsSound(after)).toBe(true);
    if (/XMP/.test(name)) expect(kept.toString('latin1')).toContain('<dc:source>kept</dc:source>');
    if (/keys/.test(name)) expect(kept.toString('latin1')).toContain('mdtafoo');
  });

  it('cut short or hit by chance, is told as damaged or unreadable, never worse', () => {
    const before = withLabel(files.get(name)!, LABEL);
    const carrier = CARRIERS.find((one) => one.recognises(before))!;
    fc.assert(
      fc.property(fc.nat(before.length), fc.nat(before.length - 1), fc.nat(255), (end, at, byte) => {
        const hurt = before.slice(0, end);
        if (at < end) hurt[at] = byte;
        try {
          carrier.find(hurt);
          labelsIn(hurt);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(HuoyanError);
        }
        try {
          carrier.write(hurt, LABEL);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(HuoyanError);
        }
      }),
      { seed: 1, numRuns: 60 },
    );
  });
});

describe('verdicts', () => {
  it('two labels, a foreign producer code and lost content', async () => {
    const wav = (...values: string[]) =>
      values.reduce((bytes, value) => {
        const data = new TextEncoder().encode(value.length & 1 ? `${value} ` : value);
        const out = new Uint8Array(bytes.length + 8 + data.length);
        out.set(bytes);
        out.set(new TextEncoder().encode('AIGC'), bytes.length);
        new DataView(out.buffer).setUint32(bytes.length + 4, data.length, true);
        out.set(data, bytes.length + 8);
        new DataView(out.buffer).setUint32(4, out.length - 8, true);
        return out;
      }, kit.wav());
    const twice = await checkLabelOf(wav(formatLabel(LABEL), formatLabel(LABEL)), 'x');
    expect(twice.verdict).toBe('non-compliant');
    expect(twice.violations.map((v) => v.clause)).toEqual(['GB 45438-2025 6.1 c)']);
    const foreign = await checkLabelOf(wav(formatLabel(LABEL).replace('0011', '某公司')), 'x');
    expect(foreign.violations.map((v) => [v.rule, v.clause])).toEqual([['characters', 'GB 45438-2025 E']]);
    expect((await checkLabelOf(wav('{"Label":'), 'x')).verdict).toBe('inconclusive');
  });

  it('other files, and labels that would not comply, are refused', async () => {
    await expect(checkLabelOf(new Uint8Array(0), 'x')).rejects.toThrow(HuoyanError);
    await expect(checkLabelOf(new TextEncoder().encode('plain text'), 'x')).rejects.toThrow('carry no label');
    expect(() => withLabel(kit.wav(), { ...LABEL, ProduceID: 'two words' })).toThrow('does not comply');
  });
});

describe('explicit label', () => {
  it.each(['zh', 'en'] as const)(
    '%s: at least a twentieth of the shorter side high, in the corner, nothing else touched',
    (words) => {
      for (const [width, height] of [
        [640, 360],
        [300, 900],
        [60, 40],
      ]) {
        const grey: RgbImage = { width, height, data: new Uint8Array(width * height * 3).fill(128) };
        const out = withExplicitLabel(grey, words);
        const white: number[] = [];
        let changed = 0;
        for (let i = 0; i < width * height; i++) {
          if (out.data[i * 3] > 200) white.push(Math.floor(i / width));
          if (out.data[i * 3] !== 128) changed++;
        }
        expect(labelHeightPx(width, height)).toBeGreaterThanOrEqual(0.05 * Math.min(width, height));
        if (width > 100) {
          expect(Math.max(...white) - Math.min(...white)).toBeGreaterThanOrEqual(
            0.05 * Math.min(width, height) - 1,
          );
        }
        expect(changed).toBeLessThan(0.5 * width * height);
        expect(out.data.subarray(0, width * 3)).toEqual(new Uint8ClampedArray(width * 3).fill(128));
      }
    },
  );
});
