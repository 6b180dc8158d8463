/**
 * What a key is for: areas of the interface, so that the key in an onboarding flow opens the gate and nothing else. A key
 * without any may go wherever its role may.
 */
export const SCOPES = ['analyses', 'gate', 'trace', 'audit', 'protect', 'cases', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** The area of what stands after `/v1/`. */
const AREA: Readonly<Record<string, Scope>> = {
  analyses: 'analyses',
  batches: 'analyses',
  gate: 'gate',
  traces: 'trace',
  clusters: 'trace',
  sources: 'trace',
  index: 'trace',
  audits: 'audit',
  benchmarks: 'audit',
  protect: 'protect',
  cases: 'cases',
  keys: 'admin',
  log: 'admin',
  admin: 'admin',
};
/** Whoever holds a key may ask who that is, what there is, and how webhooks are signed. */
const ALWAYS = ['session', 'openapi.json', 'webhook-secret'];

/** Whether a key for `scopes` opens `path`; null is a key for everything. What is in no area is closed to all others. */
export function opens(scopes: readonly Scope[] | null, path: string): boolean {
  if (scopes === null) return true;
  const [, , place = ''] = path.split('/');
  if (ALWAYS.includes(place)) return true;
  return Object.hasOwn(AREA, place) && scopes.includes(AREA[place]);
}

/** The scopes of a list with commas; null when one of them is none. */
export function scopesOf(text: string): readonly Scope[] | null {
  const named = text.split(',').map((one) => one.trim());
  const known = SCOPES.filter((scope) => named.includes(scope));
  return named.every((one) => (SCOPES as readonly string[]).includes(one)) ? known : null;
}
