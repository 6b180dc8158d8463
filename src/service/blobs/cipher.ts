/**
 * Blobs that only their service can read: AES-256-GCM (NIST SP 800-38D), a fresh random 96-bit nonce for each, and the name of
 * the blob as associated data, so that none can be put in the place of another. A file is `HYE1`, nonce, ciphertext, tag.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { appendFile, open, readFile, rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { HuoyanError } from '../../core/errors.ts';

const MAGIC = Buffer.from('HYE1');
const NONCE = 12;
const TAG = 16;
const HEAD = MAGIC.length + NONCE;
const ALGORITHM = 'aes-256-gcm';

export interface Cipher {
  /** Writes `from` encrypted to the new file `to`. */
  seal(name: string, from: string, to: string): Promise<void>;
  /** Writes the sealed `from` in the clear to the new file `to`. Rejects with HuoyanError `corrupt`; nothing is left then. */
  unseal(name: string, from: string, to: string): Promise<void>;
}

/** The key in the file `path`: 32 bytes, or 64 hexadecimal digits. Rejects with HuoyanError `bad-argument`. */
export async function readKey(path: string): Promise<Buffer> {
  const bytes = await readFile(path).catch((cause) => {
    throw noKey(path, cause);
  });
  const text = bytes.toString('latin1').trim();
  if (/^[0-9a-fA-F]{64}$/.test(text)) return Buffer.from(text, 'hex');
  if (bytes.length === 32) return bytes;
  throw noKey(path);
}

function noKey(path: string, cause?: unknown): HuoyanError {
  return new HuoyanError(
    'bad-argument',
    { en: `${path} holds no key for the blobs`, zh: `${path} 中没有可用的文件加密密钥` },
    {
      en: 'it needs 64 hexadecimal digits: openssl rand -hex 32 > FILE, readable for the service alone',
      zh: '需要 64 个十六进制数字：openssl rand -hex 32 > 文件，且仅服务可读',
    },
    { cause },
  );
}

export function cipherOf(key: Buffer): Cipher {
  return {
    async seal(name, from, to) {
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv(ALGORITHM, key, nonce).setAAD(Buffer.from(name));
      const target = createWriteStream(to, { flags: 'wx', mode: 0o600 });
      target.write(Buffer.concat([MAGIC, nonce]));
      await pipeline(createReadStream(from), cipher, target);
      await appendFile(to, cipher.getAuthTag());
      const file = await open(to, 'r+');
      await file.sync();
      await file.close();
    },
    async unseal(name, from, to) {
      try {
        const { size } = await stat(from);
        if (size < HEAD + TAG) throw new Error('too short');
        const file = await open(from, 'r');
        const head = Buffer.alloc(HEAD);
        const tag = Buffer.alloc(TAG);
        await file.read(head, 0, HEAD, 0);
        await file.read(tag, 0, TAG, size - TAG);
        await file.close();
        if (!head.subarray(0, MAGIC.length).equals(MAGIC)) throw new Error('not sealed by this service');
        const decipher = createDecipheriv(ALGORITHM, key, head.subarray(MAGIC.length))
          .setAAD(Buffer.from(name))
          .setAuthTag(tag);
        const target = createWriteStream(to, { flags: 'wx', mode: 0o600 });
        // Nobody sees the file before its tag was checked: `to` has no name yet.
        if (size === HEAD + TAG) await pipeline([new Uint8Array(0)], decipher, target);
        else await pipeline(createReadStream(from, { start: HEAD, end: size - TAG - 1 }), decipher, target);
      } catch (cause) {
        await rm(to, { force: true });
        throw new HuoyanError(
          'corrupt',
          { en: 'a kept file cannot be decrypted', zh: '无法解密所保存的文件' },
          {
            en: 'it was damaged or changed, or the service was started with another --blob-key',
            zh: '文件已损坏或被改动，或服务启动时使用了其他 --blob-key',
          },
          { cause },
        );
      }
    },
  };
}
