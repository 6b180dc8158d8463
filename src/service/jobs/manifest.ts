/** Every kind of job there is; another is a line here. */
import { analysisKind } from '../analyses/kind.ts';
import { batchKind } from '../batches/kind.ts';
import type { Context } from '../context.ts';
import { AUDIT, BENCHMARK, CLUSTERING, type Kind, TRACE } from '../measurements/kinds.ts';
import { measurementKind } from '../measurements/measurement-kind.ts';
import type { JobKind } from './job.ts';

type Needs = Pick<Context, 'store' | 'queue' | 'blobs' | 'events'>;

/** `forgetVector` takes a file out of the index of fingerprints. */
export function jobKinds(context: Needs, forgetVector: (sha256: string) => Promise<void>) {
  const analyses = analysisKind(context, forgetVector);
  const measured = (kind: Kind) => measurementKind(context, kind);
  return {
    analyses,
    batches: batchKind(context, analyses),
    audits: measured(AUDIT),
    benchmarks: measured(BENCHMARK),
    traces: measured(TRACE),
    clusters: measured(CLUSTERING),
  } as const;
}

export type JobKinds = ReturnType<typeof jobKinds>;

/** The kinds as the rest sees them that does not care which is which. */
export const everyKind = (kinds: JobKinds): readonly JobKind[] =>
  Object.values(kinds) as unknown as readonly JobKind[];
