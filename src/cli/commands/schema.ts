/** `huoyan schema NAME`: the published shape of what Huoyan writes, for whoever reads it with a program. */
import type { Json } from '../../core/json.ts';
import {
  analysisJsonSchema,
  auditJsonSchema,
  BENCH_SCHEMAS,
  benchJsonSchema,
  traceJsonSchema,
} from '../../report/index.ts';
import type { Console } from '../console.ts';
import { EXIT } from '../exit.ts';
import { usageError } from '../failure.ts';

/** Every schema there is; a new kind of record is a line here. */
const SCHEMAS: Readonly<Record<string, () => unknown>> = {
  analysis: analysisJsonSchema,
  audit: auditJsonSchema,
  trace: traceJsonSchema,
  ...Object.fromEntries(
    (Object.keys(BENCH_SCHEMAS) as (keyof typeof BENCH_SCHEMAS)[]).map((name) => [
      name,
      () => benchJsonSchema(name),
    ]),
  ),
};

/** Prints the JSON Schema called `name`; throws a usage failure when there is none. */
export async function schema(name: string, io: Console): Promise<number> {
  const make = Object.hasOwn(SCHEMAS, name) ? SCHEMAS[name] : undefined;
  if (!make) {
    const known = Object.keys(SCHEMAS).join(', ');
    throw usageError(
      { en: `there is no schema "${name}"`, zh: `没有名为“${name}”的格式` },
      { en: `one of: ${known}`, zh: `可选：${known}` },
    );
  }
  await io.write(`${JSON.stringify(make() as Json, null, 2)}\n`);
  return EXIT.ok;
}
