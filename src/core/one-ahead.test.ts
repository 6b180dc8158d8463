import { describe, expect, it } from 'vitest';
import { oneAhead } from './one-ahead.ts';

async function* counted(most: number, log: string[]): AsyncGenerator<number> {
  try {
    for (let i = 0; i < most; i++) {
      log.push(`made ${i}`);
      yield i;
    }
  } finally {
    log.push('closed');
  }
}

describe('oneAhead', () => {
  it('gives the same items in the same order', async () => {
    const seen: number[] = [];
    for await (const item of oneAhead(counted(5, []))) seen.push(item);
    expect(seen).toEqual([0, 1, 2, 3, 4]);
  });

  it('makes the next one while an item is looked at, and no more', async () => {
    const log: string[] = [];
    const items = oneAhead(counted(5, log));
    await items.next();
    await new Promise((done) => setImmediate(done));
    expect(log).toEqual(['made 0', 'made 1']);
  });

  it('closes its source when whoever takes the items stops', async () => {
    const log: string[] = [];
    for await (const _ of oneAhead(counted(5, log))) break;
    await new Promise((done) => setImmediate(done));
    expect(log.at(-1)).toBe('closed');
  });

  it('throws a failure in its place, behind the items before it', async () => {
    async function* failing(): AsyncGenerator<number> {
      yield 1;
      throw new RangeError('broken');
    }
    const seen: number[] = [];
    const all = async () => {
      for await (const item of oneAhead(failing())) seen.push(item);
    };
    await expect(all()).rejects.toThrow('broken');
    expect(seen).toEqual([1]);
  });
});
