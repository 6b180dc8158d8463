/**
 * A whole audit of live recognisers: each is asked everything, measured by itself and under attack, and again with a
 * detector in front. Nothing is asked twice: what was answered stands in the journal.
 */
import { createHash } from 'node:crypto';
import type { Audit, AuditGate, AuditProblem } from '../core/audit.ts';
import { asHuoyanError } from '../core/errors.ts';
import type { Answer } from './answers.ts';
import { type CallCounts, Caller, type Clock, type Memory } from './calls/caller.ts';
import type { Gate } from './gates/huoyan.node.ts';
import type { ScoreFile } from './gates/scored.node.ts';
import { measureGate } from './measure/gate.ts';
import { type MeasureOptions, measure } from './measure/sets.ts';
import { accuracy, comparePairs, type Described } from './measure/verification.ts';
import type { Picture, Recogniser } from './recogniser.ts';
import { type Material, questionsFor, type RecogniserRun, runRecogniser } from './run.node.ts';

export interface LiveOptions {
  readonly memory: Memory;
  readonly names?: Pick<MeasureOptions, 'rule' | 'aliases'>;
  /** Calls of each recogniser, this run. */
  readonly mostCalls?: number;
  readonly gates?: readonly (Gate | ScoreFile)[];
  readonly clock?: Clock;
  readonly progress?: (what: string, done: number, of: number) => void;
}

export interface LiveAudit {
  readonly audit: Audit;
  readonly calls: readonly { readonly recogniser: string; readonly counts: CallCounts }[];
}

/** Throws HuoyanError where going on makes no sense; what was answered until then is kept. */
export async function auditLive(
  recognisers: readonly Recogniser[],
  material: Material,
  options: LiveOptions,
): Promise<LiveAudit> {
  const { memory, mostCalls, clock, progress } = options;
  const { gallery, sets, book } = material;
  const problems: AuditProblem[] = [...(gallery?.problems ?? []), ...sets.flatMap((set) => set.problems)];
  const runs: RecogniserRun[] = [];
  const measured: { accuracy: Audit['accuracy'][number]; operating: number }[] = [];
  for (const recogniser of recognisers) {
    const questions = questionsFor(recogniser, material);
    const run = await runRecogniser(recogniser, questions, {
      ...{ memory, book, mostCalls, clock },
      progress: (done, of) => progress?.(recogniser.name, done, of),
    });
    runs.push(run);
    problems.push(...run.problems);
    measured.push(await ownAccuracy(run, material));
  }
  const answers = runs.flatMap((run) => run.answers);
  const failed = new Map(
    runs.flatMap(({ recogniser, failed }) =>
      [...failed].map(([set, n]) => [JSON.stringify([set, recogniser.name]), n] as const),
    ),
  );
  const operating = new Map(runs.map(({ recogniser }, i) => [recogniser.name, measured[i].operating]));
  const { sets: measuredSets, total } = measure(answers, { ...options.names, operating, failed });
  const gates: AuditGate[] = [];
  for (const gate of options.gates ?? []) {
    const score = await scoresOf(gate, material, options, problems);
    for (const run of runs) gates.push(...gatesFor(gate.name, run, material, score, operating));
  }
  return {
    audit: { sets: measuredSets, total, accuracy: measured.map((one) => one.accuracy), gates, problems },
    calls: runs.map(({ recogniser, calls }) => ({ recogniser: recogniser.name, counts: calls })),
  };
}

/** The recogniser by itself, and the confidence from which its answers count: at one false match in a thousand pairs. */
async function ownAccuracy(run: RecogniserRun, { gallery, book }: Material) {
  const { recogniser, probes } = run;
  const people = gallery?.people ?? [];
  const described: Described[] = [];
  if (recogniser.describe) {
    for (const { name, photos } of people)
      for (const photo of photos) {
        const features = await recogniser.describe(photo, run.call).catch(() => null);
        described.push({ person: book.key(name), features });
      }
  }
  const pairs = recogniser.describe ? comparePairs(described) : null;
  // A service decides for itself whom it names; a bare network needs a threshold, and gets the customary one.
  const operating = recogniser.describe && pairs ? Math.min(1, Math.max(0, pairs.threshold)) : 0;
  const photos = people.reduce((sum, one) => sum + one.photos.length, 0);
  const options = { service: recogniser.name, photos, people: people.length, operating, book };
  return { accuracy: accuracy(probes, pairs, options), operating };
}

type Scores = (file: string) => number | null | undefined;

/** A score for every picture there is; a detector of ours remembers its own as recognisers do. */
async function scoresOf(
  gate: Gate | ScoreFile,
  { gallery, sets }: Material,
  { memory, progress }: LiveOptions,
  problems: AuditProblem[],
): Promise<Scores> {
  const pictures: Picture[] = [
    ...(gallery?.people ?? []).flatMap(({ photos }) => photos),
    ...sets.flatMap(({ fakes, reals }) => [...fakes.map(({ picture }) => picture), ...reals.values()]),
  ];
  const scores = new Map<string, number | null>();
  if (!('settings' in gate)) {
    for (const picture of pictures) scores.set(picture.file, gate.score(picture));
    return (file) => scores.get(file);
  }
  const name = `gate:${gate.name}`;
  const { call } = new Caller({
    recogniser: name,
    keyOf: ({ key }) =>
      createHash('sha256')
        .update(JSON.stringify([name, gate.settings, ...key]))
        .digest('hex'),
    memory,
    paid: false,
    pace: { perSecond: Number.POSITIVE_INFINITY, parallel: 1, timeoutMs: 300_000 },
  });
  for (const [i, picture] of pictures.entries()) {
    try {
      const act = { operation: 'score', key: [picture.sha256] };
      scores.set(picture.file, await call(act, () => gate.score(picture)));
    } catch (thrown) {
      problems.push({ file: picture.file, error: asHuoyanError(thrown) });
    }
    progress?.(name, i + 1, pictures.length);
  }
  return (file) => scores.get(file);
}

/** One gate for each set and, where there are several, one for all. */
function gatesFor(
  detector: string,
  { recogniser, answers }: RecogniserRun,
  { gallery, book, sets }: Material,
  score: Scores,
  operatingOf: ReadonlyMap<string, number>,
): AuditGate[] {
  const service = recogniser.name;
  const operating = operatingOf.get(service) ?? 0;
  const reals = [
    ...(gallery?.people ?? []).flatMap(({ name, photos }) =>
      photos.map(({ file }) => ({ person: name, file })),
    ),
    ...sets.flatMap((set) => [...set.reals].map(([person, { file }]) => ({ person, file }))),
  ];
  const gate = (set: string, own: readonly Answer[]) =>
    measureGate({ ...{ detector, service, set, reals, score, operating, book }, answers: own });
  const bySet = sets.map(({ name }) =>
    gate(
      name,
      answers.filter((answer) => answer.set === name),
    ),
  );
  const all = sets.length > 1 ? [gate('*', answers)] : [];
  return [...all, ...bySet].filter((one) => one !== null);
}
