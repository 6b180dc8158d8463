import { writeFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expandBraces, matchSegment } from './glob.ts';
import { type ListedFile, listFiles } from './list.node.ts';

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'huoyan-list-'));
  for (const folder of ['b', 'b/deep', '.hidden', 'a [x]'])
    await mkdir(join(root, folder), { recursive: true });
  for (const file of [
    'z.jpg',
    'a.png',
    'b/2.jpg',
    'b/10.jpg',
    'b/deep/c.webp',
    '.hidden/no.jpg',
    '.dot.jpg',
    'a [x]/1.gif',
    '照片.jpg',
  ]) {
    await writeFile(join(root, file), 'x');
  }
  await symlink(join(root, 'b'), join(root, 'loop'));
  await symlink(join(root, 'a.png'), join(root, 'b/link.png'));
});
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});

async function all(inputs: readonly string[], options = {}): Promise<ListedFile[]> {
  const out: ListedFile[] = [];
  for await (const file of listFiles(inputs, options)) out.push(file);
  return out;
}
const names = (files: readonly ListedFile[]) =>
  files.map((file) => (file.status === 'error' ? `${file.error.code}!` : file.path.replace(`${root}/`, '')));
const inRoot = (...paths: string[]) => paths.map((path) => join(root, path));

describe('listFiles', () => {
  it('walks folders in order, without hidden entries and without following links to folders', async () => {
    expect(names(await all([root]))).toEqual([
      'a [x]/1.gif',
      'a.png',
      'b/10.jpg',
      'b/2.jpg',
      'b/deep/c.webp',
      'b/link.png',
      'z.jpg',
      '照片.jpg',
    ]);
  });

  it('expands patterns, braces and double stars', async () => {
    expect(names(await all(inRoot('*.jpg')))).toEqual(['z.jpg', '照片.jpg']);
    expect(names(await all(inRoot('**/*.{jpg,webp}')))).toEqual([
      'z.jpg',
      '照片.jpg',
      'b/10.jpg',
      'b/2.jpg',
      'b/deep/c.webp',
    ]);
    expect(names(await all(inRoot('b/?.jpg')))).toEqual(['b/2.jpg']);
    expect(names(await all(inRoot('b/[0-9][!2-9].jpg')))).toEqual(['b/10.jpg']);
    expect(names(await all(inRoot('.*.jpg')))).toEqual(['.dot.jpg']);
    expect(names(await all(inRoot('{z,a}.*')))).toEqual(['z.jpg', 'a.png']);
  });

  it('takes a name with pattern characters literally when it exists', async () => {
    expect(names(await all(inRoot('a [x]')))).toEqual(['a [x]/1.gif']);
    expect(names(await all(inRoot('a [x]/1.gif')))).toEqual(['a [x]/1.gif']);
  });

  it('gives a typed error for what is missing and goes on', async () => {
    expect(names(await all(inRoot('nope.jpg', 'z.jpg', '*.tiff', 'z.jpg/under')))).toEqual([
      'not-found!',
      'z.jpg',
      'not-found!',
      'not-found!',
    ]);
    expect(names(await all(['']))).toEqual(['not-found!']);
    expect(names(await all(['a\0b']))).toEqual(['not-found!']);
  });

  it('passes standard input on and reads lists of names', async () => {
    expect(await all(['-'])).toEqual([{ status: 'stdin', path: '-' }]);
    const list = join(root, '.list');
    await writeFile(list, `\ufeff${root}/z.jpg\r\n\n# a remark\n${root}/b/*.jpg\n${root}/nope\n`);
    expect(names(await all([], { filesFrom: list }))).toEqual(['z.jpg', 'b/10.jpg', 'b/2.jpg', 'not-found!']);
    const stdin = Readable.from([`${root}/a.png\n`]);
    expect(names(await all([], { filesFrom: '-', stdin }))).toEqual(['a.png']);
    expect(names(await all([], { filesFrom: join(root, 'no-list') }))).toEqual(['not-found!']);
  });

  it.skipIf(process.getuid?.() === 0)(
    'gives a typed error for a folder it may not read (skipped as root)',
    async () => {
      const closed = join(root, 'closed');
      await mkdir(closed);
      await chmod(closed, 0);
      expect(names(await all([closed]))).toEqual(['permission-denied!']);
      await rm(closed, { recursive: true });
    },
  );

  it('walks 10,000 entries quickly and lazily', async () => {
    const many = await mkdtemp(join(tmpdir(), 'huoyan-many-'));
    try {
      for (let i = 0; i < 10_000; i++) writeFileSync(join(many, `${String(i).padStart(5, '0')}.jpg`), '');
      const first = await listFiles([many]).next();
      expect(first.value).toEqual({ status: 'file', path: join(many, '00000.jpg') });
      const found = await all([many]);
      expect(found.length).toBe(10_000);
      expect(found.at(-1)).toEqual({ status: 'file', path: join(many, '09999.jpg') });
    } finally {
      await rm(many, { recursive: true, force: true });
    }
  });
});

describe('matchSegment', () => {
  it('agrees with the same pattern as a regular expression', () => {
    const letter = fc.constantFrom('a', 'b', 'c');
    const part = fc.oneof(letter, fc.constantFrom('*', '?', '[ab]', '[!a]', '**'));
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), fc.array(letter, { maxLength: 10 }), (parts, letters) => {
        const source = parts
          .map((p) => (p.startsWith('*') ? '.*' : p === '?' ? '.' : p.replace('[!', '[^')))
          .join('');
        const name = letters.join('');
        expect(matchSegment(parts.join(''), name)).toBe(new RegExp(`^${source}$`).test(name));
      }),
      { numRuns: 2000 },
    );
  });

  it('is never slow', () => {
    const start = performance.now();
    expect(matchSegment(`${'*a'.repeat(40)}b`, 'a'.repeat(5000))).toBe(false);
    expect(performance.now() - start).toBeLessThan(1000);
  });

  it('expands nested braces', () => {
    expect(expandBraces('a{b,c{d,e}}f').sort()).toEqual(['abf', 'acdf', 'acef']);
    expect(expandBraces('plain{x}')).toEqual(['plain{x}']);
    expect(expandBraces('{a,b}'.repeat(20)).length).toBeLessThanOrEqual(1000);
  });
});
