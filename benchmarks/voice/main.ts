/**
 * `npm run bench:voice`: how well the voice evidence tells synthetic speech from recorded speech of pages and systems
 * that the scoring fit had not heard, as stored and after calls and codecs, with AASIST, AASIST-L and two trivial
 * baselines beside it; what the verdict makes of it; what it costs; what a pool of more speech and small networks are
 * worth; languages; conversations; which system a voice is attributed to. `-- PART` prints a part alone. Prints Markdown.
 *
 * Reads the statistics that `npm run recipe:voice -- describe` left in `.cache/voice`; `--fresh` judges anew.
 */
import { parseArgs } from 'node:util';
import { corpus } from '../../recipes/voice/describe.ts';
import { judged, PROTOCOL_NAMES } from '../../recipes/voice/judged.ts';

const { values, positionals } = parseArgs({
  options: { fresh: { type: 'boolean', default: false } },
  allowPositionals: true,
});
/** In the order in which they are printed. */
const PARTS: Readonly<Record<string, () => Promise<unknown>>> = {
  errors: () => import('./errors.ts'),
  pool: () => import('./pool.ts'),
  networks: () => import('./networks.ts'),
  languages: () => import('./languages.ts'),
  turns: () => import('./turns.ts'),
  attribution: () => import('./attribution.ts'),
};
const unknown = positionals.filter((part) => !Object.hasOwn(PARTS, part));
if (unknown.length > 0) {
  console.error(`no part ${unknown.join(', ')}; there are: ${Object.keys(PARTS).join(', ')}`);
  process.exit(2);
}
if (values.fresh) for (const name of PROTOCOL_NAMES) judged(name, corpus(), true);
for (const part of positionals.length > 0 ? positionals : Object.keys(PARTS)) await PARTS[part]();
process.exit(0);
