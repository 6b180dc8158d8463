import { describe, expect, it } from 'vitest';
import { BENCH_SCHEMAS, benchJsonSchema } from './schema.ts';

describe('the published schemas of the bench', () => {
  const names = Object.keys(BENCH_SCHEMAS) as (keyof typeof BENCH_SCHEMAS)[];

  it('are the committed ones (rewrite with: npx vitest run src/report/bench/schema.test.ts -u)', async () => {
    for (const name of names)
      await expect(`${JSON.stringify(benchJsonSchema(name), null, 2)}\n`).toMatchFileSnapshot(
        `../../../schemas/${name}.schema.json`,
      );
  });

  it('are draft 2020-12 and open to later fields', () => {
    for (const name of names) {
      const schema = benchJsonSchema(name);
      expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
      expect(JSON.stringify(schema)).not.toContain('"additionalProperties":false');
    }
  });
});
