/** `npm run recipe:voice -- describe | fit`: rebuilds the voice network from the speech corpus, seeded and resumable. */
import { corpus, describeAll } from './describe.ts';
import { fitAndPublish } from './fit.ts';

const [step, share, of] = process.argv.slice(2);
if (step === 'describe') {
  await describeAll(corpus(), Number(share ?? 0), Number(of ?? 1));
  process.exit(0);
} else if (step === 'fit') {
  await fitAndPublish(corpus());
  process.exit(0);
} else {
  console.error('usage: npm run recipe:voice -- describe [SHARE OF] | fit');
  process.exit(2);
}
