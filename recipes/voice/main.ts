/**
 * `npm run recipe:voice -- debian | describe | fit | attribution | convolution`: rebuilds the voice network and what voices
 * are traced by from the speech corpus, seeded and resumable. `debian` makes a pool of speech out of Debian's packages, to
 * be learnt from beside the corpus. `convolution` trains networks that are measured and not shipped.
 */
import { calibrate } from './attribution/calibrate.ts';
import { describedClips } from './attribution/described.ts';
import { publish } from './attribution/publish.ts';
import { judgeConvolution } from './convolution/judge.ts';
import { makeSpectra, POOL_PASSES } from './convolution/spectra.ts';
import { makePool, poolSets } from './debian/pool.ts';
import { corpus, describeAll } from './describe.ts';
import { fitAndPublish } from './fit.ts';

const [step, share, of] = process.argv.slice(2);
if (step === 'debian') {
  makePool();
  process.exit(0);
} else if (step === 'describe') {
  await describeAll(corpus(), poolSets(), Number(share ?? 0), Number(of ?? 1));
  process.exit(0);
} else if (step === 'fit') {
  await fitAndPublish(corpus(), share === 'kept');
  process.exit(0);
} else if (step === 'convolution') {
  const pool = poolSets();
  await makeSpectra(corpus());
  await makeSpectra(pool, POOL_PASSES);
  for (const trial of ['attention', 'light'] as const) await judgeConvolution(trial, corpus(), pool);
  process.exit(0);
} else if (step === 'attribution') {
  const sets = corpus();
  const clips = describedClips(sets);
  publish(sets, clips);
  calibrate(clips);
  process.exit(0);
} else {
  console.error(
    'usage: npm run recipe:voice -- debian | describe [SHARE OF] | fit [kept] | attribution | convolution',
  );
  process.exit(2);
}
