/**
 * The description of the service (OpenAPI 3.1), printed from the routes' own schemas. It is committed as
 * `schemas/openapi.json`, and a test fails when the two drift apart.
 */
import type { OpenAPIHono } from '@hono/zod-openapi';
import { z } from '@hono/zod-openapi';
import {
  analysisJsonSchema,
  auditJsonSchema,
  benchJsonSchema,
  clusterRecordSchema,
  traceJsonSchema,
} from '../../report/index.ts';
import type { Env } from './env.ts';

type Schema = Record<string, unknown>;

/** Records that have a JSON Schema of their own, by the name they have here. */
const RECORDS: Readonly<Record<string, () => Schema>> = {
  AnalysisRecord: analysisJsonSchema,
  TraceRecord: traceJsonSchema,
  AuditRecord: auditJsonSchema,
  ScoresRecord: () => benchJsonSchema('bench'),
  LeaderboardRecord: () => benchJsonSchema('leaderboard'),
  ClusterRecord: () => z.toJSONSchema(clusterRecordSchema, { target: 'draft-2020-12', io: 'input' }),
};

/** `version` is the package's. */
export function openApiDocument(app: OpenAPIHono<Env>, version: string): Schema {
  const document = app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Huoyan',
      version,
      description: 'Deepfake forensics. Nothing that is sent here leaves the machine the service runs on.',
      license: { name: 'Apache-2.0' },
    },
    security: [{ key: [] }, { bearer: [] }],
  }) as unknown as { components: { schemas: Record<string, unknown>; securitySchemes?: unknown } };
  document.components.securitySchemes = {
    key: { type: 'apiKey', in: 'header', name: 'x-api-key' },
    bearer: { type: 'http', scheme: 'bearer' },
  };
  const { schemas } = document.components;
  for (const [name, make] of Object.entries(RECORDS)) {
    const { $schema, $id, $defs, ...schema } = make();
    schemas[name] = moved(schema, name);
    for (const [inner, definition] of Object.entries(($defs ?? {}) as Schema))
      schemas[`${name}.${inner}`] = moved(definition, name);
  }
  return document as unknown as Schema;
}

/** References into a schema's own definitions, as they must read within this document. */
function moved(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return value.map((item) => moved(item, name));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (key !== '$ref' || typeof inner !== 'string') return [key, moved(inner, name)];
      return [
        key,
        inner
          .replace('#/$defs/', `#/components/schemas/${name}.`)
          .replace(/#$/, `#/components/schemas/${name}`),
      ];
    }),
  );
}
