/**
 * Attribution of sources that the metric has not seen, fold by fold: what `calibrate.ts` fits on and `bench:trace`
 * prints. A random part of every source's pictures (at most twenty) is enrolled, the rest asked about.
 */
import { grouped } from '../../src/core/group.ts';
import { Random } from '../../src/core/random.ts';
import type { Enrolment, Gallery, Source } from '../../src/trace/gallery.ts';
import { average, Metric, type MetricData } from '../../src/trace/metric.ts';
import type { Example } from './metric.ts';

/** Most pictures enrolled of one source. */
export const ENROLLED = 20;
/** Pictures of a source that are left to be asked about, at least. */
const LEFT = 5;

/** A described picture or clip. */
export interface Work extends Example {
  readonly file: string;
}

export interface Split<T extends Work = Work> {
  readonly enrolled: readonly T[];
  readonly asked: readonly T[];
}

/** Source by source; the same files are enrolled in every way they were sent. Sources too small are left out. */
export function splitSources<T extends Work>(
  pictures: readonly T[],
  seed: number,
  enrol = ENROLLED,
): Map<string, Split<T>> {
  const result = new Map<string, Split<T>>();
  for (const [set, group] of grouped(pictures, (p) => p.set)) {
    const files = [...new Set(group.map((p) => p.file))].sort();
    const count = Math.min(enrol, files.length - LEFT);
    if (count < Math.min(5, enrol)) continue;
    const chosen = new Set(new Random(seed).shuffle(files).slice(0, count));
    result.set(set, {
      enrolled: group.filter((p) => chosen.has(p.file)),
      asked: group.filter((p) => !chosen.has(p.file)),
    });
  }
  return result;
}

/** Descriptions by the way they were sent. */
export function enrolment(name: string, pictures: readonly Example[], steps?: readonly string[]): Enrolment {
  const sent = grouped(
    pictures.filter((p) => steps?.includes(p.step) ?? true),
    (p) => p.step as string,
  );
  return {
    name,
    sent: Object.fromEntries([...sent].map(([step, group]) => [step, group.map((p) => p.description)])),
  };
}

/** A source's average pictures under a metric. */
export function knownSource(
  data: MetricData,
  name: string,
  kind: Source['kind'],
  pictures: readonly Example[],
): Source {
  const metric = new Metric(data);
  const sent = grouped(pictures, (p) => p.step);
  return {
    ...{ name, kind, origin: 'known' },
    prototypes: [...sent.values()].map((group) =>
      average(group.map((p) => metric.standardise(p.description))),
    ),
  };
}

export interface Asked {
  readonly set: string;
  readonly step: string;
  readonly similarities: readonly number[];
}

/** Similarities of every asked picture to every source of the gallery. */
export function ask(gallery: Gallery, pictures: readonly Example[]): Asked[] {
  return pictures.map(({ set, step, description }) => ({
    ...{ set, step },
    similarities: gallery.similarities(gallery.prepare(description)),
  }));
}
