import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { Analysis } from '../core/analysis.ts';
import { HuoyanError } from '../core/errors.ts';
import type { Input } from './input.ts';
import { analyseMany, type PoolOptions } from './pool.ts';

/**
 * A worker that speaks the real protocol and misbehaves on demand, by the name of the file; what is tested here is how
 * the pool treats its workers, as real processes.
 */
const BEHAVIOUR = `
  const settings = JSON.parse(process.argv[2]);
  if (settings.analyse.prior === 0.25) throw new Error('cannot start');
  process.on('disconnect', () => process.exit(0));
  process.on('message', async (job) => {
    const name = job.name;
    if (name.startsWith('crash')) setTimeout(() => { throw new Error('boom'); });
    else if (name.startsWith('exit')) process.exit(7);
    else if (name.startsWith('abort')) process.abort();
    else if (name.startsWith('oom')) process.kill(process.pid, 'SIGKILL');
    else if (name.startsWith('hang')) while (true) {}
    else {
      const wait = /^sleep(\\d+)/.exec(name);
      if (wait) await new Promise((r) => setTimeout(r, Number(wait[1])));
      const error = { code: 'empty', text: { en: name, zh: '空' }, hint: { en: 'h', zh: '提示' }, cause: String(job.bytes?.length) };
      process.send({ id: job.id, analysis: { outcome: 'unreadable', file: name, sha256: null, error, timing: {} } });
    }
  });
  process.send({ ready: true });
`;
const folder = mkdtempSync(join(tmpdir(), 'huoyan-pool-'));
const workerUrl = pathToFileURL(join(folder, 'worker.mjs'));
writeFileSync(workerUrl, BEHAVIOUR);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function* from(names: Iterable<string | Input>, pulled?: { count: number }): AsyncGenerator<Input> {
  for (const one of names) {
    if (pulled) pulled.count++;
    yield typeof one === 'string' ? { name: one } : one;
  }
}

function options(more: Partial<PoolOptions> = {}): PoolOptions {
  return { workers: 2, timeoutMs: 20_000, order: 'input', settings: { analyse: {} }, workerUrl, ...more };
}

async function all(source: AsyncIterable<Analysis>): Promise<Analysis[]> {
  const out: Analysis[] = [];
  for await (const one of source) out.push(one);
  return out;
}

const codes = (list: Analysis[]) =>
  list.map((a) => (a.outcome === 'unreadable' ? `${a.file}:${a.error.code}` : a.file));

describe('analyseMany', () => {
  it('answers in the order of the input, or as files finish', async () => {
    const names = ['sleep300', 'b', 'c', 'd'];
    expect((await all(analyseMany(from(names), options()))).map((a) => a.file)).toEqual(names);
    const finished = (await all(analyseMany(from(names), options({ order: 'finished' })))).map((a) => a.file);
    expect(finished.at(-1)).toBe('sleep300');
    expect([...finished].sort()).toEqual([...names].sort());
  });

  it('gives the file of a crashed worker an error record and goes on with a new worker', async () => {
    const names = ['a', 'crash1', 'b', 'exit', 'c', 'abort', 'crash3', 'oom', 'd'];
    const results = await all(analyseMany(from(names), options()));
    expect(codes(results)).toEqual([
      'a:empty',
      'crash1:internal',
      'b:empty',
      'exit:internal',
      'c:empty',
      'abort:internal',
      'crash3:internal',
      'oom:too-large',
      'd:empty',
    ]);
    const crash = results[1];
    expect(crash.outcome === 'unreadable' && crash.error.text.en).toContain('boom');
  });

  it('gives up a file that hangs, even in a loop that never yields', async () => {
    const results = await all(
      analyseMany(from(['hang', 'b', 'c']), options({ workers: 1, timeoutMs: 2000 })),
    );
    expect(codes(results)).toEqual(['hang:timeout', 'b:empty', 'c:empty']);
  });

  it('fails as a whole when workers cannot start at all', async () => {
    const failing = options({ settings: { analyse: { prior: 0.25 } } });
    await expect(all(analyseMany(from(['a', 'b']), failing))).rejects.toThrow('cannot start');
  });

  it('hands errors over as HuoyanError, with bytes going one way and the cause the other', async () => {
    const [result] = await all(analyseMany(from([{ name: '-', bytes: new Uint8Array(12_345) }]), options()));
    expect(result.outcome === 'unreadable' && result.error).toBeInstanceOf(HuoyanError);
    expect(result.outcome === 'unreadable' && result.error.cause).toBe('12345');
  });

  it('passes inputs that were already found unreadable through in their place', async () => {
    const error = new HuoyanError('not-found', { en: 'gone', zh: '无' }, { en: 'look', zh: '找' });
    const results = await all(analyseMany(from(['sleep50', { name: 'x', error }, 'b']), options()));
    expect(codes(results)).toEqual(['sleep50:empty', 'x:not-found', 'b:empty']);
  });

  it('never takes more than a window of files ahead of its reader', async () => {
    const pulled = { count: 0 };
    const names = Array.from({ length: 1000 }, (_, i) => `f${i}`);
    const reader = analyseMany(from(names, pulled), options());
    for (let i = 0; i < 5; i++) await reader.next();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(pulled.count).toBeLessThanOrEqual(5 + 3 * 2 + 1);
    await reader.return(undefined);
  });

  it('stops when told to', async () => {
    const controller = new AbortController();
    const names = Array.from({ length: 1000 }, (_, i) => `sleep20-${i}`);
    const seen: Analysis[] = [];
    for await (const one of analyseMany(from(names), options({ signal: controller.signal }))) {
      seen.push(one);
      if (seen.length === 4) controller.abort();
    }
    expect(seen.length).toBeLessThan(20);
  });

  it('does not wait for a source that is silent', async () => {
    let release = () => {};
    async function* slow(): AsyncGenerator<Input> {
      yield { name: 'a' };
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      yield { name: 'b' };
    }
    const reader = analyseMany(slow(), options());
    expect((await reader.next()).value?.file).toBe('a');
    release();
    expect((await reader.next()).value?.file).toBe('b');
    expect((await reader.next()).done).toBe(true);
  });

  it('loses and doubles nothing, whatever mixture of files comes', async () => {
    const file = fc.constantFrom('a', 'a', 'sleep1', 'sleep5', 'exit');
    await fc.assert(
      fc.asyncProperty(
        fc.array(file, { maxLength: 12 }),
        fc.constantFrom('input' as const, 'finished' as const),
        fc.integer({ min: 1, max: 3 }),
        async (kinds, order, workers) => {
          const names = kinds.map((kind, i) => `${kind}-${i}`);
          const results = (await all(analyseMany(from(names), options({ order, workers })))).map(
            (a) => a.file,
          );
          expect(order === 'input' ? results : [...results].sort()).toEqual(
            order === 'input' ? names : [...names].sort(),
          );
        },
      ),
      { numRuns: 5 },
    );
  });

  it('runs no worker when there is nothing to do', async () => {
    const missing = pathToFileURL('/nowhere/worker.js');
    expect(await all(analyseMany(from([]), options({ workerUrl: missing })))).toEqual([]);
  });
});
