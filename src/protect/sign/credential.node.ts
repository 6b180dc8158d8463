/**
 * Signing as an act: the user's certificate and key as they lie on disk, and what the manifest says: how the content came
 * about (IPTC digitalSourceType), what was done, from which original, and which watermark the pixels carry, so that a
 * copy that lost its manifest can be led back to it.
 */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { HuoyanError } from '../../core/errors.ts';
import type { SignatureAlgorithm } from '../../credentials/c2pa/cose.ts';
import type { ManifestDefinition } from '../../credentials/c2pa/engine.node.ts';
import type { SigningIdentity } from '../../credentials/c2pa/identity.node.ts';

/** Codes of IPTC's NewsCodes that say how content came about. */
export const SOURCES = [
  'trainedAlgorithmicMedia',
  'compositeWithTrainedAlgorithmicMedia',
  'algorithmicMedia',
  'digitalCapture',
  'digitalCreation',
] as const;
export type Source = (typeof SOURCES)[number];

const NEWSCODES = 'http://cv.iptc.org/newscodes/digitalsourcetype/';
/** Our own mark's name. It is not on the public list of soft-binding algorithms. */
const SOFT_BINDING = 'org.huoyan.watermark.1';

function unfit(what: { en: string; zh: string }, cause?: unknown): HuoyanError {
  return new HuoyanError(
    'bad-argument',
    what,
    {
      en: 'the certificate file holds PEM certificates, the signer’s own first; the key file its private key in PEM without a passphrase (P-256, P-384 or Ed25519)',
      zh: '证书文件为 PEM 格式，签名者证书在前；密钥文件为其无口令的 PEM 私钥（P-256、P-384 或 Ed25519）',
    },
    { cause },
  );
}

function algorithmOf(key: KeyObject): SignatureAlgorithm {
  if (key.asymmetricKeyType === 'ed25519') return 'ed25519';
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if (curve === 'prime256v1') return 'es256';
  if (curve === 'secp384r1') return 'es384';
  throw unfit({ en: 'this kind of key cannot sign a credential', zh: '该类型的密钥无法用于签署内容凭证' });
}

/** The identity in two PEM texts. Throws HuoyanError `bad-argument` when they are none or do not belong together. */
export function identityFromPem(certificates: string, key: string): SigningIdentity {
  const blocks = certificates.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0)
    throw unfit({ en: 'the certificate file holds no certificate', zh: '证书文件中没有证书' });
  let chain: X509Certificate[];
  let privateKey: KeyObject;
  try {
    chain = blocks.map((block) => new X509Certificate(block));
    privateKey = createPrivateKey(key);
  } catch (cause) {
    throw unfit({ en: 'certificate or key cannot be read', zh: '无法读取证书或密钥' }, cause);
  }
  if (!chain[0].checkPrivateKey(privateKey)) {
    throw unfit({ en: 'the key does not belong to the first certificate', zh: '密钥与首个证书不匹配' });
  }
  // A root belongs on the reader's trust list and not into the file.
  const sent = chain.filter((one, i) => i === 0 || !one.checkIssued(one));
  const root = chain.find((one) => one.checkIssued(one)) ?? chain[chain.length - 1];
  return {
    algorithm: algorithmOf(privateKey),
    privateKey,
    chain: sent.map(({ raw }) => new Uint8Array(raw)),
    rootPem: root.toString(),
  };
}

export interface Story {
  readonly title: string;
  readonly source: Source;
  readonly version: string;
  /** An original is given beside it as ingredient: this file was edited, not created. */
  readonly edited: boolean;
  /** 16 hexadecimal digits: the message of the watermark in the pixels. */
  readonly mark?: string;
}

/** The manifest that tells `story`. */
export function manifestOf({ title, source, version, edited, mark }: Story): ManifestDefinition {
  const agent = { name: 'Huoyan', version };
  const digitalSourceType = `${NEWSCODES}${source}`;
  const actions = [
    { action: edited ? 'c2pa.edited' : 'c2pa.created', digitalSourceType, softwareAgent: agent },
    ...(mark ? [{ action: 'c2pa.watermarked', softwareAgent: agent }] : []),
  ];
  const binding = mark && {
    label: 'c2pa.soft-binding',
    data: { alg: SOFT_BINDING, blocks: [{ scope: {}, value: mark }] },
  };
  return {
    title,
    claim_generator_info: [agent],
    assertions: [{ label: 'c2pa.actions.v2', data: { actions } }, ...(binding ? [binding] : [])],
  };
}
