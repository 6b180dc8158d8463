/**
 * `npm run bench:voice -- pool`: what the pool of Debian's speech is worth (`npm run recipe:voice -- debian`), part by part:
 * equal error rates on the collection with its pages left out, the pool only ever learned from. And what gives the pool
 * itself away without any listening to voices. Prints Markdown.
 */
import { CONDITIONS } from '../../recipes/voice/channel.ts';
import { type Part, poolSets } from '../../recipes/voice/debian/pool.ts';
import { corpus } from '../../recipes/voice/describe.ts';
import { type Protocols, protocols } from '../../recipes/voice/judged.ts';
import { baselineItems, baselines } from './baselines.ts';
import { COUNTED_BY, errorRates, interval, meanErrorGap, onRoad, percent, table } from './rates.ts';

const sets = corpus();
const pool = poolSets();
if (pool.length === 0) {
  console.error('no pool: run `npm run recipe:voice -- debian` and `npm run recipe:voice -- describe` first');
  process.exit(5);
}
const found = protocols(sets);

const TRIALS: readonly (readonly [what: string, name: keyof Protocols])[] = [
  ['without the pool', 'withoutPool'],
  ['recordings learned as recordings', 'poolRecorded'],
  ['synthetic speech learned as synthetic', 'poolSynthetic'],
  ['copies learned as synthetic', 'poolCopies'],
  ['recordings and synthetic speech', 'poolRecordedSynthetic'],
  ['all three', 'poolAll'],
  ['**recordings as background** (the release)', 'page'],
];

const count = (part: Part) => {
  const own = pool.filter((set) => set.part === part);
  return `${own.reduce((sum, set) => sum + set.files.length, 0)} clips in ${own.length} sets`;
};
const languages = (part: Part) =>
  new Set(pool.filter((set) => set.part === part).flatMap((set) => set.files.map((f) => f.language ?? '')))
    .size;

console.log(`## More speech: a pool out of Debian's packages

Printed by \`npm run bench:voice -- pool\`.

The pool: ${count('recorded')} of people (telephone prompts, names of pictures, letters and syllables, a reader; ${languages('recorded')} languages), ${count('synthetic')} of espeak-ng, flite and Festival, ${count('copies')} of recordings of the pool copied by five classical vocoders; at most 12 clips of a voice. It is only learned from, never judged by: the figures are of the collection's own clips, each page left out; of engines that the collection has clips of, the pool is left out with that page. "Learned as" puts a part into its class, each set with half of the weight that one of the collection has. "As background" takes from the pool's recordings only how recorded speech varies (half of the covariance within either class) and nothing of where the classes lie.
`);

const cells = (road: (typeof CONDITIONS)[number], name: keyof Protocols) =>
  errorRates(onRoad(found[name], road));
const rates = new Map(TRIALS.map(([, name]) => [name, CONDITIONS.map((road) => cells(road, name))] as const));
for (const [by, part] of COUNTED_BY) {
  console.log(
    `${table(
      [`EER by ${by}`, ...CONDITIONS, 'mean less that without the pool'],
      TRIALS.map(([what, name]) => [
        what,
        ...(rates.get(name) ?? []).map((one) => percent(one[part].value)),
        name === 'withoutPool' ? '–' : interval(gapOf(name)[part]),
      ]),
    )}\n`,
  );
}

function gapOf(name: keyof Protocols) {
  return meanErrorGap(
    CONDITIONS.map((road) => [onRoad(found.withoutPool, road), onRoad(found[name], road)] as const),
  );
}

const released = CONDITIONS.map((road) => {
  const gap = meanErrorGap([[onRoad(found.withoutPool, road), onRoad(found.page, road)]]);
  return [road, interval(gap.files), interval(gap.sources)];
});
console.log(`Last column: the mean over the roads, less the same without the pool, on the same clips and the same redraws of whole systems and corpora (1,000 rounds, 95 %); below 0 is better. Road by road, recordings as background less without the pool:

${table(['road', 'EER by file', 'EER by source'], released)}

${TRIALS.length - 1} ways are shown and some weights were tried before them, all on these same clips, so the best is flattered.
`);

const trivial = await baselines(
  poolSets(['recorded', 'synthetic']).map((set) => ({ ...set, page: set.name })),
);
const lines = baselineItems(trivial).map(({ name, items }) => {
  const { files, sources } = errorRates(items);
  return [name, String(items.length), interval(files), interval(sources)];
});
console.log(`What gives the pool itself away, recorded against synthetic, each set left out in turn (other voices of the same engine are learned from):

${table(['judge', 'clips', 'EER by file', 'EER by source'], lines)}
`);
