/**
 * `npm run bench:voice -- turns`: conversations of two people, mixed from clips of the corpus, taken apart into turns, and
 * which of the two is synthetic. Judged by fits that have heard none of the pages; what the turns are found by was chosen
 * on other clips. Prints Markdown.
 */
import { RATE, under } from '../../recipes/voice/channel.ts';
import { corpus, speechOf } from '../../recipes/voice/describe.ts';
import { scoreOf } from '../../recipes/voice/discriminant.ts';
import { allRows, type Fitted, fitBoth, isLearned, releasedBeside } from '../../recipes/voice/validate.ts';
import { Ranking, summarise } from '../../src/bench/measure/curve.ts';
import { estimate } from '../../src/bench/measure/redraw.ts';
import { wilson } from '../../src/bench/metrics.ts';
import type { SpeechSet } from '../../src/bench/speech.ts';
import { Random } from '../../src/core/random.ts';
import { soundOf } from '../../src/core/sound.ts';
import { speechActivity } from '../../src/core/voice/activity.ts';
import { describeWindow, isNarrow } from '../../src/core/voice/description.ts';
import { VOICE_STATISTICS } from '../../src/core/voice/features/index.ts';
import type { Turn } from '../../src/core/voice/turns.ts';
import { type Window, windowsOf } from '../../src/core/voice/windows.ts';
import { CALIBRATIONS } from '../../src/evidence/voice/fitted.ts';
import type { ScoredWindow } from '../../src/evidence/voice/score.ts';
import { judgeTurns, speakersOf } from '../../src/evidence/voice/speakers.ts';
import { type Mixture, mixed, type Pair, type PairKind, pairsOf, type SpokenTurn } from './mixtures.ts';
import { percent, table } from './rates.ts';

/** Seconds within which a change of speaker counts as found. */
const NEAR_S = 0.5;
const ROADS = ['stored', 'telephone'] as const;
/** Turns of each speaker: their clip in one piece, or in two. */
const PARTS = [1, 2] as const;
const KINDS: readonly (readonly [PairKind, count: number])[] = [
  [['real', 'fake'], 12],
  [['real', 'real'], 5],
  [['fake', 'fake'], 5],
];

/** Where this half of the corpus has odd numbers, the other half is what the turns' options were chosen on. */
function measuredHalf(sets: readonly SpeechSet[]): SpeechSet[] {
  const pages = [...new Set(sets.map(({ page }) => page))];
  const byFile = new Set(['librispeech', 'thorsten']);
  return sets
    .map((set) => {
      const kept = (i: number) => (byFile.has(set.page) ? i : pages.indexOf(set.page)) % 2 === 1;
      return { ...set, files: set.files.filter((_, i) => kept(i)) };
    })
    .filter(({ files }) => files.length > 0);
}

/** Two groups of pages, each with speakers that are on no other page; every group is judged by a fit without it. */
function groupsOf(sets: readonly SpeechSet[]): SpeechSet[][] {
  const rest = [...new Set(sets.map(({ page }) => page))].filter(
    (page) => page !== 'librispeech' && page !== 'thorsten',
  );
  return ['librispeech', 'thorsten'].map((own, group) =>
    sets.filter(({ page }) => page === own || (rest.indexOf(page) >= 0 && rest.indexOf(page) % 2 === group)),
  );
}

/** As the detector scores a window, by a fit of this benchmark. */
function scored(window: Window, fitted: Fitted): ScoredWindow {
  const row = describeWindow(window);
  const wide = scoreOf(row.subarray(0, VOICE_STATISTICS), fitted.wide);
  const low = scoreOf(row.subarray(VOICE_STATISTICS), fitted.narrow);
  const narrow = isNarrow(window);
  return {
    ...{ start: window.start, end: window.end, speaker: window.speaker, narrow },
    speech: window.activity.activeSeconds,
    score: narrow ? low : (wide + low) / 2,
    bands: new Float32Array(0),
  };
}

interface Answer {
  readonly pair: Pair;
  readonly truth: readonly SpokenTurn[];
  readonly found: readonly Turn[];
  /** Log-likelihood ratio of each true turn: of what was found there, and of the turn cut out by its true limits. */
  readonly byFound: readonly number[];
  readonly byTruth: readonly number[];
  /** Of speakers as found, the one that sounds most synthetic; -1 where only one was found. */
  readonly named: number;
}

const overlap = (a: Turn, b: Turn) => Math.max(0, Math.min(a.end, b.end) - Math.max(a.start, b.start));

function answerTo(pair: Pair, { turns: truth }: Mixture, arrived: Float32Array, fitted: Fitted): Answer {
  const heard = windowsOf(soundOf(arrived, RATE), 60, { bySpeaker: true });
  const windows = heard.windows.map((window) => scored(window, fitted));
  const judged = judgeTurns(heard.turns, windows, CALIBRATIONS);
  const byFound = truth.map((turn) => {
    let [sum, weight] = [0, 0];
    heard.turns.forEach((one, i) => {
      const llr = judged[i].llr;
      if (llr === null) return;
      sum += llr * overlap(one, turn);
      weight += overlap(one, turn);
    });
    return weight > 0 ? sum / weight : 0;
  });
  const byTruth = truth.map((turn) => {
    const samples = arrived.slice(Math.floor(turn.start * RATE), Math.ceil(turn.end * RATE));
    const activity = speechActivity(samples, RATE);
    const window = { samples, activity, start: turn.start, end: turn.end, speaker: turn.speaker };
    return judgeTurns([turn], [scored(window, fitted)], CALIBRATIONS)[0].llr ?? 0;
  });
  const speakers = windows.length > 0 ? speakersOf(windows, CALIBRATIONS) : [];
  const [first] = speakers.toSorted((a, b) => b.llr - a.llr);
  const own = (speaker: number) =>
    truth.reduce(
      (sum, turn) =>
        turn.speaker === speaker
          ? sum +
            heard.turns.reduce((s, one) => s + (one.speaker === first?.speaker ? overlap(one, turn) : 0), 0)
          : sum,
      0,
    );
  const named = speakers.length < 2 ? -1 : own(0) >= own(1) ? 0 : 1;
  return { pair, truth, found: heard.turns, byFound, byTruth, named };
}

/** Places at which the speaker changes: the end of a turn and the beginning of the next, of somebody else. */
function changes(turns: readonly Turn[]): (readonly [number, number])[] {
  return turns
    .slice(1)
    .flatMap((turn, i) => (turn.speaker === turns[i].speaker ? [] : [[turns[i].end, turn.start] as const]));
}

/** Is the change found where the pause between two turns is, or within NEAR_S of its middle? */
const near = (a: readonly [number, number], b: readonly [number, number]) =>
  Math.abs((a[0] + a[1]) / 2 - (b[0] + b[1]) / 2) <= NEAR_S;

const speakersIn = (turns: readonly Turn[]) => new Set(turns.map(({ speaker }) => speaker)).size;

function share(hits: number, of: number): string {
  if (of === 0) return '–';
  const [lo, hi] = wilson(hits, of);
  return `${percent(hits / of)} (${percent(lo)}–${percent(hi)}) of ${of}`;
}

/** AUC of turns of synthetic voices against turns of real ones, mixtures redrawn. */
function aucOf(answers: readonly Answer[], of: (answer: Answer) => readonly number[]): string {
  const rows = answers.map((answer) => ({
    scores: of(answer),
    fake: answer.truth.map(({ speaker }) => answer.pair.clips[speaker].set.label === 'fake'),
  }));
  const auc = (list: typeof rows) =>
    summarise(
      new Ranking(
        list.flatMap(({ scores }) => scores),
        list.flatMap(({ fake }) => fake),
      ),
    ).auc;
  const random = new Random(1);
  const { value, lo, hi } = estimate(
    auc(rows),
    Array.from({ length: 500 }, () => auc(rows.map(() => random.pick(rows)))),
  );
  return `${value.toFixed(2)} (${lo.toFixed(2)}–${hi.toFixed(2)})`;
}

const sets = corpus();
const rows = allRows(sets).filter((row) => !row.copy);
const { background } = releasedBeside();
const half = measuredHalf(sets);
const answers = new Map<string, Answer[]>();
for (const group of groupsOf(half)) {
  const pages = new Set(group.map(({ page }) => page));
  const fitted = fitBoth(
    rows.filter((row) => isLearned(row) && !pages.has(row.set.page)),
    background,
  );
  for (const parts of PARTS) {
    for (const [kind, count] of KINDS) {
      for (const pair of pairsOf(group, kind, count, parts)) {
        const [one, two] = pair.clips;
        const mixture = mixed([await speechOf(one.path), await speechOf(two.path)], parts, pair.seed);
        for (const road of ROADS) {
          const arrived = await under(mixture.samples, road);
          const key = `${parts} ${road}`;
          const list = answers.get(key) ?? [];
          list.push(answerTo(pair, mixture, arrived, fitted));
          answers.set(key, list);
        }
      }
    }
  }
}
const alone = new Map<string, number>();
const files = half.flatMap((set) => set.files);
for (const { path } of files) {
  const samples = await speechOf(path);
  for (const road of ROADS) {
    const { turns } = windowsOf(soundOf(await under(samples, road), RATE), 1, { bySpeaker: true });
    if (speakersIn(turns) === 1) alone.set(road, (alone.get(road) ?? 0) + 1);
  }
}

const wholes = answers.get(`1 ${ROADS[0]}`) ?? [];
const length = (list: readonly Answer[]) =>
  list.reduce((sum, { truth }) => sum + truth.reduce((s, t) => s + t.end - t.start, 0) / truth.length, 0) /
  Math.max(1, list.length);
console.log(`## Turns: who speaks when, and who is synthetic

Printed by \`npm run bench:voice -- turns\`.

Data: ${wholes.length} pairs of clips of speakers who are known to differ, mixed into conversations in which each says their clip in one turn (of ${length(wholes).toFixed(1)} s on average) and, other pairs, in two (of ${length(answers.get(`2 ${ROADS[0]}`) ?? []).toFixed(1)} s), with pauses of 50 to 500 ms between; ${wholes.filter(({ pair }) => new Set(pair.clips.map(({ set }) => set.label)).size === 2).length} pairs are one real and one synthetic voice, the others two real or two synthetic ones. The whole mixture then travels the road. What turns are found by (a penalty for a speaker more, in each breadth of the spectrum, and the cost of a change) was chosen on the other half of the clips. The scores are of fits without the pages of either clip. A change of speaker counts as found within ${NEAR_S} s. Wilson's intervals for shares; for AUC, mixtures redrawn. Told apart are two people at a time; people who talk at once were not tried.
`);
console.log(
  table(
    ['turns of each', 'road', 'two speakers found', 'changes found', 'found changes that are real ones'],
    [...answers].map(([key, list]) => {
      const [parts, road] = key.split(' ');
      const pairs = list.map(({ truth, found }) => [changes(truth), changes(found)] as const);
      const all = (side: 0 | 1) => pairs.reduce((sum, pair) => sum + pair[side].length, 0);
      const hits = (side: 0 | 1) =>
        pairs.reduce(
          (sum, pair) => sum + pair[side].filter((one) => pair[1 - side].some((o) => near(one, o))).length,
          0,
        );
      return [
        parts,
        road,
        share(list.filter(({ found }) => speakersIn(found) === 2).length, list.length),
        share(hits(0), all(0)),
        share(hits(1), all(1)),
      ];
    }),
  ),
);
console.log(
  `\nOf clips of a single speaker, ${ROADS.map((road) => `${share(alone.get(road) ?? 0, files.length)} were left whole (${road})`).join(', ')}.\n`,
);
console.log(
  table(
    [
      'turns of each',
      'road',
      'AUC of turns, limits known',
      'AUC of turns, as found',
      'synthetic voice named, of real with synthetic',
      'the same where two or more were told apart',
    ],
    [...answers].map(([key, list]) => {
      const [parts, road] = key.split(' ');
      const labels = ({ pair }: Answer) => pair.clips.map(({ set }) => set.label);
      const both = list.filter((one) => new Set(labels(one)).size === 2);
      const apart = both.filter(({ named }) => named >= 0);
      const right = apart.filter((one) => labels(one)[one.named] === 'fake').length;
      return [
        parts,
        road,
        aucOf(both, ({ byTruth }) => byTruth),
        aucOf(both, ({ byFound }) => byFound),
        share(right, both.length),
        share(right, apart.length),
      ];
    }),
  ),
);
console.log('\nChance is 0.50 for AUC, and one half of those told apart.\n');
