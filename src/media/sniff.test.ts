import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sniff } from './sniff.ts';

const bytes = (text: string, ...tail: number[]) =>
  Uint8Array.from([...Array.from(text, (c) => c.charCodeAt(0)), ...tail, ...new Array(32).fill(0)]);
const ftyp = (major: string, ...brands: string[]) =>
  bytes(`\0\0\0${String.fromCharCode(16 + 4 * brands.length)}ftyp${major}\0\0\0\0${brands.join('')}`);

describe('sniff', () => {
  it.each([
    ['jpeg', bytes('\xff\xd8\xff\xe0')],
    ['png', bytes('\x89PNG\r\n\x1a\n')],
    ['webp', bytes('RIFF\0\0\0\0WEBPVP8 ')],
    ['avif', ftyp('avif', 'mif1', 'miaf')],
    ['avif', ftyp('mif1', 'avif')],
    ['gif', bytes('GIF87a')],
    ['gif', bytes('GIF89a')],
    ['tiff', bytes('II*\0')],
    ['tiff', bytes('MM\0*')],
    ['tiff', bytes('II+\0')],
    ['bmp', bytes('BM\0\0\0\0\0\0\0\0\0\0\0\0', 40, 0, 0, 0)],
  ])('recognises %s', (format, content) => {
    expect(sniff(content)).toMatchObject({ status: 'image', format });
  });

  it.each([
    ['audio', 'wav', bytes('RIFF\0\0\0\0WAVEfmt ')],
    ['audio', 'aiff', bytes('FORM\0\0\0\0AIFFCOMM')],
    ['audio', 'aiff', bytes('FORM\0\0\0\0AIFCFVER')],
    ['audio', 'au', bytes('.snd')],
    ['audio', 'm4a', ftyp('M4A ')],
    ['audio', 'mp3', bytes('ID3')],
    ['audio', 'mp3', bytes('\xff\xfb\x90')],
    ['audio', 'aac', bytes('\xff\xf1\x50')],
    ['audio', 'ogg', bytes('OggS')],
    ['audio', 'flac', bytes('fLaC')],
    ['video', 'mp4', ftyp('isom', 'mp42')],
    ['video', 'mp4', ftyp('3gp4')],
    ['video', 'quicktime', ftyp('qt  ')],
    ['video', 'quicktime', bytes('\0\0\0\0moov')],
    ['video', 'webm', bytes('\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm')],
    ['video', 'matroska', bytes('\x1a\x45\xdf\xa3\xa3B\x86\x81\x01B\x82\x88matroska')],
  ])('recognises %s in %s', (status, format, content) => {
    expect(sniff(content)).toMatchObject({ status, format });
  });

  it.each([
    ['AMR', bytes('#!AMR\n')],
    ['CAF', bytes('caff')],
    ['HEIC', ftyp('heic', 'mif1')],
    ['HEIF', ftyp('mif1')],
    ['CR3', ftyp('crx ')],
    ['CR2', bytes('II*\0\x10\0\0\0CR')],
    ['PDF', bytes('%PDF-1.7')],
    ['SVG', new TextEncoder().encode('<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['HTML', new TextEncoder().encode('<!DOCTYPE html><html></html>')],
    ['text', new TextEncoder().encode('只是文字')],
    ['AVI', bytes('RIFF\0\0\0\0AVI LIST')],
    ['PSD', bytes('8BPS')],
    ['ICO', bytes('\0\0\x01\0')],
    ['ZIP', bytes('PK\x03\x04')],
    ['JPEG XL', bytes('\xff\x0a')],
    ['JPEG 2000', bytes('\0\0\0\x0cjP  ')],
    ['unknown', Uint8Array.of(1, 2, 3, 4, 5, 6, 7)],
  ])('names %s as not supported, in both languages, with a hint', (name, content) => {
    const found = sniff(content);
    expect(found.status).toBe('unsupported');
    if (found.status !== 'unsupported') return;
    expect(`${found.name} ${found.what.en}`).toContain(name);
    expect(found.what.zh.length).toBeGreaterThan(5);
    expect(found.hint.en.length).toBeGreaterThan(5);
    expect(found.hint.zh.length).toBeGreaterThan(3);
  });

  it('never throws, whatever it is given', () => {
    const starts = ['BM', 'RIFF', '\0\0\0\x20ftyp', 'II*\0', '\xff\xfe', ''].map((s) =>
      Array.from(s, (c) => c.charCodeAt(0)),
    );
    fc.assert(
      fc.property(fc.constantFrom(...starts), fc.uint8Array({ maxLength: 64 }), (start, rest) => {
        expect(['image', 'audio', 'video', 'unsupported']).toContain(
          sniff(Uint8Array.from([...start, ...rest])).status,
        );
      }),
      { numRuns: 500 },
    );
  });
});
