import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { generateTypes } from './generate.ts';

const openapi = fileURLToPath(new URL('../../schemas/openapi.json', import.meta.url));

it('has the types that schemas/openapi.json describes', async () => {
  const source = generateTypes(JSON.parse(await readFile(openapi, 'utf8')));
  await expect(source).toMatchFileSnapshot('./generated.ts');
});
