/**
 * Spans around requests and jobs by OpenTelemetry's API alone: nothing happens unless whoever runs the service loads an SDK
 * (`node --import ./otel.mjs …`). A span carries routes, codes and our own identifiers, and nothing of a file.
 */
import { type Attributes, context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { PRODUCER } from '../report/index.ts';

const tracer = () => trace.getTracer(PRODUCER.name, PRODUCER.version);

/** Marks what is known only at the end. */
export type Tell = (attributes: Attributes) => void;

export interface SpanOptions {
  readonly kind: 'server' | 'consumer';
  readonly attributes: Attributes;
  /** Headers of a request, which may name the span it belongs to (W3C Trace Context). */
  readonly headers?: Readonly<Record<string, string | string[] | undefined>>;
}

/** `work` within a span of its own; what it throws marks the span and is thrown on. */
export function inSpan<T>(name: string, options: SpanOptions, work: (tell: Tell) => Promise<T>): Promise<T> {
  const { kind, attributes, headers } = options;
  const parent = headers ? propagation.extract(context.active(), headers) : context.active();
  const spanKind = kind === 'server' ? SpanKind.SERVER : SpanKind.CONSUMER;
  return tracer().startActiveSpan(name, { kind: spanKind, attributes }, parent, async (span) => {
    try {
      return await work((more) => span.setAttributes(more));
    } catch (error) {
      // The kind of error only: its words may name a file.
      span.setStatus({
        code: SpanStatusCode.ERROR,
        message: error instanceof Error ? error.name : 'unknown',
      });
      throw error;
    } finally {
      span.end();
    }
  });
}
