/** What `/metrics` tells, in Prometheus's words. No metric carries anything of a file. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export interface Metrics {
  readonly registry: Registry;
  readonly requests: Counter<'method' | 'route' | 'status'>;
  readonly requestSeconds: Histogram<'route'>;
  readonly accepted: Counter<'duplicate'>;
  readonly finished: Counter<'status'>;
  readonly analysisSeconds: Histogram<'status'>;
  readonly waiting: Gauge;
  readonly running: Gauge;
  readonly uploadedBytes: Counter;
}

/** A registry of its own for every service, so that two in one process do not count for each other. */
export function openMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    requests: new Counter({
      name: 'huoyan_http_requests_total',
      help: 'Requests answered.',
      labelNames: ['method', 'route', 'status'],
      registers,
    }),
    requestSeconds: new Histogram({
      name: 'huoyan_http_request_seconds',
      help: 'Seconds until a request was answered.',
      labelNames: ['route'],
      buckets: [0.005, 0.02, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    }),
    accepted: new Counter({
      name: 'huoyan_analyses_accepted_total',
      help: 'Analyses accepted; duplicate: whether the same content was known already.',
      labelNames: ['duplicate'],
      registers,
    }),
    finished: new Counter({
      name: 'huoyan_work_finished_total',
      help: 'Pieces of work this process finished.',
      labelNames: ['status'],
      registers,
    }),
    analysisSeconds: new Histogram({
      name: 'huoyan_work_seconds',
      help: 'Seconds from the start of a piece of work to its result.',
      labelNames: ['status'],
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300],
      registers,
    }),
    waiting: new Gauge({ name: 'huoyan_work_waiting', help: 'Pieces of work that wait.', registers }),
    running: new Gauge({ name: 'huoyan_work_running', help: 'Pieces of work under way.', registers }),
    uploadedBytes: new Counter({
      name: 'huoyan_uploaded_bytes_total',
      help: 'Bytes of files received.',
      registers,
    }),
  };
}
