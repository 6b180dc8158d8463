/**
 * Signing identities for C2PA: a small X.509 issuer (RFC 5280, in DER) on top of node:crypto, which can sign but cannot
 * issue certificates. Whoever runs Huoyan can thus sign their own files without OpenSSL; such an identity is on nobody's
 * trust list, and every reader rightly reports it as untrusted until its root is added there.
 */
import {
  createHash,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  X509Certificate,
} from 'node:crypto';
import { concatBytes } from '../../core/bytes.ts';
import { coseSign1, type SignatureAlgorithm } from './cose.ts';

/** A key with its certificate chain, leaf first, and the root to put on a trust list. */
export interface SigningIdentity {
  readonly algorithm: SignatureAlgorithm;
  readonly privateKey: KeyObject;
  /** DER, leaf first; the root itself is not part of the chain. */
  readonly chain: readonly Uint8Array[];
  readonly rootPem: string;
}

export interface IdentityOptions {
  readonly organisation: string;
  readonly commonName: string;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

/** DER: one value with its tag and length. */
function der(tag: number, ...content: readonly Uint8Array[]): Uint8Array {
  const body = concatBytes(content);
  const n = body.length;
  const length =
    n < 0x80
      ? [n]
      : n < 0x100
        ? [0x81, n]
        : n < 0x10000
          ? [0x82, n >> 8, n & 0xff]
          : [0x83, n >> 16, (n >> 8) & 0xff, n & 0xff];
  return concatBytes([Uint8Array.of(tag, ...length), body]);
}

const sequence = (...content: readonly Uint8Array[]) => der(0x30, ...content);
const bool = (value: boolean) => der(0x01, Uint8Array.of(value ? 0xff : 0));
const octets = (content: Uint8Array) => der(0x04, content);
const bits = (content: Uint8Array, unused = 0) => der(0x03, Uint8Array.of(unused), content);
const text = (value: string) => der(0x0c, new TextEncoder().encode(value));

function integer(bytes: Uint8Array): Uint8Array {
  return der(0x02, bytes[0] & 0x80 ? concatBytes([Uint8Array.of(0), bytes]) : bytes);
}

function objectId(dotted: string): Uint8Array {
  const [a, b, ...rest] = dotted.split('.').map(Number);
  const out = [a * 40 + b];
  for (const part of rest) {
    const digits = [part & 0x7f];
    for (let n = Math.floor(part / 128); n > 0; n = Math.floor(n / 128)) digits.unshift((n & 0x7f) | 0x80);
    out.push(...digits);
  }
  return der(0x06, Uint8Array.from(out));
}

/** UTCTime up to 2049, GeneralizedTime after, as RFC 5280 asks. */
function time(date: Date): Uint8Array {
  const stamp = date.toISOString().replace(/[-:T]|\.\d+/g, '');
  const utc = date.getUTCFullYear() < 2050;
  return der(utc ? 0x17 : 0x18, new TextEncoder().encode(utc ? stamp.slice(2) : stamp));
}

function name(organisation: string, commonName: string): Uint8Array {
  const attribute = (oid: string, value: string) => der(0x31, sequence(objectId(oid), text(value)));
  return sequence(attribute('2.5.4.10', organisation), attribute('2.5.4.3', commonName));
}

function extension(oid: string, critical: boolean, value: Uint8Array): Uint8Array {
  return sequence(objectId(oid), ...(critical ? [bool(true)] : []), octets(value));
}

/** SHA-1 of the public key bits: the customary key identifier (RFC 5280, 4.2.1.2). */
function keyId(spki: Uint8Array): Uint8Array {
  // the BIT STRING is the last element of a P-256 SubjectPublicKeyInfo: 65 bytes of uncompressed point
  return createHash('sha1')
    .update(spki.subarray(spki.length - 65))
    .digest();
}

interface CertificatePlan {
  readonly subject: Uint8Array;
  readonly issuer: Uint8Array;
  readonly spki: Uint8Array;
  readonly issuerSpki: Uint8Array;
  readonly issuerKey: KeyObject;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly authority: boolean;
}

function issue(plan: CertificatePlan): Uint8Array {
  const ecdsaWithSha256 = sequence(objectId('1.2.840.10045.4.3.2'));
  const extensions = [
    extension('2.5.29.19', true, plan.authority ? sequence(bool(true)) : sequence()),
    // keyCertSign and cRLSign for the authority, digitalSignature for the signer
    extension(
      '2.5.29.15',
      true,
      plan.authority ? bits(Uint8Array.of(0x06), 1) : bits(Uint8Array.of(0x80), 7),
    ),
    extension('2.5.29.14', false, octets(keyId(plan.spki))),
    extension('2.5.29.35', false, sequence(der(0x80, keyId(plan.issuerSpki)))),
    // emailProtection: the usage every C2PA validator accepts for claim signing
    ...(plan.authority ? [] : [extension('2.5.29.37', true, sequence(objectId('1.3.6.1.5.5.7.3.4')))]),
  ];
  const toBeSigned = sequence(
    der(0xa0, integer(Uint8Array.of(2))),
    integer(concatBytes([Uint8Array.of(0x2a), randomBytes(15)])),
    ecdsaWithSha256,
    plan.issuer,
    sequence(time(plan.notBefore), time(plan.notAfter)),
    plan.subject,
    plan.spki,
    der(0xa3, sequence(...extensions)),
  );
  const signature = sign('sha256', toBeSigned, plan.issuerKey);
  return sequence(toBeSigned, ecdsaWithSha256, bits(signature));
}

/** A fresh root and a signing certificate under it (both P-256), valid for a year from yesterday unless told otherwise. */
export function createIdentity(options: IdentityOptions): SigningIdentity {
  const day = 86_400_000;
  const notBefore = options.notBefore ?? new Date(Date.now() - day);
  const notAfter = options.notAfter ?? new Date(notBefore.getTime() + 365 * day);
  const root = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const leaf = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const rootName = name(options.organisation, `${options.organisation} root`);
  const rootSpki = root.publicKey.export({ type: 'spki', format: 'der' });
  const common = { issuer: rootName, issuerSpki: rootSpki, issuerKey: root.privateKey, notBefore, notAfter };
  const rootDer = issue({ ...common, subject: rootName, spki: rootSpki, authority: true });
  const leafDer = issue({
    ...common,
    subject: name(options.organisation, options.commonName),
    spki: leaf.publicKey.export({ type: 'spki', format: 'der' }),
    authority: false,
  });
  return {
    algorithm: 'es256',
    privateKey: leaf.privateKey,
    chain: [leafDer],
    rootPem: new X509Certificate(rootDer).toString(),
  };
}

/** Signs a C2PA claim: a COSE_Sign1 of exactly `reservedBytes`. */
export function signClaim(identity: SigningIdentity, claim: Uint8Array, reservedBytes: number): Uint8Array {
  return coseSign1(claim, identity.algorithm, identity.chain, reservedBytes, (bytes) =>
    identity.algorithm === 'ed25519'
      ? sign(null, bytes, identity.privateKey)
      : sign(identity.algorithm === 'es384' ? 'sha384' : 'sha256', bytes, {
          key: identity.privateKey,
          dsaEncoding: 'ieee-p1363',
        }),
  );
}
