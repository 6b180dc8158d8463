/**
 * `npm run bench:trace -- real`: model parsing of published generators whose construction RED's list states, by the
 * parser as it is shipped but without any set of the asked generator among its references.
 */
import { PICTURES, type Published, published } from '../../recipes/fingerprint/published.ts';
import { dataFolder } from '../../src/bench/corpus.ts';
import { CONTINUOUS, type ConstructionEstimate, LOSS_BITS } from '../../src/core/construction.ts';
import { Parser } from '../../src/trace/parsing/parser.ts';
import { readParser } from '../../src/trace/parsing/trained.node.ts';
import { DISCRETE_NAMES } from '../../src/trace/parsing/vector.ts';
import { head, mean, percent, row } from './table.ts';

const folder = dataFolder();
if (!folder) {
  console.error('no picture corpus: set HUOYAN_DATA to its folder');
  process.exit(5);
}
const { generators, greatest } = await published(folder);
const parser = await readParser();
const names = [...new Set(generators.map((g) => g.name))];
const publishedNames = new Set(names);

/** The shipped parser with some of its references only. */
function without(out: (name: string) => boolean): Parser {
  const kept = parser.data.references.map(({ name }, r) => (out(name) ? -1 : r)).filter((r) => r >= 0);
  return new Parser({
    ...parser.data,
    references: kept.map((r) => parser.data.references[r]),
    coefficients: kept.map((r) => parser.data.coefficients[r]),
  });
}
const others = new Map(names.map((name) => [name, without((n) => n === name)]));
const zoo = without((name) => publishedNames.has(name));
const WAYS: readonly [string, (g: Published) => ConstructionEstimate][] = [
  ['references of zoo and other published generators', (g) => others.get(g.name)!.parse(g.look)],
  ['references of the zoo alone', (g) => zoo.parse(g.look)],
];

console.log('## Published generators whose construction is known\n');
console.log(
  `${names.length} generators of RED's and LGPN's list in ${generators.length} sets of the corpus (${names.join(', ')}), at most ${PICTURES} pictures of each set, pooled; no set of the asked generator is among the references. One generator weighs as much as another, however many sets it has. Quantities as shares of the greatest in the list, those nobody counted left out.\n`,
);
const over = (of: (g: Published) => number): number =>
  mean(
    names
      .map((name) => mean(generators.filter((g) => g.name === name).map(of)))
      .filter((v) => !Number.isNaN(v)),
  );
const one = (name: string): Published => generators.find((g) => g.name === name)!;
const rest = (g: Published): Published[] => names.filter((name) => name !== g.name).map(one);
const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1];
const majority = (codes: number[]) =>
  [...new Set(codes)].reduce((a, b) =>
    codes.filter((c) => c === b).length > codes.filter((c) => c === a).length ? b : a,
  );
const apart = (g: Published, said: (i: number) => number): number =>
  mean(
    CONTINUOUS.flatMap((_, i) => {
      const truth = g.stated.quantities[i];
      return Number.isNaN(truth) ? [] : [Math.abs(truth - said(i)) / greatest[i]];
    }),
  );
head('quantities', 'L1 on 0..1', 'in the interval, %');
for (const [way, estimate] of WAYS) {
  const inside = over((g) => {
    const { continuous } = estimate(g);
    return mean(
      CONTINUOUS.flatMap((name, i) => {
        const truth = g.stated.quantities[i];
        const { lo, hi } = continuous[name];
        return Number.isNaN(truth) ? [] : [truth >= lo && truth <= hi ? 1 : 0];
      }),
    );
  });
  const l1 = over((g) => {
    const { continuous } = estimate(g);
    return apart(g, (i) => continuous[CONTINUOUS[i]].value);
  });
  row([way, l1.toFixed(4), percent(inside)]);
}
const middles = (g: Published) => (i: number) =>
  median(
    rest(g)
      .map((o) => o.stated.quantities[i])
      .filter((v) => !Number.isNaN(v)),
  );
row(['median of the other published generators', over((g) => apart(g, middles(g))).toFixed(4), '–']);
console.log('');

head(
  'right, %',
  ...WAYS.map(([way]) => way),
  'the most frequent of the other published generators',
  'generators',
);
for (const name of DISCRETE_NAMES) {
  const share = (said: (g: Published) => number) =>
    over((g) => {
      const truth = g.stated.choices[name];
      return truth === null ? Number.NaN : Number(said(g) === truth);
    });
  const frequent = (g: Published) =>
    majority(rest(g).flatMap((o) => (o.stated.choices[name] === null ? [] : [o.stated.choices[name]])));
  const likeliest = (p: readonly number[]) => p.indexOf(Math.max(...p));
  row([
    name,
    ...WAYS.map(([, estimate]) => percent(share((g) => likeliest(estimate(g).discrete[name])))),
    percent(share(frequent)),
    names.filter((n) => one(n).stated.choices[name] !== null).length,
  ]);
}
const agreeing = (said: (g: Published) => readonly number[]) =>
  over((g) => mean(said(g).map((v, i) => Number(v === g.stated.losses[i]))));
row([
  'ten bits of loss',
  ...WAYS.map(([, estimate]) =>
    percent(agreeing((g) => LOSS_BITS.map((bit) => Number(estimate(g).losses[bit] > 0.5)))),
  ),
  percent(agreeing((g) => LOSS_BITS.map((_, i) => majority(rest(g).map((o) => o.stated.losses[i]))))),
  names.length,
]);
console.log('');
