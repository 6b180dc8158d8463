/**
 * The sources a picture or a voice is compared with: generators known to this release, generators a user enrolled, and
 * what no generator made (photographs, recordings) as a class of its own; and the probability that none of them made it.
 * Whatever is compared is called a work here.
 *
 * A source is its average work, once for every way its works were sent (as stored, re-saved, over a telephone), so that
 * adding one needs a handful of works and no training. Enrolled works also widen the metric by how they differ among
 * themselves, which is worth as much as their average (docs/measured/trace.md).
 */
import type { Attributed, Attribution } from '../core/trace.ts';
import { type Calibration, PICTURES } from './calibration.ts';
import { average, deviations, Metric, type MetricData, type Prepared } from './metric.ts';

export interface Source {
  readonly name: string;
  readonly kind: 'generator' | 'photograph' | 'recording';
  readonly origin: Attributed['origin'];
  /** Standardised average descriptions, one for each way works were sent. */
  readonly prototypes: readonly Float32Array[];
}

/** What comes with a release: the metric, and the sources it knows. */
export interface Known {
  readonly metric: MetricData;
  /** Works the metric was fitted on. */
  readonly works: number;
  readonly sources: readonly Source[];
}

/** Works a user gave as examples of one generator. */
export interface Enrolment {
  readonly name: string;
  /** Raw descriptions by the way the works were sent: the same works in each, but for those it left too little of. */
  readonly sent: Readonly<Record<string, readonly Float32Array[]>>;
}

/** What one enrolled work counts in the covariance within sources, against one that the metric was fitted on. */
const ENROLLED_WEIGHT = 10;

interface Entry {
  readonly source: Source;
  readonly prototypes: readonly Prepared[];
}

export interface GalleryOptions {
  /** Default: that of pictures. */
  readonly calibration?: Calibration;
  /** Ways of sending whose enrolled works also widen the metric. Default: those of pictures. */
  readonly widening?: readonly string[];
}

/** Ways of sending whose pictures also widen the metric: those it was fitted on. More of them made it no better. */
const WIDENING: readonly string[] = ['stored', 'jpeg75'];

export class Gallery {
  readonly metric: Metric;
  readonly #entries: readonly Entry[];

  readonly calibration: Calibration;

  /** `works`: how many the metric was fitted on. */
  constructor(
    data: MetricData,
    works: number,
    known: readonly Source[],
    enrolled: readonly Enrolment[] = [],
    { calibration = PICTURES, widening = WIDENING }: GalleryOptions = {},
  ) {
    this.calibration = calibration;
    const base = new Metric(data);
    const weight = Math.sqrt(ENROLLED_WEIGHT / works);
    const standardised = enrolled.map(({ name, sent }) => ({
      name,
      sent: Object.entries(sent).flatMap(([way, rows]) =>
        rows.length > 0 ? [{ way, rows: rows.map((row) => base.standardise(row)) }] : [],
      ),
    }));
    const extra = standardised.flatMap(({ sent }) =>
      sent.flatMap(({ way, rows }) =>
        widening.includes(way) && rows.length > 1 ? deviations(rows, weight) : [],
      ),
    );
    this.metric = extra.length > 0 ? new Metric(data, extra) : base;
    const sources: Source[] = [
      ...known,
      ...standardised.map(
        ({ name, sent }): Source => ({
          name,
          kind: 'generator',
          origin: 'enrolled',
          prototypes: sent.map(({ rows }) => average(rows)),
        }),
      ),
    ];
    this.#entries = sources.map((source) => ({
      source,
      prototypes: source.prototypes.map((prototype) => this.metric.prepare(prototype)),
    }));
  }

  get sources(): readonly Source[] {
    return this.#entries.map((entry) => entry.source);
  }

  /** A description, ready to be compared with others in this gallery. */
  prepare(description: Float32Array): Prepared {
    return this.metric.prepare(this.metric.standardise(description));
  }

  /** Cosine to the nearest prototype of every source, in the order of {@link sources}. */
  similarities(work: Prepared): number[] {
    return this.#entries.map(({ prototypes }) =>
      Math.max(...prototypes.map((prototype) => this.metric.similarity(work, prototype))),
    );
  }

  /** Who made the work. */
  attribute(work: Prepared): Attribution {
    return this.attributeFrom(this.similarities(work));
  }

  /** The same from {@link similarities} computed before. */
  attributeFrom(similarities: readonly number[]): Attribution {
    const { sharpness, unknown, photographBias } = this.calibration;
    const scored = this.#entries.map(({ source }, i) => ({ source, similarity: similarities[i] }));
    const photographs = scored.filter(({ source }) => source.kind !== 'generator');
    const generators = scored.filter(({ source }) => source.kind === 'generator');
    const logits = generators.map(({ similarity }) => sharpness * similarity);
    const photograph = photographs.length
      ? sharpness * Math.max(...photographs.map((p) => p.similarity)) + photographBias
      : Number.NEGATIVE_INFINITY;
    const highest = Math.max(unknown, photograph, ...logits);
    const weights = logits.map((logit) => Math.exp(logit - highest));
    const rest = [Math.exp(unknown - highest), Math.exp(photograph - highest)];
    const total = [...weights, ...rest].reduce((a, b) => a + b, 0);
    return {
      generators: generators
        .map(({ source, similarity }, i) => ({
          generator: source.name,
          origin: source.origin,
          probability: weights[i] / total,
          similarity,
        }))
        .sort((a, b) => b.probability - a.probability),
      unknown: rest[0] / total,
      photograph: rest[1] / total,
    };
  }
}
