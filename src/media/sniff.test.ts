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
    ['HEIC', ftyp('heic', 'mif1')],
    ['HEIF', ftyp('mif1')],
    ['video (MP4)', ftyp('isom', 'mp42')],
    ['video (QuickTime)', ftyp('qt  ')],
    ['audio (M4A)', ftyp('M4A ')],
    ['CR3', ftyp('crx ')],
    ['CR2', bytes('II*\0\x10\0\0\0CR')],
    ['PDF', bytes('%PDF-1.7')],
    ['SVG', new TextEncoder().encode('<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['HTML', new TextEncoder().encode('<!DOCTYPE html><html></html>')],
    ['text', new TextEncoder().encode('只是文字')],
    ['WAV', bytes('RIFF\0\0\0\0WAVEfmt ')],
    ['AVI', bytes('RIFF\0\0\0\0AVI LIST')],
    ['WebM', bytes('\x1a\x45\xdf\xa3')],
    ['MP3', bytes('ID3')],
    ['Ogg', bytes('OggS')],
    ['FLAC', bytes('fLaC')],
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
        expect(['image', 'unsupported']).toContain(sniff(Uint8Array.from([...start, ...rest])).status);
      }),
      { numRuns: 500 },
    );
  });
});
