/** `huoyan protect sign`: a content credential (C2PA) under the user's own certificate. */
import { basename } from 'node:path';
import { createC2paEngine, signC2pa } from '../../credentials/c2pa/engine.node.ts';
import { readBytes, readImage } from '../../media/index.node.ts';
import { identityFromPem, manifestOf, type Source } from '../../protect/sign/credential.node.ts';
import { bitsOfHex, hexOfBits } from '../../protect/watermark/payload.ts';
import { PRODUCER } from '../../report/producer.ts';
import type { Console } from '../console.ts';
import { EXIT } from '../exit.ts';
import { writeBytes } from '../write-bytes.ts';

export interface SignFlags {
  readonly out: string;
  readonly cert: string;
  readonly key: string;
  readonly source: Source;
  /** The file this one was made from. */
  readonly original?: string;
  /** Message of the watermark in the pixels. */
  readonly mark?: string;
  readonly title?: string;
}

const PEM_LIMIT = { maxBytes: 1 << 20 };

/** Writes the signed copy of a picture and returns the exit code. */
export async function sign(path: string, flags: SignFlags, io: Console): Promise<number> {
  const text = async (file: string) => new TextDecoder().decode(await readBytes(file, PEM_LIMIT));
  const identity = identityFromPem(await text(flags.cert), await text(flags.key));
  const bytes = await readBytes(path);
  const { container } = await readImage(bytes, path);
  const parent = flags.original === undefined ? undefined : await ingredient(flags.original);
  const manifest = manifestOf({
    title: flags.title ?? basename(flags.out),
    source: flags.source,
    version: PRODUCER.version,
    edited: parent !== undefined,
    ...(flags.mark !== undefined && { mark: hexOfBits(bitsOfHex(flags.mark)) }),
  });
  const signed = await signC2pa(bytes, container.mime, manifest, identity, parent);
  const checked = await createC2paEngine({ trustAnchorsPem: identity.rootPem }).read(signed, container.mime);
  if ('problem' in checked) throw new Error(`the signed file is not read back: ${checked.problem}`);
  await writeBytes(flags.out, signed);
  io.note({
    en: `signed: ${flags.out}; readers trust it once your root certificate is on their list`,
    zh: `已签名：${flags.out}；读取方将您的根证书列入信任列表后方视为可信`,
  });
  return EXIT.ok;
}

async function ingredient(path: string) {
  const bytes = await readBytes(path);
  const { container } = await readImage(bytes, path);
  return { title: basename(path), bytes, mime: container.mime };
}
