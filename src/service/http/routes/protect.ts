/**
 * `/v1/protect`: invisible marks and labels put into files and read from them, and portraits cloaked. Nothing is stored; the
 * key of a mark is a field of a form, never part of an address, so that no log has it.
 */
import { type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context as Http } from 'hono';
import { type CloakRecord, failures } from '../../../protect/cloak/record.ts';
import { THREATS } from '../../../protect/cloak/threats.ts';
import { hexOfPayload } from '../../../protect/watermark/payload.ts';
import type { Context } from '../../context.ts';
import type { Given, TaskName, Tasks } from '../../work/tasks.ts';
import { parsed } from '../asked.ts';
import { json, languageQuery, problems } from '../documented.ts';
import { type Env, languageOf } from '../env.ts';
import { need } from '../guard.ts';
import { withLent } from '../lent.ts';
import type { DeskDoor } from '../limits.ts';
import { cloakAnswerSchema, labelAnswerSchema, markReadingSchema, STRENGTH_NAMES } from '../schemas.ts';

/** The search for a photographed mark takes seconds on an ordinary core, that for a cloak ten and more. */
const TIMEOUT_MS = 120_000;

const file = z.string().openapi({ format: 'binary' });
const key = z.string().min(1).max(1024).openapi({ description: 'Secret phrase of the mark.' });
const format = z.enum(['png', 'jpeg', 'webp']).default('png');
const code = z.coerce.number().int().min(0).max(65_535);

const markFields = z.object({
  key,
  message: z
    .string()
    .regex(/^[0-9a-fA-F]{1,16}$/)
    .optional()
    .openapi({ description: '1 to 16 hexadecimal digits; or else place and device, with the time.' }),
  place: code.optional(),
  device: code.optional(),
  time: z.iso.datetime({ offset: true }).optional().openapi({ description: 'Default: now.' }),
  format,
});
const cloakFields = z.object({
  threat: z
    .string()
    .transform((list) => list.split(',').map((threat) => threat.trim()))
    .pipe(z.array(z.enum(THREATS)))
    .default([])
    .openapi({
      type: 'array',
      items: { type: 'string', enum: [...THREATS] },
      description: 'What to cloak against, repeated or separated by commas. Default: identity.',
      default: undefined,
    }),
  strength: z
    .enum(STRENGTH_NAMES)
    .default('strong')
    .openapi({ description: 'Least PSNR of the picture: 42, 40 or 38 dB.' }),
  quick: z
    .stringbool()
    .default(false)
    .openapi({ type: 'boolean', description: 'Sooner done, and holding less.' }),
  format,
});
const readFields = z.object({
  key,
  fast: z.stringbool().optional().openapi({
    type: 'boolean',
    description: 'Without the search for marks photographed from a screen.',
  }),
});
const text = z.string().min(1).max(200);
const labelFields = z.object({
  producer: text.openapi({ description: 'ContentProducer: code of the generating service.' }),
  id: text.openapi({ description: 'ProduceID: number of this piece of content.' }),
  label: z
    .enum(['1', '2', '3'])
    .default('1')
    .openapi({ description: '1 is, 2 may be, 3 is suspected to be generated.' }),
  propagator: text.optional(),
  propagateId: text.optional(),
});

const formBody = (description: string, fields: z.ZodObject) => ({
  description,
  required: true,
  content: { 'multipart/form-data': { schema: fields.extend({ file }) } },
});
const bytesAnswer = (description: string) => ({
  description,
  content: { 'application/octet-stream': { schema: file } },
});

const MIME = { png: 'image/png', jpeg: 'image/jpeg', webp: 'image/webp' } as const;

export function protectRoutes(app: OpenAPIHono<Env>, context: Context, door: DeskDoor): void {
  const { desk, studio } = context;

  /** The one file of a form and its other fields, for as long as `work` takes. */
  async function withForm<Fields>(
    http: Http<Env>,
    schema: z.ZodType<Fields>,
    work: (given: Given, fields: Fields) => Promise<Response>,
  ): Promise<Response> {
    const caller = need(http, 'analyst');
    return withLent(http, { context, door, caller, most: 1 }, ({ files: [{ name, path }], fields }) =>
      work({ name, path }, parsed(schema, said(fields))),
    );
  }

  const ask = <Name extends TaskName>(task: Name, takes: Tasks[Name]['takes']) =>
    desk.askFor(task, takes, TIMEOUT_MS);

  app.openAPIRegistry.registerPath({
    method: 'post',
    path: '/v1/protect/watermark',
    summary: 'Put an invisible mark into a picture',
    description:
      '64 bits, to be read back with the same key. `x-huoyan-message` has them, `x-huoyan-psnr` the decibels.',
    request: { query: languageQuery, body: formBody('A picture and what to write', markFields) },
    responses: { 200: bytesAnswer('The marked picture.'), ...problems },
  });
  app.post('/v1/protect/watermark', (http) =>
    withForm(http, markFields, async (given, fields) => {
      const { place = 0, device = 0, time = new Date().toISOString() } = fields;
      const message = fields.message ?? hexOfPayload({ time, place, device });
      const { bytes, psnr } = await ask('mark', {
        file: given,
        key: fields.key,
        message,
        format: fields.format,
      });
      return sent(bytes, MIME[fields.format], renamed(given.name, 'marked', fields.format), {
        'x-huoyan-message': message.toLowerCase().padStart(16, '0'),
        'x-huoyan-psnr': psnr.toFixed(1),
      });
    }),
  );

  app.openAPIRegistry.registerPath({
    method: 'post',
    path: '/v1/protect/watermark/read',
    summary: 'What the mark of a picture says',
    request: { query: languageQuery, body: formBody('A picture and the key', readFields) },
    responses: { 200: json('What was read; that nothing was is an answer.', markReadingSchema), ...problems },
  });
  app.post('/v1/protect/watermark/read', (http) =>
    withForm(http, readFields, async (given, { key, fast = false }) =>
      http.json((await ask('readMark', { file: given, key, fast })).record),
    ),
  );

  app.openAPIRegistry.registerPath({
    method: 'post',
    path: '/v1/protect/cloak',
    summary: 'Change a portrait a little, so that manipulating or recognising its face fails more often',
    description:
      'No guarantee. The answer is the picture; `x-huoyan-psnr` and `x-huoyan-face-psnr` have decibels, `x-huoyan-against` says ' +
      'of each threat how many programs the cloak was made against, and how many of them failed on the picture as stored ' +
      'and after JPEG 75 (RFC 9651: `identity;of=1;stored=1;jpeg75=1`). With `Accept: application/json` it is the whole ' +
      'record with the picture in it. Stops when the caller hangs up.',
    request: {
      query: languageQuery,
      body: formBody('A portrait, and what to cloak it against', cloakFields),
    },
    responses: {
      200: {
        description: 'The cloaked portrait.',
        content: {
          ...bytesAnswer('').content,
          'application/json': { schema: cloakAnswerSchema },
        },
      },
      ...problems,
    },
  });
  app.post('/v1/protect/cloak', (http) =>
    withForm(http, cloakFields, async (given, { threat: threats, strength, quick, format }) => {
      const takes = { file: given, threats, strength, quick, format };
      const { bytes, record } = await studio.askFor('cloak', takes, TIMEOUT_MS, hungUp(http));
      const [name, type] = [renamed(given.name, 'cloaked', format), MIME[format]];
      if (http.req.header('accept')?.includes('application/json')) {
        const base64 = Buffer.from(bytes).toString('base64');
        return http.json({ ...record, file: { name, type, base64 } });
      }
      return sent(bytes, type, name, {
        'x-huoyan-psnr': record.psnrDb.toFixed(1),
        'x-huoyan-face-psnr': record.facePsnrDb.toFixed(1),
        'x-huoyan-against': record.measuredAgainst.map(againstInHeader).join(', '),
      });
    }),
  );

  app.openAPIRegistry.registerPath({
    method: 'post',
    path: '/v1/protect/label',
    summary: 'Write the implicit label of GB 45438-2025 into a file',
    request: { query: languageQuery, body: formBody('A file and what its label says', labelFields) },
    responses: { 200: bytesAnswer('The labelled file.'), ...problems },
  });
  app.post('/v1/protect/label', (http) =>
    withForm(http, labelFields, async (given, { producer, id, label, propagator, propagateId }) => {
      const { bytes, carrier } = await ask('label', {
        file: given,
        label: {
          Label: label,
          ContentProducer: producer,
          ProduceID: id,
          ...(propagator !== undefined && { ContentPropagator: propagator }),
          ...(propagateId !== undefined && { PropagateID: propagateId }),
        },
      });
      return sent(bytes, 'application/octet-stream', given.name, { 'x-huoyan-carrier': carrier });
    }),
  );

  app.openAPIRegistry.registerPath({
    method: 'post',
    path: '/v1/protect/label/check',
    summary: 'Whether the label of a file complies with GB 45438-2025',
    request: { query: languageQuery, body: formBody('A file', z.object({})) },
    responses: { 200: json('The answer.', labelAnswerSchema), ...problems },
  });
  app.post('/v1/protect/label/check', (http) =>
    withForm(http, z.object({}), async (given) => {
      const { answer } = await ask('checkLabel', { file: given });
      const { verdict, carrier, label, producer, violations } = answer;
      const language = languageOf(http);
      return http.json({
        verdict,
        carrier,
        label,
        producer,
        violations: violations.map(({ rule, clause, text: said }) => ({
          rule,
          clause,
          text: said[language],
        })),
      });
    }),
  );
}

/** A field that comes several times is a list, separated by commas. */
function said(fields: URLSearchParams): Record<string, string> {
  return Object.fromEntries([...fields.keys()].map((name) => [name, fields.getAll(name).join(',')]));
}

/** Aborted as soon as nobody is there any more to take the answer. */
function hungUp({ env: { outgoing } }: Http<Env>): AbortSignal {
  const stop = new AbortController();
  outgoing.once('close', () => stop.abort());
  return stop.signal;
}

function againstInHeader({ threat, stored, jpeg75 }: CloakRecord['measuredAgainst'][number]): string {
  return `${threat};of=${stored.length};stored=${failures(stored)};jpeg75=${failures(jpeg75)}`;
}

function renamed(name: string, done: 'marked' | 'cloaked', extension: string): string {
  return `${name.replace(/\.\w{1,5}$/, '')}-${done}.${extension === 'jpeg' ? 'jpg' : extension}`;
}

/** A file as an answer, to be saved and never shown as a page. */
function sent(bytes: Uint8Array, type: string, name: string, more: Record<string, string>): Response {
  return new Response(Uint8Array.from(bytes), {
    headers: {
      'content-type': type,
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name).replaceAll("'", '%27')}`,
      'content-security-policy': "default-src 'none'; sandbox",
      ...more,
    },
  });
}
