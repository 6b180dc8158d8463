/** Tables somebody sent, measured as a child process does it: recorded answers of a recogniser, scores of detectors. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { measure } from '../../audit/measure/sets.ts';
import { readRecorded } from '../../audit/recorded/read.node.ts';
import { leaderboardOf } from '../../bench/leaderboard.ts';
import { everyTwo, scoredFile, scoresReport } from '../../bench/measure/scored.ts';
import type { ScoreTable } from '../../bench/scores/row.ts';
import { metaNames, parseMeta, scoreTable, scoreText } from '../../bench/scores/table.ts';
import { HuoyanError } from '../../core/errors.ts';
import { errorToWire } from '../../evidence/wire.ts';
import type { Tasks } from './tasks.ts';

/** As `huoyan bench score` has it where nothing is said. */
const REDRAWN = { rounds: 1000, seed: 1 };

export async function audit({
  files,
  service,
  names,
}: Tasks['audit']['takes']): Promise<Tasks['audit']['gives']> {
  const answers = [];
  const problems = [];
  for (const { path = '', name } of files) {
    const read = await readRecorded(path, { service });
    // A set that the file does not name is called after the file, and not after where it lies here.
    const here = basename(path);
    const set = name.replace(/\.(csv|tsv|txt|ndjson|jsonl)$/i, '');
    for (const answer of read.answers) answers.push(answer.set === here ? { ...answer, set } : answer);
    for (const { error, ...problem } of read.problems)
      problems.push({ ...problem, file: name, error: errorToWire(error) });
  }
  return { measured: { ...measure(answers, { rule: names }), accuracy: [], gates: [], problems } };
}

export async function benchmark({
  files,
}: Tasks['benchmark']['takes']): Promise<Tasks['benchmark']['gives']> {
  const described = (name: string) => /\.meta\.json$/i.test(name);
  const descriptions = new Map(files.filter(({ name }) => described(name)).map((file) => [file.name, file]));
  const tables: ScoreTable[] = [];
  for (const { name, path = '' } of files) {
    if (described(name)) continue;
    const beside = metaNames(name).find((candidate) => descriptions.has(candidate));
    const meta = beside === undefined ? null : descriptions.get(beside);
    const description = meta ? parseMeta(await readFile(meta.path ?? '', 'utf8'), meta.name) : null;
    tables.push(scoreTable(scoreText(await readFile(path), name), name, description));
  }
  if (tables.length === 0) throw noScores();
  const scored = tables.map((table) => scoredFile(table, REDRAWN));
  const scores = scoresReport(scored, everyTwo(tables, REDRAWN));
  return { measured: { scores, tables: leaderboardOf(tables, REDRAWN) } };
}

function noScores(): HuoyanError {
  return new HuoyanError(
    'empty',
    { en: 'there is a description, but no score file', zh: '只有说明文件，没有分数文件' },
    {
      en: 'send NAME.scores.csv beside NAME.scores.meta.json',
      zh: '请同时发送 NAME.scores.csv 与 NAME.scores.meta.json',
    },
  );
}
