/**
 * The sources a picture is compared with: generators known to this release, generators a user enrolled, and real
 * photographs as a class of their own; and the probability that none of them made it.
 *
 * A source is its average picture, once for every way its pictures were sent (as stored, re-saved), so that adding one
 * needs a handful of pictures and no training. Enrolled pictures also widen the metric by how they differ among
 * themselves, which is worth as much as their average (docs/measured/trace.md).
 */
import type { Attributed, Attribution } from '../core/trace.ts';
import { PHOTOGRAPH_BIAS, SHARPNESS, UNKNOWN } from './fitted.ts';
import { average, deviations, Metric, type MetricData, type Prepared } from './metric.ts';

export interface Source {
  readonly name: string;
  readonly kind: 'generator' | 'photograph';
  readonly origin: Attributed['origin'];
  /** Standardised average descriptions, one for each way pictures were sent. */
  readonly prototypes: readonly Float32Array[];
}

/** What comes with a release: the metric, and the sources it knows. */
export interface Known {
  readonly metric: MetricData;
  /** Pictures the metric was fitted on. */
  readonly pictures: number;
  readonly sources: readonly Source[];
}

/** Pictures a user gave as examples of one generator. */
export interface Enrolment {
  readonly name: string;
  /** Raw descriptions by the way the pictures were sent: the same pictures in each, but for those it made too small. */
  readonly sent: Readonly<Record<string, readonly Float32Array[]>>;
}

/** Ways of sending whose pictures also widen the metric: those it was fitted on. More of them made it no better. */
const WIDENING: readonly string[] = ['stored', 'jpeg75'];

/** What one enrolled picture counts in the covariance within sources, against one that the metric was fitted on. */
const ENROLLED_WEIGHT = 10;

interface Entry {
  readonly source: Source;
  readonly prototypes: readonly Prepared[];
}

export interface Calibration {
  /** Logit a unit of similarity. */
  readonly sharpness: number;
  /** Logit of "none of them". */
  readonly unknown: number;
  /** Added to the logit of a photograph. */
  readonly photographBias: number;
}

const SHIPPED: Calibration = { sharpness: SHARPNESS, unknown: UNKNOWN, photographBias: PHOTOGRAPH_BIAS };

export class Gallery {
  readonly metric: Metric;
  readonly #entries: readonly Entry[];

  /** `pictures`: how many the metric was fitted on. */
  constructor(
    data: MetricData,
    pictures: number,
    known: readonly Source[],
    enrolled: readonly Enrolment[] = [],
    readonly calibration: Calibration = SHIPPED,
  ) {
    const base = new Metric(data);
    const weight = Math.sqrt(ENROLLED_WEIGHT / pictures);
    const standardised = enrolled.map(({ name, sent }) => ({
      name,
      sent: Object.entries(sent).flatMap(([way, rows]) =>
        rows.length > 0 ? [{ way, rows: rows.map((row) => base.standardise(row)) }] : [],
      ),
    }));
    const extra = standardised.flatMap(({ sent }) =>
      sent.flatMap(({ way, rows }) =>
        WIDENING.includes(way) && rows.length > 1 ? deviations(rows, weight) : [],
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
  similarities(picture: Prepared): number[] {
    return this.#entries.map(({ prototypes }) =>
      Math.max(...prototypes.map((prototype) => this.metric.similarity(picture, prototype))),
    );
  }

  /** Who made the picture. */
  attribute(picture: Prepared): Attribution {
    return this.attributeFrom(this.similarities(picture));
  }

  /** The same from {@link similarities} computed before. */
  attributeFrom(similarities: readonly number[]): Attribution {
    const { sharpness, unknown, photographBias } = this.calibration;
    const scored = this.#entries.map(({ source }, i) => ({ source, similarity: similarities[i] }));
    const photographs = scored.filter(({ source }) => source.kind === 'photograph');
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
