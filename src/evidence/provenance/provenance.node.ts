/** The provenance detector for Node, with the C2PA engine in place (loaded when the first manifest is met). */
import { type C2paEngineOptions, createC2paEngine } from '../../credentials/c2pa/engine.node.ts';
import type { Detector } from '../detector.ts';
import { createProvenance } from './detector.ts';

/** With the roots the user trusts; none are shipped, so that without them no signer is called trusted. */
export function createNodeProvenance(trust: C2paEngineOptions = {}): Detector<'image'> {
  return createProvenance({ c2pa: createC2paEngine(trust) });
}

export const provenance: Detector<'image'> = createNodeProvenance();
