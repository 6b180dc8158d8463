/** A whole service in a folder of its own, for tests: the real one, on any free port, with quiet logs. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { DEFAULTS, type ServiceOptions } from './options.ts';
import { type Service, startService } from './serve.ts';

export interface TestService {
  readonly service: Service;
  readonly url: string;
  readonly data: string;
  stop(): Promise<void>;
}

export async function testService(more: Partial<ServiceOptions> = {}): Promise<TestService> {
  const data = more.data ?? (await mkdtemp(join(tmpdir(), 'huoyan-service-')));
  const options: ServiceOptions = { ...DEFAULTS, port: 0, workers: 1, data, ...more };
  const service = await startService(options, pino({ level: 'silent' }));
  return {
    service,
    url: service.url as string,
    data,
    async stop() {
      await service.stop(1000);
      await rm(data, { recursive: true, force: true });
    },
  };
}
