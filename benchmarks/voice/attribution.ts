/**
 * `npm run bench:voice -- attribution`: which synthesis system made a voice. Closed set, open set, enrolment from five
 * clips; and how much of each is the page a system was published on (speaker, sentences, recording chain) rather than
 * the system. Prints Markdown; reads what `npm run recipe:voice -- describe` kept.
 */
import { ask, enrolment } from '../../recipes/trace/evaluate.ts';
import { calibrationOf } from '../../recipes/voice/attribution/calibrate.ts';
import {
  type DescribedClip,
  describedClips,
  describedCopies,
  pageFolds,
  ROADS,
} from '../../recipes/voice/attribution/described.ts';
import {
  type Answered,
  closedFolds,
  FOLDS,
  type Fold,
  fitVoiceMetric,
  nameOf,
  openFolds,
  siblingFolds,
} from '../../recipes/voice/attribution/folds.ts';
import { corpus } from '../../recipes/voice/describe.ts';
import { bootstrap } from '../../src/bench/metrics.ts';
import { grouped } from '../../src/core/group.ts';
import { Random } from '../../src/core/random.ts';
import { Gallery } from '../../src/trace/gallery.ts';
import { similarityOf } from '../../src/trace/metric.ts';
import { voiceGallery } from '../../src/trace/voice/gallery.ts';
import { mean, percent, separation } from '../trace/table.ts';

const ROUNDS = 1000;
const ASKED_ON = ['stored', 'telephone'] as const;

/** One yes or no, with what is redrawn as a whole beside it. */
interface Hit {
  readonly set: string;
  readonly hit: boolean;
}

/** Share of hits in per cent, with its 95 % interval from redrawing whole systems. */
function share(hits: readonly Hit[]): string {
  if (hits.length === 0) return '–';
  const bySet = [...grouped(hits, (one) => one.set).values()];
  const rate = (sets: readonly (readonly Hit[])[]) => mean(sets.flat().map(({ hit }) => (hit ? 1 : 0)));
  const [lo, hi] = bootstrap(bySet, rate, { seed: 1, rounds: ROUNDS });
  return `${percent(rate(bySet))} % (${percent(lo)}–${percent(hi)})`;
}

interface Scored {
  readonly set: string;
  readonly score: number;
}

/** AUC with its 95 % interval from redrawing whole systems and corpora of both kinds. */
function auroc(positive: readonly Scored[], negative: readonly Scored[]): string {
  const scores = (list: readonly Scored[]) => list.map(({ score }) => score);
  const value = separation(scores(positive), scores(negative));
  const kinds = [positive, negative].map((list) => [...grouped(list, (one) => one.set).values()]);
  const random = new Random(1);
  const redrawn = Array.from({ length: 200 }, () => {
    const [p, n] = kinds.map((sets) => sets.flatMap(() => random.pick(sets)));
    return separation(scores(p), scores(n));
  }).sort((a, b) => a - b);
  return `${value.toFixed(3)} (${redrawn[5].toFixed(3)}–${redrawn[194].toFixed(3)})`;
}

const row = (cells: readonly string[]) => console.log(`| ${cells.join(' | ')} |`);
const table = (head: readonly string[], rows: readonly (readonly string[])[]) => {
  row(head);
  row(head.map(() => '---'));
  for (const cells of rows) row(cells);
  console.log('');
};
const chance = (values: readonly number[]) => (values.length > 0 ? `${percent(mean(values))} %` : '–');

/** Systems by likeness to `answered`, the most alike first. */
function ranked({ sources }: Fold, { similarities }: Answered) {
  return sources
    .map((one, i) => ({ ...one, similarity: similarities[i] }))
    .filter(({ source }) => source.kind === 'generator')
    .sort((a, b) => b.similarity - a.similarity);
}

const sets = corpus();
const clips = describedClips(sets);
const systems = sets.filter(({ label }) => label === 'fake');
console.error(`${clips.length} views`);

// Closed set.
const closed = closedFolds(clips);
console.error('closed set done');
const rows = ROADS.map((road) => {
  const asked = closed.flatMap((fold) =>
    fold.known
      .filter(({ clip }) => clip.step === road && clip.kind === 'generator')
      .map((one) => {
        const order = ranked(fold, one);
        const near = order.filter(({ page }) => page === one.clip.page);
        const far = order.filter(({ page }) => page !== one.clip.page);
        return { ...one, order, near, far, own: nameOf(one.clip.set) };
      }),
  );
  const hits = (of: (typeof asked)[number][], hit: (one: (typeof asked)[number]) => boolean) =>
    share(of.map((one) => ({ set: one.clip.set, hit: hit(one) })));
  const within = asked.filter(({ near }) => near.length > 1);
  const related = asked.filter(({ far, clip }) => far.some(({ family }) => family === clip.family));
  const families = related.map(({ far }) => new Set(far.map(({ family }) => family)).size);
  // Always naming the kind that most systems of other pages are of.
  const commonest = related.map(({ far, clip }) => {
    const [[most]] = [...grouped(far, ({ family }) => family)].sort((a, b) => b[1].length - a[1].length);
    return { set: clip.set, hit: most === clip.family };
  });
  return {
    road,
    closed: [
      road,
      String(asked.length),
      hits(asked, ({ order, own }) => order[0].source.name === own),
      chance(asked.map(({ order }) => 1 / order.length)),
      hits(asked, ({ order, clip }) => order[0].page === clip.page),
      chance(asked.map(({ order, near }) => near.length / order.length)),
    ],
    within: [
      road,
      String(within.length),
      hits(within, ({ near, own }) => near[0].source.name === own),
      chance(within.map(({ near }) => 1 / near.length)),
    ],
    kind: [
      road,
      String(related.length),
      hits(related, ({ far, clip }) => far[0].family === clip.family),
      chance(families.map((count) => 1 / count)),
      share(commonest),
    ],
  };
});
const pages = new Set(systems.map(({ page }) => page)).size;
console.log(`## Attribution: which system made a voice

Printed by \`npm run bench:voice -- attribution\`.

Data: ${systems.reduce((sum, s) => sum + s.files.length, 0)} clips of ${systems.length} synthesis systems on ${pages} pages, and ${sets.filter((s) => s.label === 'real').reduce((sum, s) => sum + s.files.length, 0)} recorded clips of ${sets.filter((s) => s.label === 'real').length} corpora, at most 4.5 seconds each. A system has two to seven clips, all of one page. Brackets: 95 % intervals from redrawing whole systems (and corpora). Roads as above. A voice is compared in the band of a telephone only (585 numbers): of what was tried (that band, all of the spectrum; ${'rank 48 or 96'}; with and without random roads) this was the best, by a few points, on these same clips.

### Closed set: systems known by their other clips

Four folds; a clip that is asked about is in no average and not in the metric. "Page right" counts an answer of whatever system of the right page.
`);
table(
  ['road', 'clips', 'system right', 'chance', 'page right', 'chance'],
  rows.map((one) => one.closed),
);
console.log(`**Among systems of the same page only**, where speaker, sentences and recording chain say nothing (pages with one system left out). This is the honest column: what the first table has above it is the page.
`);
table(
  ['road', 'clips', 'system right', 'chance'],
  rows.map((one) => one.within),
);
console.log(`**The kind of system, told from other pages only** (${new Set(systems.map((s) => s.family)).size} kinds; no system of the clip's own page is compared with): what a fingerprint of a vocoder would be, with nothing of the page in it.
`);
table(
  ['road', 'clips', 'kind right', 'chance', 'always the commonest kind'],
  rows.map((one) => one.kind),
);

// Open set.
const open = openFolds(clips);
const calibration = calibrationOf(open);
console.error('open set done');
const siblings = siblingFolds(clips);
console.error('siblings done');
const calibrated = (fold: Fold) =>
  new Gallery(fold.metric, fold.works, fold.gallery.sources, [], { calibration });
const openRows: string[][] = [];
for (const [what, folds] of [
  ['pages left out', open],
  ['systems left out, others of their page known', siblings],
] as const) {
  for (const road of ASKED_ON) {
    const known: Scored[] = [];
    const strange: Scored[] = [];
    const recorded: Scored[] = [];
    const synthetic: Scored[] = [];
    for (const fold of folds) {
      const gallery = calibrated(fold);
      const score = ({ similarities }: Answered) => {
        const { unknown, photograph } = gallery.attributeFrom(similarities);
        // Against all systems compared with; whether it is a recording is another question.
        return { unknown: unknown / (1 - photograph + 1e-12), photograph };
      };
      const on = (list: readonly Answered[]) => list.filter(({ clip }) => clip.step === road);
      for (const one of on(fold.known))
        if (one.clip.kind === 'generator') known.push({ set: one.clip.set, score: score(one).unknown });
      for (const one of on(fold.strangers)) {
        const { unknown, photograph } = score(one);
        if (one.clip.kind === 'generator') {
          strange.push({ set: one.clip.set, score: unknown });
          synthetic.push({ set: one.clip.set, score: photograph });
        } else recorded.push({ set: one.clip.set, score: photograph });
      }
    }
    openRows.push([
      what,
      road,
      `${strange.length} / ${known.length}`,
      auroc(strange, known),
      recorded.length > 0 ? auroc(recorded, synthetic) : '–',
    ]);
  }
}
console.log(`### Open set: systems that are not known

AUROC (0.5 is chance) of \`unknown\`, among what is not a recording: clips of unknown systems against held out clips of known ones. In the last column \`recording\`: recordings of unknown corpora against clips of unknown systems, with nothing known of either's page. The probabilities hang on three numbers fitted on the questions of "pages left out".
`);
table(['left out', 'road', 'unknown / known clips', '`unknown`, AUROC', '`recording`, AUROC'], openRows);
const { sharpness, unknown, photographBias, pair } = calibration;
const named = ASKED_ON.map((road) => {
  const answers = open.flatMap((fold) => {
    const gallery = calibrated(fold);
    const asked = [...fold.known, ...fold.strangers].filter(({ clip }) => clip.step === road);
    return asked.map((one) => {
      const { generators, photograph, unknown: none } = gallery.attributeFrom(one.similarities);
      const best = generators[0];
      const said =
        best.probability >= 0.5
          ? best.generator
          : photograph >= 0.5
            ? 'recording'
            : none >= 0.5
              ? 'unknown'
              : null;
      return { one, said, known: fold.known.includes(one) };
    });
  });
  const part = (of: typeof answers, hit: (a: (typeof answers)[number]) => boolean) =>
    share(of.map((a) => ({ set: a.one.clip.set, hit: hit(a) })));
  const isSystem = (said: string | null) => said !== null && said !== 'recording' && said !== 'unknown';
  const knownSystems = answers.filter((a) => a.known && a.one.clip.kind === 'generator');
  const strangers = answers.filter((a) => !a.known && a.one.clip.kind === 'generator');
  const recordings = answers.filter((a) => !a.known && a.one.clip.kind === 'recording');
  return [
    road,
    part(knownSystems, (a) => a.said === nameOf(a.one.clip.set)),
    part(knownSystems, (a) => isSystem(a.said) && a.said !== nameOf(a.one.clip.set)),
    part(strangers, (a) => isSystem(a.said)),
    part(recordings, (a) => isSystem(a.said)),
    part(recordings, (a) => a.said === 'recording'),
  ];
});
console.log('What the command would say, an answer being named from 50 % on; pages left out:\n');
table(
  [
    'road',
    'known system named',
    'another one named',
    'clip of an unknown system given to a known one',
    'recording given to a system',
    'recording called one',
  ],
  named,
);
console.log(
  `Fitted: sharpness ${sharpness.toFixed(2)}, unknown ${unknown.toFixed(2)}, recording ${photographBias.toFixed(2)}; pairs of clips of one page, ${pair.slope.toFixed(2)} times the similarity ${pair.offset < 0 ? '−' : '+'} ${Math.abs(pair.offset).toFixed(2)}.\n`,
);

// Enrolment.
const ENROLLED = 5;
const DRAWS = 5;
const folds = pageFolds(clips, FOLDS.length);
const copies = describedCopies(sets);
const copyNames = [...new Set(copies.map(({ set }) => set))];

/** Accuracy among enrolled systems, and how well similarity to its enrolment tells each from clips of others. */
interface Enrolled {
  readonly hits: Record<string, Hit[]>;
  readonly own: Record<string, Scored[]>;
  readonly other: Record<string, Scored[]>;
}
const empty = (): Enrolled => ({
  hits: { stored: [], telephone: [] },
  own: { stored: [], telephone: [] },
  other: { stored: [], telephone: [] },
});

function tally(
  into: Enrolled,
  gallery: Gallery,
  asked: readonly DescribedClip[],
  unit: (c: DescribedClip) => string,
) {
  const names = gallery.sources.map(({ name }) => name);
  ask(gallery, asked).forEach(({ similarities, step }, i) => {
    const clip = asked[i];
    const best = names[similarities.indexOf(Math.max(...similarities))];
    into.hits[step].push({ set: unit(clip), hit: best === clip.set });
    names.forEach((name, j) => {
      (name === clip.set ? into.own : into.other)[step].push({ set: unit(clip), score: similarities[j] });
    });
  });
}

const onRoads = (list: readonly DescribedClip[]) =>
  list.filter(({ step }) => step === 'stored' || step === 'telephone');
const same = empty();
const across = empty();
for (const fold of FOLDS) {
  const metric = fitVoiceMetric(clips.filter(({ page }) => folds.get(page) !== fold));
  const works = clips.length;
  const strange = onRoads(copies).filter(({ page }) => folds.get(page) === fold);
  for (let draw = 0; draw < DRAWS; draw++) {
    for (const [into, by] of [
      [same, 'clip'],
      [across, 'page'],
    ] as const) {
      // The same recordings for every system, so that only the making differs.
      const random = new Random(100 * fold + draw);
      const order = random.shuffle([...new Set(strange.map((c) => (by === 'clip' ? c.file : c.page)))]);
      const enrolledUnits = new Set<string>();
      let files = new Set<string>();
      for (const unit of order) {
        if (files.size >= ENROLLED) break;
        enrolledUnits.add(unit);
        files = new Set(
          strange.filter((c) => enrolledUnits.has(by === 'clip' ? c.file : c.page)).map((c) => c.file),
        );
      }
      const few = new Set(random.shuffle([...files]).slice(0, ENROLLED));
      const given = strange.filter((c) => few.has(c.file));
      const asked = strange.filter((c) => !enrolledUnits.has(by === 'clip' ? c.file : c.page));
      if (few.size < ENROLLED || asked.length === 0) continue;
      const gallery = voiceGallery(
        metric,
        works,
        [],
        copyNames.map((name) =>
          enrolment(
            name,
            given.filter((c) => c.set === name),
          ),
        ),
      );
      tally(into, gallery, asked, (c) => `${c.set} ${c.page}`);
    }
  }
}
console.error('copies done');

/** Real systems with clips enough: five enrolled, the rest asked about, against recordings and clips of its own page. */
const many = onRoads(clips).filter(
  ({ set, kind }) =>
    kind === 'generator' && new Set(clips.filter((c) => c.set === set).map((c) => c.file)).size > ENROLLED,
);
const few = empty();
for (const fold of FOLDS) {
  const mine = many.filter(({ page }) => folds.get(page) === fold);
  if (mine.length === 0) continue;
  const background = clips.filter(({ page }) => folds.get(page) !== fold);
  const metric = fitVoiceMetric(background);
  for (let draw = 0; draw < DRAWS; draw++) {
    for (const [set, group] of grouped(mine, ({ set: name }) => name)) {
      const names = new Random(draw).shuffle([...new Set(group.map(({ file }) => file))]).slice(0, ENROLLED);
      const given = group.filter(({ file }) => names.includes(file));
      const gallery = voiceGallery(metric, background.length, [], [enrolment(set, given)]);
      const [entry] = gallery.sources;
      const of = (list: readonly DescribedClip[]) =>
        list.map((clip) => {
          const [score] = gallery.similarities(gallery.prepare(clip.description));
          return { step: clip.step, set: clip.set, score };
        });
      for (const { step, ...one } of of(group.filter(({ file }) => !names.includes(file))))
        few.own[step].push(one);
      const others = onRoads(clips).filter((c) => c.page === group[0].page && c.set !== entry.name);
      for (const { step, ...one } of of(others)) few.other[step].push(one);
    }
  }
}
console.log(`### Enrolment from five clips of systems left out

The collection has ${new Set(many.map((c) => c.set)).size} system${new Set(many.map((c) => c.set)).size === 1 ? '' : 's'} with more than five clips (${[...new Set(many.map((c) => nameOf(c.set)))].join(', ')}), so the question is mostly put to systems of our own: ${copyNames.length} classical vocoders (${copyNames.map((n) => n.replace('copy_', '')).join(', ')}) that speak ${new Set(copies.map((c) => c.file)).size} recordings of ${new Set(copies.map((c) => c.page)).size} pages again. The metric has heard neither the vocoders nor the pages; five clips are enrolled of each vocoder, the same five recordings, and every other clip of the fold's pages is asked about (${DRAWS} draws). Chance is ${(100 / copyNames.length).toFixed(1)} %. These vocoders differ more than two neural ones do.
`);
const enrolRows = (what: string, { hits, own, other }: Enrolled) =>
  ASKED_ON.map((road) => [
    what,
    road,
    hits[road].length > 0 ? share(hits[road]) : '–',
    own[road].length > 0 && other[road].length > 0 ? auroc(own[road], other[road]) : '–',
    `${own[road].length} / ${other[road].length}`,
  ]);
table(
  ['asked about', 'road', 'system right', 'AUROC of the similarity, own clips against others', 'comparisons'],
  [
    ...enrolRows('vocoders of ours, other clips of any page', same),
    ...enrolRows('vocoders of ours, pages that were not enrolled', across),
    ...enrolRows('the other clips of a published system, against its page', few),
  ],
);

// What "may share its source with" is worth.
const pairRows = ASKED_ON.map((road) => {
  const near: Scored[] = [];
  const far: Scored[] = [];
  for (const { strangers } of open) {
    const on = strangers.filter(({ clip }) => clip.step === road && clip.kind === 'generator');
    on.forEach((a, i) => {
      for (const b of on.slice(i + 1)) {
        if (a.clip.page !== b.clip.page) continue;
        const pairScore = { set: a.clip.set, score: similarityOf(a.ready, b.ready) };
        (a.clip.set === b.clip.set ? near : far).push(pairScore);
      }
    });
  }
  return [road, `${near.length} / ${far.length}`, auroc(near, far)];
});
console.log(`### Do two clips share their system?

Pairs of clips of one page that nothing was fitted on: one system or two.
`);
table(['road', 'pairs of one / of two', 'AUROC'], pairRows);
