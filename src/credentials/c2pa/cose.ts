/**
 * The few bytes of CBOR and COSE that a C2PA claim signature consists of (RFC 8949, RFC 9052, C2PA 2.2 section 13).
 * c2pa-wasm hands its signing callback the claim and expects a whole COSE_Sign1 of exactly the reserved size back;
 * this file builds that, so that signing needs no further library.
 */
import { concatBytes } from '../../core/bytes.ts';
import { HuoyanError } from '../../core/errors.ts';

/** What CBOR may hold here: enough for COSE headers. Numbers are integers. */
export type Cbor = number | string | Uint8Array | null | readonly Cbor[] | CborMap | CborTagged;
export type CborMap = ReadonlyMap<number | string, Cbor>;
export interface CborTagged {
  readonly tag: number;
  readonly value: Cbor;
}

function head(major: number, value: number): Uint8Array {
  const m = major << 5;
  if (value < 24) return Uint8Array.of(m | value);
  if (value < 0x100) return Uint8Array.of(m | 24, value);
  if (value < 0x10000) return Uint8Array.of(m | 25, value >> 8, value & 0xff);
  return Uint8Array.of(
    m | 26,
    (value >>> 24) & 0xff,
    (value >>> 16) & 0xff,
    (value >>> 8) & 0xff,
    value & 0xff,
  );
}

/** CBOR in its deterministic short form; integers must fit 32 bits. */
export function encodeCbor(value: Cbor): Uint8Array {
  if (value === null) return Uint8Array.of(0xf6);
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === 'string') {
    const bytes = new TextEncoder().encode(value);
    return concatBytes([head(3, bytes.length), bytes]);
  }
  if (value instanceof Uint8Array) return concatBytes([head(2, value.length), value]);
  if (value instanceof Map) {
    const pairs = [...value].flatMap(([k, v]) => [encodeCbor(k), encodeCbor(v)]);
    return concatBytes([head(5, value.size), ...pairs]);
  }
  if (Array.isArray(value)) return concatBytes([head(4, value.length), ...value.map(encodeCbor)]);
  const tagged = value as CborTagged;
  return concatBytes([head(6, tagged.tag), encodeCbor(tagged.value)]);
}

/** COSE algorithm numbers of the signature algorithms C2PA allows and Node signs without further help. */
export const COSE_ALGORITHM = { es256: -7, es384: -35, ed25519: -8 } as const;
export type SignatureAlgorithm = keyof typeof COSE_ALGORITHM;

/** COSE header label of a certificate chain (RFC 9360). */
const X5CHAIN = 33;

/** Header with algorithm and certificate chain (DER, leaf first), as it is signed. */
function protectedHeader(algorithm: SignatureAlgorithm, chain: readonly Uint8Array[]): Uint8Array {
  const certificates: Cbor = chain.length === 1 ? chain[0] : [...chain];
  return encodeCbor(
    new Map<number | string, Cbor>([
      [1, COSE_ALGORITHM[algorithm]],
      [X5CHAIN, certificates],
    ]),
  );
}

/**
 * A detached COSE_Sign1 over `claim`, exactly `reservedBytes` long (the rest is filled by the `pad` header, as the C2PA
 * specification prescribes). `sign` gets the Sig_structure and returns the raw signature (r and s side by side for ECDSA).
 * Throws HuoyanError `bad-argument` when the reserved size is too small.
 */
export function coseSign1(
  claim: Uint8Array,
  algorithm: SignatureAlgorithm,
  chain: readonly Uint8Array[],
  reservedBytes: number,
  sign: (toBeSigned: Uint8Array) => Uint8Array,
): Uint8Array {
  const header = protectedHeader(algorithm, chain);
  const signature = sign(encodeCbor(['Signature1', header, new Uint8Array(0), claim]));
  const build = (pads: readonly (readonly [string, number])[]) =>
    encodeCbor({
      tag: 18,
      value: [
        header,
        new Map<string, Cbor>(pads.map(([name, n]) => [name, new Uint8Array(n)] as const)),
        null,
        signature,
      ],
    });
  // The length field of a byte string grows with the string, so a few sizes cannot be met by one pad: then two.
  const bare = build([['pad', 0]]).length;
  for (const first of [0, 1, 2, 3, 4, 5]) {
    const second = first === 0 ? [] : ([['pad2', first]] as const);
    const overhead = build([['pad', 0], ...second]).length;
    for (let n = Math.max(0, reservedBytes - overhead - 8); n <= reservedBytes - overhead; n++) {
      const cose = build([['pad', n], ...second]);
      if (cose.length === reservedBytes) return cose;
    }
  }
  throw new HuoyanError(
    'bad-argument',
    {
      en: `the signature needs at least ${bare} bytes, ${reservedBytes} are reserved`,
      zh: `签名至少需要 ${bare} 字节，仅预留了 ${reservedBytes} 字节`,
    },
    { en: 'reserve more bytes for the signature', zh: '请为签名预留更多字节' },
  );
}
