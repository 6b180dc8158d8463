/**
 * `npm run bench:voice -- networks`: small networks of our own beside the discriminant, alone and fused with it, none of
 * which ships: equal error rates on pages that neither had heard. Reads what `npm run recipe:voice -- convolution` left in
 * `.cache/voice`. Prints Markdown.
 */
import { CONDITIONS } from '../../recipes/voice/channel.ts';
import { type Fused, fusedScores } from '../../recipes/voice/convolution/fuse.ts';
import { STEPS, type TrialName } from '../../recipes/voice/convolution/judge.ts';
import { corpus } from '../../recipes/voice/describe.ts';
import { scoreOn } from '../../recipes/voice/fit.ts';
import { judged } from '../../recipes/voice/judged.ts';
import {
  COUNTED_BY,
  errorRates,
  type Item,
  interval,
  meanErrorGap,
  onRoad,
  percent,
  table,
} from './rates.ts';

const sets = corpus();
const alone = judged('page', sets);

const TRIALS: readonly (readonly [what: string, name: TrialName])[] = [
  ['spectro-temporal attention', 'attention'],
  ['light CNN', 'light'],
];

const itemsOf = (fused: readonly Fused[], road: string, part: 'network' | 'both'): Item[] =>
  fused
    .filter((one) => one.road === road)
    .map((one) => ({
      key: `${one.set.name}/${one.file}`,
      label: one.set.label,
      source: one.set.name,
      score: one[part],
    }));

const rows = TRIALS.flatMap(([what, name]) => {
  const fused = fusedScores(name, sets, alone, scoreOn);
  if (fused.length === 0) return [];
  return (['network', 'both'] as const).map((part) => {
    const lists = CONDITIONS.map((road) => itemsOf(fused, road, part));
    const rates = lists.map(errorRates);
    const gap = meanErrorGap(
      CONDITIONS.map((road, i) => {
        const known = new Set(lists[i].map(({ key }) => key));
        return [onRoad(alone, road).filter(({ key }) => known.has(key)), lists[i]] as const;
      }),
    );
    return {
      what: part === 'network' ? `${what}, alone` : `${what} with the discriminant`,
      clips: lists[0].length,
      rates,
      gap,
    };
  });
});
const discriminant = CONDITIONS.map((road) => errorRates(onRoad(alone, road)));

console.log(`## Networks beside the discriminant

Printed by \`npm run bench:voice -- networks\`.

Spectro-temporal attention in the manner of AASIST (arXiv:2110.01200, 123 thousand weights) and a light CNN (arXiv:1904.05576, 45 thousand), both on the log spectrogram of a second of speech, both learned for ${STEPS} steps of 32 views from the collection and the pool, the pages judged left out in four folds. Fused by a logistic regression on the scores of the other pages. The last column: the mean over the roads less that of the discriminant on the same clips and redraws; below 0 is better.
`);
for (const [by, part] of COUNTED_BY) {
  console.log(
    `${table(
      [`EER by ${by}`, 'clips', ...CONDITIONS, 'mean less that of the discriminant'],
      [
        [
          'the discriminant, alone (the release)',
          String(onRoad(alone, 'stored').length),
          ...discriminant.map((one) => percent(one[part].value)),
          '–',
        ],
        ...rows.map(({ what, clips, rates, gap }) => [
          what,
          String(clips),
          ...rates.map((one) => percent(one[part].value)),
          interval(gap[part]),
        ]),
      ],
    )}\n`,
  );
}
