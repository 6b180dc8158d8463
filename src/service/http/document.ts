/** A report as a PDF: set by a child process, its SHA-256 a line of the log before anybody has it. */
import { createHash } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import type { Context as Http } from 'hono';
import type { Language } from '../../core/text.ts';
import type { PagedDocument } from '../../report/index.ts';
import type { Context } from '../context.ts';
import { append } from '../log/chain.ts';
import { problems } from './documented.ts';
import type { Env } from './env.ts';

/** Hundreds of files are hundreds of pages. */
const TIMEOUT_MS = 120_000;

export const documentResponses = {
  200: {
    description: 'The document.',
    content: { 'application/pdf': { schema: z.string().openapi({ format: 'binary' }) } },
  },
  ...problems,
} as const;

export interface Made {
  readonly content: PagedDocument;
  readonly created: Date;
  readonly language: Language;
  /** What the log is told: that `actor` had a report made of `subject`. */
  readonly line: { readonly actor: string; readonly action: string; readonly subject: string };
}

export async function documentResponse(
  http: Http<Env>,
  { desk, store }: Pick<Context, 'desk' | 'store'>,
  { content, created, language, line }: Made,
): Promise<Response> {
  const { pdf } = await desk.askFor('document', { content, created }, TIMEOUT_MS);
  const sha256 = createHash('sha256').update(pdf).digest('hex');
  const detail = { sha256, bytes: pdf.length, language };
  await store.transaction((sql) => append(sql, { ...line, detail }));
  return http.body(Uint8Array.from(pdf), 200, {
    'content-type': 'application/pdf',
    'content-disposition': `attachment; filename="huoyan-${line.subject}-${language}.pdf"`,
    'content-security-policy': "default-src 'none'; sandbox",
  });
}
