/** Nothing accepted is lost and nothing is finished twice, whichever process dies; `bench:service` does this at length. */
import { beforeAll, expect, it } from 'vitest';
import { build } from './command.ts';
import { killTest } from './kills.ts';

beforeAll(build, 300_000);

it('survives kill -9 of server, workers and database', { timeout: 420_000 }, async () => {
  const outcome = await killTest({
    jobs: 24,
    kills: ['worker', 'server', 'worker', 'database', 'worker'],
    seed: 3,
    everyMs: 2500,
  });
  expect(outcome).toMatchObject({ accepted: 24, succeeded: 24, wrong: 0, twice: 0, logWhole: true });
});
