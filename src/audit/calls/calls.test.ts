import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Act, type FailureKind, type Pace, ServiceFailure } from '../recogniser.ts';
import { Caller, type Clock, QuotaReached } from './caller.ts';
import { Journal } from './journal.node.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'huoyan-calls-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A clock that only runs when somebody sleeps. */
function quietClock(): Clock & { slept: number[] } {
  let now = 0;
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    async sleep(ms) {
      slept.push(ms);
      now += ms;
    },
  };
}

const failure = (kind: FailureKind, retryAfterMs: number | null = null) =>
  new ServiceFailure(kind, { en: kind, zh: kind }, { en: 'h', zh: 'h' }, retryAfterMs);
const act = (...key: string[]): Act => ({ operation: 'identify', key });
const FREE: Pace = { perSecond: Number.POSITIVE_INFINITY, parallel: 1, timeoutMs: 1000 };

async function caller(name: string, more: { pace?: Pace; mostCalls?: number } = {}) {
  const journal = await Journal.open(join(folder, name));
  const clock = quietClock();
  const one = new Caller({
    recogniser: 'r',
    keyOf: ({ operation, key }) => JSON.stringify([operation, ...key]),
    memory: journal,
    pace: more.pace ?? FREE,
    mostCalls: more.mostCalls,
    clock,
    seed: 7,
  });
  return { journal, clock, caller: one };
}

describe('calls', () => {
  it('are made once, whoever asks again, also at the same time and in another run', async () => {
    const first = await caller('once');
    let made = 0;
    const work = async () => ({ answer: ++made });
    const both = await Promise.all([first.caller.call(act('a'), work), first.caller.call(act('a'), work)]);
    expect(both).toEqual([{ answer: 1 }, { answer: 1 }]);
    await first.journal.close();
    const second = await caller('once');
    expect(await second.caller.call(act('a'), work)).toEqual({ answer: 1 });
    expect(second.caller.counts).toEqual({ remembered: 1, made: 0, throttled: 0 });
    await second.journal.close();
  });

  it('keep the pace, and wait longer and longer where the service asks', async () => {
    const { journal, clock, caller: one } = await caller('pace', { pace: { ...FREE, perSecond: 4 } });
    for (const key of ['a', 'b', 'c']) await one.call(act(key), async () => null);
    expect(clock.slept).toEqual([250, 250]);
    clock.slept.length = 0;
    let times = 0;
    await one.call(act('d'), async () => {
      if (++times <= 4) throw failure('throttled', times === 4 ? 9000 : null);
      return null;
    });
    const waits = clock.slept.slice(1);
    expect(one.counts).toEqual({ remembered: 0, made: 8, throttled: 4 });
    for (const [i, whole] of [500, 1000, 2000].entries()) {
      expect(waits[i]).toBeGreaterThanOrEqual(whole / 2);
      expect(waits[i]).toBeLessThanOrEqual(whole);
    }
    expect(waits[3]).toBe(9000);
    await journal.close();
  });

  it('give up in the end, remember what is refused, and do not remember what may work tomorrow', async () => {
    const { journal, caller: one } = await caller('failures');
    const failing = (kind: FailureKind) => one.call(act(kind), async () => Promise.reject(failure(kind)));
    for (const kind of ['throttled', 'unavailable', 'denied', 'malformed', 'refused'] as const)
      await expect(failing(kind)).rejects.toMatchObject({ kind });
    expect(one.counts.made).toBe(7 + 7 + 1 + 1 + 1);
    await expect(failing('refused')).rejects.toMatchObject({ kind: 'refused' });
    expect(one.counts.made).toBe(17);
    expect(journal.size).toBe(1);
    await journal.close();
  });

  it('end at the limit', async () => {
    const { journal, caller: one } = await caller('limit', { mostCalls: 2 });
    for (const key of ['a', 'b']) await one.call(act(key), async () => null);
    await expect(one.call(act('c'), async () => null)).rejects.toBeInstanceOf(QuotaReached);
    expect(await one.call(act('a'), async () => null)).toBeNull();
    await journal.close();
  });

  it('are given up when no answer comes', async () => {
    const { journal, caller: one } = await caller('slow', { pace: { ...FREE, timeoutMs: 5 } });
    const slow = (signal: AbortSignal) =>
      new Promise<null>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    await expect(one.call(act('a'), slow)).rejects.toMatchObject({ kind: 'unavailable', code: 'timeout' });
    await journal.close();
  });
});

describe('the journal', () => {
  it('survives a torn last line, and says what is no journal', async () => {
    const path = join(folder, 'torn');
    const journal = await Journal.open(path);
    await journal.add({ key: 'a', recogniser: 'r', operation: 'o', answer: 'é'.repeat(10) });
    await journal.close();
    appendFileSync(path, '{"key":"b","answ');
    const again = await Journal.open(path);
    expect([again.size, again.torn]).toEqual([1, 16]);
    await again.add({ key: 'c', recogniser: 'r', operation: 'o', answer: 1 });
    await again.close();
    expect(
      readFileSync(path, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((l) => JSON.parse(l).key),
    ).toEqual(['a', 'c']);
    writeFileSync(join(folder, 'other'), 'hello\nworld\n');
    await expect(Journal.open(join(folder, 'other'))).rejects.toMatchObject({ code: 'corrupt' });
    await expect(Journal.open(folder)).rejects.toMatchObject({ code: 'permission-denied' });
  });

  it('keeps a second process out, and takes over from one that is gone', async () => {
    const path = join(folder, 'locked');
    const journal = await Journal.open(path);
    await expect(Journal.open(path)).rejects.toMatchObject({ code: 'permission-denied' });
    await journal.close();
    writeFileSync(`${path}.lock`, '999999999');
    await (await Journal.open(path)).close();
  });
});
