import { type Attributes, context, type Span, type Tracer, trace } from '@opentelemetry/api';
import { afterEach, describe, expect, it } from 'vitest';
import { inSpan } from './tracing.ts';

/** A provider that writes down what it is told: what an SDK is to the API. */
function recording() {
  const spans: { name: string; attributes: Attributes; failed: boolean; ended: boolean }[] = [];
  const startSpan = (name: string, { attributes = {} }: { attributes?: Attributes } = {}) => {
    const one = { name, attributes: { ...attributes }, failed: false, ended: false };
    spans.push(one);
    const span = trace.wrapSpanContext({ traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1 });
    return Object.assign(span, {
      setAttributes(more: Attributes) {
        Object.assign(one.attributes, more);
        return span;
      },
      setStatus() {
        one.failed = true;
        return span;
      },
      end() {
        one.ended = true;
      },
    }) as Span;
  };
  const tracer = {
    startSpan,
    startActiveSpan: (
      name: string,
      options: object,
      parent: ReturnType<typeof context.active>,
      work: (span: Span) => unknown,
    ) => {
      const span = startSpan(name, options);
      return context.with(trace.setSpan(parent, span), () => work(span));
    },
  } as unknown as Tracer;
  trace.setGlobalTracerProvider({ getTracer: () => tracer });
  return spans;
}
afterEach(() => trace.disable());

describe('spans', () => {
  it('does the work where nobody listens', async () => {
    expect(await inSpan('GET /healthz', { kind: 'server', attributes: {} }, async () => 7)).toBe(7);
  });

  it('tells whoever listens what was done, and that it failed without the words', async () => {
    const spans = recording();
    await inSpan('job analyse', { kind: 'consumer', attributes: { 'huoyan.attempt': 1 } }, async (tell) =>
      tell({ 'huoyan.status': 'succeeded' }),
    );
    const failing = inSpan('job analyse', { kind: 'consumer', attributes: {} }, async () => {
      throw new TypeError('secret.jpg');
    });
    await expect(failing).rejects.toThrow('secret.jpg');
    expect(spans).toEqual([
      {
        name: 'job analyse',
        attributes: { 'huoyan.attempt': 1, 'huoyan.status': 'succeeded' },
        failed: false,
        ended: true,
      },
      { name: 'job analyse', attributes: {}, failed: true, ended: true },
    ]);
    expect(JSON.stringify(spans)).not.toContain('secret');
  });
});
