/** What the descriptions of routes share: every route may answer with a problem, and says so. */
import { z } from '@hono/zod-openapi';
import { problemSchema } from './schemas.ts';

/** An answer of JSON. */
export const json = (description: string, schema: z.ZodType) => ({
  description,
  content: { 'application/json': { schema } },
});

export const problems = {
  default: {
    description: 'What went wrong (RFC 9457).',
    content: { 'application/problem+json': { schema: problemSchema } },
  },
} as const;

/** The body of an upload: a form with files, or the bytes of one. */
export const fileBody = (description: string, several = false) => ({
  description,
  required: true,
  content: {
    'multipart/form-data': {
      schema: several
        ? z.object({ file: z.array(z.string().openapi({ format: 'binary' })) })
        : z.object({ file: z.string().openapi({ format: 'binary' }) }),
    },
    'application/octet-stream': { schema: z.string().openapi({ format: 'binary' }) },
  },
});

export const idParam = z.object({ id: z.string() });
export const languageQuery = z.object({ language: z.enum(['en', 'zh']).optional() });
