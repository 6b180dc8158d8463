import { X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { readImage } from '../../media/image.node.ts';
import { embeddedTexts } from '../embedded.ts';
import { coseSign1, encodeCbor } from './cose.ts';
import { createC2paEngine, type ManifestDefinition, signC2pa } from './engine.node.ts';
import { createIdentity, type SigningIdentity } from './identity.node.ts';
import { findManifest } from './presence.ts';
import { type C2paRead, type C2paReport, interpretStore, readC2pa } from './report.ts';

const TRAINED = 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia';
const CAPTURE = 'http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture';

const manifest = (action: string, digitalSourceType: string): ManifestDefinition => ({
  title: 'a picture',
  claim_generator_info: [{ name: 'huoyan-test', version: '1.0' }],
  assertions: [
    {
      label: 'c2pa.actions.v2',
      data: { actions: [{ action, digitalSourceType, softwareAgent: { name: 'Painter' } }] },
    },
  ],
});
const GENERATED = manifest('c2pa.created', TRAINED);

const FORMATS = [
  ['jpeg', 'image/jpeg', 'jpeg:APP11'],
  ['png', 'image/png', 'png:caBX'],
  ['webp', 'image/webp', 'webp:C2PA'],
  ['gif', 'image/gif', 'gif:C2PA_GIF'],
  ['tiff', 'image/tiff', 'tiff:52545'],
  ['avif', 'image/avif', 'avif:uuid'],
] as const;

let identity: SigningIdentity;
const plain = new Map<string, Uint8Array>();
const signed = new Map<string, Uint8Array>();

/** Noise, so that the compressed picture is long enough to be hit by a flipped bit. */
async function picture(format: (typeof FORMATS)[number][0]): Promise<Uint8Array> {
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 40 };
  const image = sharp({ create: { width: 64, height: 48, channels: 3, background: '#808080', noise } });
  return new Uint8Array(await image.toFormat(format).toBuffer());
}

beforeAll(async () => {
  identity = createIdentity({ organisation: 'Huoyan Tests', commonName: 'test signer' });
  for (const [format, mime] of FORMATS) {
    const bytes = await picture(format);
    plain.set(format, bytes);
    signed.set(format, await signC2pa(bytes, mime, GENERATED, identity));
  }
});

async function report(bytes: Uint8Array, trustAnchorsPem?: string): Promise<C2paReport> {
  const { container } = await readImage(bytes, 'test');
  const presence = findManifest(bytes, container, embeddedTexts(container));
  return readC2pa(bytes, container.mime, presence, createC2paEngine({ trustAnchorsPem }));
}

async function examined(bytes: Uint8Array, trustAnchorsPem?: string): Promise<C2paRead> {
  const found = await report(bytes, trustAnchorsPem);
  if (found.status !== 'read') throw new Error(JSON.stringify(found));
  return found;
}

const answers = (r: C2paRead) => [r.integrity.result, r.signature.result, r.trust.result, r.binding.result];

describe.each(FORMATS)('%s', (format, _mime, carrier) => {
  it('has no manifest before signing', async () => {
    expect(await report(plain.get(format)!)).toEqual({ status: 'absent' });
  });

  it('is read after signing, with the four answers apart', async () => {
    const untold = await examined(signed.get(format)!);
    expect(untold.carriers).toEqual([carrier]);
    expect(answers(untold)).toEqual(['passed', 'passed', 'noTrustList', 'passed']);
    expect(untold).toMatchObject({
      signer: { organisation: 'Huoyan Tests', name: 'test signer' },
      title: 'a picture',
      actions: [{ action: 'c2pa.created', softwareAgent: 'Painter' }],
      sources: [{ code: 'trainedAlgorithmicMedia', nature: 'generated', of: 'active' }],
    });
    expect(untold.claimGenerator).toContain('huoyan-test 1.0');
    expect(answers(await examined(signed.get(format)!, identity.rootPem))[2]).toBe('trusted');
    const stranger = createIdentity({ organisation: 'Somebody else', commonName: 'x' });
    expect(answers(await examined(signed.get(format)!, stranger.rootPem))[2]).toBe('untrusted');
  });
});

/** The index of the last byte of the compressed picture that may be flipped without losing the container. */
async function pictureByte(bytes: Uint8Array, type: string): Promise<number> {
  const { container } = await readImage(bytes, 'test');
  const segment = container.segments.findLast((s) => s.type === type)!;
  return segment.offset + Math.floor(segment.length * 0.8);
}

describe('tampering', () => {
  it.each([
    ['jpeg', 'SOS'],
    ['webp', 'VP8 '],
    ['gif', 'Image'],
    ['avif', 'mdat'],
  ] as const)(
    'one flipped bit of the picture breaks the content binding and nothing else (%s)',
    async (format, type) => {
      const bytes = signed.get(format)!.slice();
      bytes[await pictureByte(bytes, type)] ^= 1;
      const mime = `image/${format}`;
      const reading = await createC2paEngine({ trustAnchorsPem: identity.rootPem }).read(bytes, mime);
      const found = interpretStore('store' in reading && reading.store, [], true) as C2paRead;
      expect(answers(found)).toEqual(['passed', 'passed', 'trusted', 'failed']);
      expect(found.binding.codes[0]).toMatch(/mismatch$/);
    },
  );

  it('one changed letter of an assertion breaks its integrity', async () => {
    const bytes = signed.get('png')!.slice();
    const at = Buffer.from(bytes).indexOf('Painter');
    bytes[at] ^= 1;
    const found = await examined(bytes);
    expect(found.integrity).toEqual({ result: 'failed', codes: ['assertion.hashedURI.mismatch'] });
    expect(found.binding.result).not.toBe('failed');
  });

  it('a changed claim breaks the signature', async () => {
    const bytes = signed.get('png')!.slice();
    const at = Buffer.from(bytes).indexOf('a picture');
    bytes[at] ^= 1;
    expect((await examined(bytes)).signature.result).toBe('failed');
  });

  it('a manifest moved to another picture does not match it', async () => {
    const other = await picture('jpeg');
    const from = (await readImage(signed.get('jpeg')!, 'x')).container.segments.filter((s) =>
      s.type.startsWith('APP11'),
    );
    const store = from.map((s) => signed.get('jpeg')!.subarray(s.offset, s.offset + s.length));
    const moved = new Uint8Array(Buffer.concat([other.subarray(0, 2), ...store, other.subarray(2)]));
    expect(answers(await examined(moved))).toEqual(['passed', 'passed', 'noTrustList', 'failed']);
  });

  it('a cut or scrambled store is unreadable or failed, never valid and never an exception', async () => {
    const engine = createC2paEngine();
    const whole = signed.get('png')!;
    const at = (await readImage(whole, 'x')).container.segments.find((s) => s.type === 'caBX')!;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(at.length - 13), fc.integer({ min: 1, max: 255 })), {
          minLength: 1,
          maxLength: 8,
        }),
        async (flips) => {
          const bytes = whole.slice();
          for (const [n, x] of flips) bytes[at.offset + 8 + n] ^= x;
          if (Buffer.from(bytes).equals(Buffer.from(whole))) return;
          const found = await readC2pa(bytes, 'image/png', { carriers: ['png:caBX'] }, engine);
          if (found.status !== 'read') return;
          // what was hit may be padding that nothing vouches for; then all is as before
          const same = JSON.stringify(found) === JSON.stringify(await examined(whole));
          expect(
            same ||
              answers(found).some((a) => a === 'failed' || a === 'unknown') ||
              found.otherFailures.length > 0,
          ).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
    for (const share of [0.1, 0.5, 0.9]) {
      const found = await readC2pa(
        whole.slice(0, at.offset + at.length * share),
        'image/png',
        { carriers: ['png:caBX'] },
        engine,
      );
      expect(found.status).toBe('unreadable');
    }
    expect(answers(await examined(whole))).toEqual(['passed', 'passed', 'noTrustList', 'passed']);
  });
});

describe('the story', () => {
  it('a generated picture re-saved by another program keeps its origin as parent', async () => {
    const parent = { title: 'before', bytes: signed.get('jpeg')!, mime: 'image/jpeg' };
    // the library adds the opened action for the parent itself
    const opened = { title: 'after', claim_generator_info: [{ name: 'editor' }], assertions: [] };
    const bytes = await signC2pa(plain.get('png')!, 'image/png', opened, identity, parent);
    const found = await examined(bytes);
    expect(found.manifests).toBe(2);
    expect(found.ingredients).toMatchObject([
      { title: 'before', relationship: 'parentOf', hasManifest: true },
    ]);
    expect(found.sources).toMatchObject([{ code: 'trainedAlgorithmicMedia', of: 'parent' }]);
  });

  it('a capture is told from a generation', async () => {
    const bytes = await signC2pa(
      plain.get('webp')!,
      'image/webp',
      manifest('c2pa.created', CAPTURE),
      identity,
    );
    expect((await examined(bytes)).sources).toMatchObject([{ nature: 'captured' }]);
  });

  it('an expired certificate is a lapsed credential, not a broken signature', async () => {
    const [notBefore, notAfter] = [new Date('2020-01-01'), new Date('2021-01-01')];
    const old = createIdentity({ organisation: 'Old', commonName: 'x', notBefore, notAfter });
    const found = await examined(
      await signC2pa(plain.get('jpeg')!, 'image/jpeg', GENERATED, old),
      old.rootPem,
    );
    expect(found.credential).toEqual({ result: 'failed', codes: ['signingCredential.expired'] });
    expect(answers(found)).toEqual(['passed', 'passed', 'untrusted', 'passed']);
  });

  it('without an engine the manifest is found but not examined; an engine that fails to load says nothing', async () => {
    const presence = { carriers: ['png:caBX'] };
    expect(await readC2pa(new Uint8Array(8), 'image/png', presence, undefined)).toEqual({
      status: 'notExamined',
      ...presence,
    });
    const broken = { hasTrustList: false, read: () => Promise.reject(new Error('no library')) };
    const found = await readC2pa(new Uint8Array(8), 'image/png', presence, broken);
    expect(found).toEqual({ status: 'notExamined', ...presence, problem: 'no library' });
  });

  it('reads any JSON as a store without an exception', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
        interpretStore(value, [], false);
        interpretStore(
          { active_manifest: 'a', manifests: { a: value }, validation_results: value },
          [],
          true,
        );
      }),
    );
    const loop = { ingredients: [{ active_manifest: 'a', relationship: 'parentOf' }] };
    expect(interpretStore({ active_manifest: 'a', manifests: { a: loop } }, [], false).status).toBe('read');
  });
});

describe('signing', () => {
  it('issues certificates that verify under their root', () => {
    const [leaf, root] = [new X509Certificate(identity.chain[0]), new X509Certificate(identity.rootPem)];
    expect(leaf.verify(root.publicKey)).toBe(true);
    expect(root.verify(root.publicKey)).toBe(true);
    expect([leaf.ca, root.ca]).toEqual([false, true]);
    expect(leaf.checkIssued(root)).toBe(true);
  });

  it('fills exactly the reserved size, whatever it is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 200, max: 70_000 }), (reserved) => {
        const cose = coseSign1(
          new Uint8Array(10),
          'es256',
          [new Uint8Array(40)],
          reserved,
          () => new Uint8Array(64),
        );
        expect(cose.length).toBe(reserved);
        expect(cose[0]).toBe(0xd2);
      }),
      { numRuns: 30 },
    );
    expect(() =>
      coseSign1(new Uint8Array(1), 'es256', [new Uint8Array(40)], 50, () => new Uint8Array(64)),
    ).toThrow(/needs at least/);
  });

  it('encodes CBOR as RFC 8949 appendix A does', () => {
    const hex = (value: Parameters<typeof encodeCbor>[0]) => Buffer.from(encodeCbor(value)).toString('hex');
    expect([0, 23, 24, 1000, 1_000_000, -1, -100, -1000].map(hex)).toEqual([
      '00',
      '17',
      '1818',
      '1903e8',
      '1a000f4240',
      '20',
      '3863',
      '3903e7',
    ]);
    expect(hex(['a', null, new Map([['b', 1]]), Uint8Array.of(1, 2)])).toBe('846161f6a16162014201' + '02');
  });

  it('refuses what cannot carry a manifest with a typed error', async () => {
    await expect(signC2pa(new Uint8Array(20), 'image/png', GENERATED, identity)).rejects.toMatchObject({
      code: 'bad-argument',
    });
  });
});
