/** The pieces that every published record shares, so that a reader of one knows those of all. */
import { z } from 'zod';

export const probability = z.number().min(0).max(1);

const errorCode = z
  .enum([
    'not-found',
    'permission-denied',
    'not-a-file',
    'empty',
    'too-large',
    'too-many-pixels',
    'unsupported-format',
    'corrupt',
    'timeout',
    'cancelled',
    'model-missing',
    'component-missing',
    'bad-argument',
    'training-diverged',
    'internal',
  ])
  .describe('Stable reason, for programs.');

export const error = z
  .object({
    code: errorCode,
    message: z.string().describe('What happened, in the language of the record.'),
    hint: z.string().describe('What to do about it, in the language of the record.'),
  })
  .describe('Why something could not be done.');

/** What stands first in every record, after its schema. */
export const head = {
  producer: z
    .object({ name: z.literal('huoyan'), version: z.string() })
    .describe('The program that wrote it.'),
  language: z.enum(['en', 'zh']).describe('Language of all sentences in the record.'),
  file: z.string().describe('The file as the user named it; `-` is standard input.'),
};

export const sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .describe('SHA-256 of the file, lower-case hexadecimal.');
