import { generateKeyPairSync } from 'node:crypto';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { createC2paEngine, signC2pa } from '../../credentials/c2pa/engine.node.ts';
import { createIdentity } from '../../credentials/c2pa/identity.node.ts';
import { findManifest } from '../../credentials/c2pa/presence.ts';
import { readC2pa } from '../../credentials/c2pa/report.ts';
import { embeddedTexts } from '../../credentials/embedded.ts';
import { readImage } from '../../media/index.node.ts';
import { identityFromPem, manifestOf } from './credential.node.ts';

const made = createIdentity({ organisation: 'Huoyan Tests', commonName: 'test signer' });
const pem = (der: Uint8Array) =>
  `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString('base64')}\n-----END CERTIFICATE-----\n`;
const CERTIFICATES = made.chain.map(pem).join('') + made.rootPem;
const KEY = made.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;

let picture: Uint8Array;
beforeAll(async () => {
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 40 };
  const image = sharp({ create: { width: 48, height: 32, channels: 3, background: '#808080', noise } });
  picture = new Uint8Array(await image.jpeg().toBuffer());
});

async function examined(bytes: Uint8Array) {
  const { container } = await readImage(bytes, 'test');
  const presence = findManifest(bytes, container, embeddedTexts(container));
  const engine = createC2paEngine({ trustAnchorsPem: made.rootPem });
  const report = await readC2pa(bytes, container.mime, presence, engine);
  if (report.status !== 'read') throw new Error(JSON.stringify(report));
  const reading = await engine.read(bytes, container.mime);
  return { report, store: JSON.stringify('store' in reading ? reading.store : reading) };
}

const story = { title: 'a', version: '1.0', source: 'trainedAlgorithmicMedia', edited: false } as const;

describe('signing with certificate and key from files', () => {
  it('c2pa-rs accepts it, and says how the picture came about and which mark it carries', async () => {
    const manifest = manifestOf({ ...story, mark: '0123456789abcdef' });
    const bytes = await signC2pa(picture, 'image/jpeg', manifest, identityFromPem(CERTIFICATES, KEY));
    const { report, store } = await examined(bytes);
    const { integrity, signature, trust, binding } = report;
    expect([integrity, signature, trust, binding].map((one) => one.result)).toEqual([
      'passed',
      'passed',
      'trusted',
      'passed',
    ]);
    expect(report.sources).toMatchObject([{ code: 'trainedAlgorithmicMedia' }]);
    expect(store).toContain('0123456789abcdef');
    expect(store).toContain('c2pa.watermarked');
  });

  it('the original is an ingredient', async () => {
    const identity = identityFromPem(CERTIFICATES, KEY);
    const first = await signC2pa(
      picture,
      'image/jpeg',
      manifestOf({ ...story, source: 'digitalCapture' }),
      identity,
    );
    const manifest = manifestOf({ ...story, source: 'compositeWithTrainedAlgorithmicMedia', edited: true });
    const parent = { title: 'before', bytes: first, mime: 'image/jpeg' };
    const { report } = await examined(await signC2pa(picture, 'image/jpeg', manifest, identity, parent));
    expect(report.integrity.result).toBe('passed');
    expect(report.ingredients).toMatchObject([
      { title: 'before', relationship: 'parentOf', hasManifest: true },
    ]);
    expect(report.sources.map(({ code }) => code)).toContain('compositeWithTrainedAlgorithmicMedia');
  });

  it('what does not fit is refused', () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey;
    const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
    const text = (key: typeof other) => key.export({ type: 'pkcs8', format: 'pem' }) as string;
    expect(() => identityFromPem('', KEY)).toThrow('no certificate');
    expect(() => identityFromPem(CERTIFICATES, 'nonsense')).toThrow('cannot be read');
    expect(() => identityFromPem(CERTIFICATES, text(other))).toThrow('does not belong');
    expect(() => identityFromPem(CERTIFICATES, text(rsa))).toThrow('does not belong');
  });
});
