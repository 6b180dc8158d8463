/**
 * Speech: our scores by fits that had not heard the page of a file, and the published scores of AASIST on the same files.
 * The network that ships was fitted on all of them and cannot be judged on them.
 */
import { isNarrowRoad } from '../../recipes/voice/channel.ts';
import { corpus } from '../../recipes/voice/describe.ts';
import { scoreOn } from '../../recipes/voice/fit.ts';
import { judged } from '../../recipes/voice/judged.ts';
import type { ScoreMeta, ScoreRow, ScoreTable } from '../../src/bench/scores/row.ts';
import { llrInterval, llrOf } from '../../src/evidence/synthesis/calibration.ts';
import { weigh } from '../../src/evidence/verdict.ts';
import { CALIBRATIONS } from '../../src/evidence/voice/fitted.ts';
import { PEERS, peerScores } from '../voice/peers.ts';

/** The tables, ours first. */
export function speechScores(data: string, dataset: string): ScoreTable[] {
  const found = judged('page', corpus()).filter(({ road }) => road !== 'random');
  const rows = found.map((one): ScoreRow => {
    const score = scoreOn(one);
    const calibration = CALIBRATIONS[isNarrowRoad(one.road) ? 'narrow' : 'wide'];
    const llr = llrOf(score, calibration);
    const { label } = weigh([
      {
        ...{ status: 'detected', detector: 'voice', version: '', claim: 'synthetic', regions: [] },
        ...{ summary: { en: '', zh: '' }, details: {}, llr, llrInterval: llrInterval(score, calibration) },
      },
    ]);
    return {
      ...{ key: `${one.set.name}/${one.file}`, label: one.fake ? 'fake' : 'real', condition: one.road },
      ...{ score: llr, status: label === 'inconclusive' ? 'inconclusive' : 'ok', verdict: label, dataset },
      source: one.set.name,
      ...(one.fake ? { generator: one.set.name.replace(/^fake_/, '') } : {}),
    };
  });
  const table = (
    name: string,
    list: readonly ScoreRow[],
    more: Pick<ScoreMeta, 'scale' | 'threshold' | 'seenGenerators'>,
  ): ScoreTable => ({
    ...{ name, rows: list, incomplete: 0 },
    meta: {
      ...{ schema: 'huoyan.scores/1', detector: { name }, dataset, polarity: 'higher-is-fake' },
      ...more,
    },
  });
  const ours = table('ours: voice, page left out', rows, {
    scale: 'logit',
    threshold: 0,
    seenGenerators: [],
  });
  const peers = PEERS.flatMap((name) => {
    const scores = peerScores(data, name);
    if (!scores) return [];
    const theirs = rows.flatMap((row): ScoreRow[] => {
      const score = scores.get(row.key);
      if (row.condition !== 'stored' || score === undefined) return [];
      const { verdict: _, ...rest } = row;
      return [{ ...rest, score, status: 'ok' }];
    });
    return [table(`${name}, published scores`, theirs, { scale: 'unbounded' })];
  });
  return [ours, ...peers];
}
