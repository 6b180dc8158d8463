/** All readers of generators' traces, and the one call that runs them. A new generator is a reader and a line here. */
import type { ContainerFacts } from '../../core/media.ts';
import type { Embedded } from '../embedded.ts';
import { a1111 } from './a1111.ts';
import { comfyui } from './comfyui.ts';
import { invokeai } from './invokeai.ts';
import { drawThings, easyDiffusion, fooocus, mflux, swarmui, unnamed } from './json-records.ts';
import { names } from './names.ts';
import { novelai } from './novelai.ts';
import { grok, huggingFaceJob, midjourney, samsung } from './services.ts';
import type { GeneratorReader, GeneratorTrace, TraceStrength } from './trace.ts';

const READERS: readonly GeneratorReader[] = [
  a1111,
  comfyui,
  invokeai,
  novelai,
  swarmui,
  fooocus,
  drawThings,
  easyDiffusion,
  mflux,
  midjourney,
  grok,
  samsung,
  huggingFaceJob,
  names,
  unnamed,
];

const RANK: Readonly<Record<TraceStrength, number>> = { parameters: 0, name: 1, hint: 2 };
const MAX_TRACES = 20;
const MAX_TRAILER = 1 << 20;

/** Every trace of a generator in what a container carries, strongest first, each generator and carrier once. Never throws. */
export function readGenerators(
  embedded: Embedded,
  bytes: Uint8Array,
  facts: ContainerFacts,
): GeneratorTrace[] {
  const trailing = Math.min(Math.max(0, facts.trailingBytes), MAX_TRAILER, bytes.length);
  const input = { ...embedded, trailer: bytes.subarray(bytes.length - trailing) };
  const found = READERS.flatMap((reader) => reader.read(input));
  const seen = new Set<string>();
  return found
    .sort((a, b) => RANK[a.strength] - RANK[b.strength])
    .filter((t) => {
      // a record some reader knows by name is not reported as unnamed as well
      const known =
        t.generator === 'unnamed' &&
        found.some((o) => o !== t && o.strength === 'parameters' && o.carrier === t.carrier);
      const identity = `${t.generator} ${t.carrier} ${t.prompt ?? ''}`;
      return !known && !seen.has(identity) && seen.add(identity);
    })
    .slice(0, MAX_TRACES);
}
