/**
 * TypeScript types out of an OpenAPI 3.1 document: one type a schema, and one entry an operation. `generated.ts` is what
 * this prints for `schemas/openapi.json`; a test fails when the two drift apart.
 */

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema | boolean;
  readonly prefixItems?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly description?: string;
  readonly format?: string;
}

interface Operation {
  readonly summary?: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly schema: Schema;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }>
  >;
}

export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** The source text of the types of `document`. */
export function generateTypes(document: OpenApi): string {
  const schemas = Object.entries(document.components.schemas).map(
    ([name, schema]) => `${comment(schema.description)}export type ${nameOf(name)} = ${typeOf(schema)};`,
  );
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, operation]) =>
        `${comment(operation.summary)}  '${method.toUpperCase()} ${path}': ${operationOf(operation)};`,
    ),
  );
  return [
    '/** Printed from schemas/openapi.json by src/client/generate.ts; not changed by hand. */',
    '',
    ...schemas,
    '',
    '/** Every operation, by method and path. */',
    'export interface Operations {',
    ...operations,
    '}',
    '',
  ].join('\n');
}

function operationOf({ parameters = [], requestBody, responses }: Operation): string {
  const group = (place: string) => {
    const own = parameters.filter((one) => one.in === place);
    if (own.length === 0) return 'undefined';
    const fields = own.map(
      ({ name, required, schema }) => `${quoted(name)}${required ? '' : '?'}: ${typeOf(schema)}`,
    );
    return `{ ${fields.join('; ')} }`;
  };
  const bodies = Object.entries(requestBody?.content ?? {}).map(([type, { schema }]) =>
    type === 'application/json'
      ? typeOf(schema)
      : type === 'multipart/form-data'
        ? 'FormData'
        : 'Blob | Uint8Array',
  );
  const answers = Object.entries(responses)
    .filter(([status]) => /^2/.test(status))
    .flatMap(([, { content }]) => {
      const media = Object.entries(content ?? {});
      if (media.length === 0) return ['undefined'];
      return media.map(([type, { schema }]) => (type === 'application/json' ? typeOf(schema) : 'Response'));
    });
  const either = (types: readonly string[]) => [...new Set(types)].join(' | ') || 'undefined';
  return `{ path: ${group('path')}; query: ${group('query')}; body: ${either(bodies)}; answer: ${either(answers)} }`;
}

function typeOf(schema: Schema | boolean | undefined): string {
  if (schema === undefined || typeof schema === 'boolean') return 'unknown';
  if (schema.$ref) return nameOf(schema.$ref.split('/').at(-1) as string);
  if ('const' in schema) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const either = schema.anyOf ?? schema.oneOf;
  if (either) return grouped(either.map(typeOf), ' | ');
  if (schema.allOf) return grouped(schema.allOf.map(typeOf), ' & ');
  if (Array.isArray(schema.type)) {
    return grouped(
      schema.type.map((type) => typeOf({ ...schema, type })),
      ' | ',
    );
  }
  switch (schema.type) {
    case 'string':
      return 'string';
    case 'integer':
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'null':
      return 'null';
    case 'array':
      if (schema.prefixItems) return `[${schema.prefixItems.map(typeOf).join(', ')}]`;
      return `readonly ${grouped([typeOf(schema.items)], '')}[]`;
    case 'object':
      return objectOf(schema);
    default:
      return 'unknown';
  }
}

function objectOf({ properties = {}, required = [], additionalProperties }: Schema): string {
  const fields = Object.entries(properties).map(
    ([name, schema]) => `${quoted(name)}${required.includes(name) ? '' : '?'}: ${typeOf(schema)}`,
  );
  if (fields.length > 0) return `{ ${fields.join('; ')} }`;
  return typeof additionalProperties === 'object'
    ? `{ [key: string]: ${typeOf(additionalProperties)} }`
    : '{ [key: string]: unknown }';
}

const grouped = (types: readonly string[], by: string) => {
  const one = [...new Set(types)].join(by);
  return /[|&]/.test(one) || one.startsWith('readonly ') ? `(${one})` : one;
};
const quoted = (name: string) => (/^[a-z_$][\w$]*$/i.test(name) ? name : `'${name}'`);
const nameOf = (name: string) => name.replace(/[^A-Za-z0-9_]+/g, '_');
const comment = (text: string | undefined) =>
  text === undefined ? '' : `/** ${text.replace(/\s+/g, ' ').replaceAll('*/', '* /')} */\n`;
