/**
 * Files out of a request, streamed to where they are kept as they arrive: a form (`multipart/form-data`), or the bytes of
 * one file as the body. Nothing here holds a file in memory, and no name in a request becomes a path.
 */
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import busboy from 'busboy';
import type { Stored } from '../blobs/blobs.ts';
import { badRequest, Problem } from '../problem.ts';

export interface Received<Kept> {
  readonly files: readonly (Kept & { readonly name: string })[];
  /** A name that came several times has all its values. */
  readonly fields: URLSearchParams;
}

export interface ReceiveOptions<Kept> {
  /** Most files in one request. */
  readonly most: number;
  /** Puts one file away. */
  readonly keep: (source: Readable) => Promise<Kept>;
  /** Takes back what was put away when the request fails after all. */
  readonly discard: (kept: Kept) => Promise<void>;
}

/** The files and the other fields of a request. Rejects with Problem or HuoyanError; nothing is kept then. */
export async function receive<Kept extends Stored>(
  incoming: IncomingMessage,
  options: ReceiveOptions<Kept>,
): Promise<Received<Kept>> {
  const type = incoming.headers['content-type'] ?? '';
  if (/^multipart\/form-data\b/i.test(type)) return form(incoming, options);
  if (
    /^application\/json\b|^application\/x-www-form-urlencoded\b|^text\//i.test(type) &&
    !/^text\/csv\b/i.test(type)
  ) {
    throw new Problem(
      415,
      'unsupported-media-type',
      {
        en: `a body of type ${type.slice(0, 80)} holds no file`,
        zh: `类型为 ${type.slice(0, 80)} 的请求体不含文件`,
      },
      {
        en: 'send a form (multipart/form-data), or the bytes of the file as application/octet-stream',
        zh: '请以表单（multipart/form-data）或 application/octet-stream 发送文件内容',
      },
    );
  }
  const kept = await options.keep(incoming);
  return { files: [{ ...kept, name: rawName(incoming) }], fields: new URLSearchParams() };
}

async function form<Kept extends Stored>(
  incoming: IncomingMessage,
  { most, keep, discard }: ReceiveOptions<Kept>,
): Promise<Received<Kept>> {
  const fields = new URLSearchParams();
  const arriving: Promise<Kept & { readonly name: string }>[] = [];
  let failure: unknown = null;
  let parser: busboy.Busboy;
  try {
    parser = busboy({
      headers: incoming.headers,
      defParamCharset: 'utf8',
      limits: { files: most, fields: 40, fieldSize: 16_384, fieldNameSize: 100, headerPairs: 40 },
    });
  } catch (cause) {
    throw malformed(cause);
  }
  const fail = (error: unknown) => {
    failure ??= error;
    parser.destroy(error instanceof Error ? error : new Error(String(error)));
  };
  parser.on('field', (name, value) => fields.append(name, value));
  parser.on('file', (_, stream, { filename }) => {
    const work = keep(stream).then((kept) => ({ ...kept, name: shortName(filename) }));
    arriving.push(work);
    work.catch(fail);
  });
  parser.on('filesLimit', () => fail(tooMany(most)));
  await pipeline(incoming, parser).catch((cause) => {
    failure ??= malformed(cause);
  });
  const settled = await Promise.allSettled(arriving);
  const files = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  if (failure === null && files.length === 0) failure = noFile();
  if (failure === null) return { files, fields };
  for (const file of files) await discard(file);
  throw failure;
}

/** What a raw body is called: `Content-Disposition: …; filename="…"`, or `?name=`. */
function rawName(incoming: IncomingMessage): string {
  const given = new URL(incoming.url ?? '/', 'http://localhost').searchParams.get('name');
  if (given) return shortName(given);
  const header = incoming.headers['content-disposition'] ?? '';
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(header)?.[1];
  try {
    if (encoded) return shortName(decodeURIComponent(encoded));
  } catch {
    // An encoding that is none; the plain form may be well.
  }
  return shortName(/filename="?([^";]+)"?/i.exec(header)?.[1]);
}

/** The last part of a path, of harmless length; `file` where there is none. A label, never a place. */
function shortName(given: string | undefined): string {
  const last = (given ?? '').split(/[\\/]/).at(-1)?.trim() ?? '';
  return Array.from(last).slice(0, 200).join('') || 'file';
}

function malformed(cause: unknown): Problem {
  return badRequest(
    { en: 'the form is malformed or was cut off', zh: '表单格式错误或传输中断' },
    { en: 'send it again', zh: '请重新发送' },
    cause,
  );
}

function noFile(): Problem {
  return badRequest(
    { en: 'the form holds no file', zh: '表单中没有文件' },
    {
      en: 'add a part with a file name, for instance: curl -F file=@photo.jpg',
      zh: '请附上文件，例如：curl -F file=@photo.jpg',
    },
  );
}

function tooMany(most: number): Problem {
  return new Problem(
    413,
    'too-many-files',
    { en: `more than ${most} files in one request`, zh: `一次请求的文件超过 ${most} 个` },
    { en: 'send them in several requests', zh: '请分多次请求发送' },
    { members: { limit: most } },
  );
}
