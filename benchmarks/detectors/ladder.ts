/**
 * `npm run bench:detectors -- ladder`: ours and Meso4 on the same files in every condition of the ladder, because public
 * detectors were seen to fail not on new generators alone but on subtitles, filters and three saves.
 */
import { join } from 'node:path';
import { STEPS, stepOf } from '../../src/bench/conditions/ladder.ts';
import { leaderboardOf } from '../../src/bench/leaderboard.ts';
import { openMeso } from '../../src/bench/peers/meso-detector.ts';
import type { Condition } from '../../src/bench/run/run.ts';
import type { ScoreTable } from '../../src/bench/scores/row.ts';
import { openModels } from '../../src/nn/models.node.ts';
import { faceFiles, pictureFiles, spread } from './files.ts';
import { judged } from './judging.ts';
import { faceswapDetector, mesoOnFaces, synthesisDetector } from './ours.ts';
import { MIDDLE_SIDE, middles, PORTRAIT_SIDE, portraits } from './portraits.ts';

/** Of each class. */
const PICTURES = 40;
const FACES = 40;

/** Returns the section of the page. */
export async function ladder(data: string, cache: string, rounds: number): Promise<string> {
  const conditions = STEPS.map((name) => stepOf(name) as Condition);
  const models = openModels();
  const weights = join(data, 'weights');
  const { items: all, sets } = pictureFiles(data, { real: 1, fake: 1 });
  const chosen = (['real', 'fake'] as const).flatMap((label) =>
    spread(
      all.filter((item) => item.label === label),
      PICTURES,
    ),
  );
  const pictures = await middles(chosen, cache);
  const faces = await portraits(faceFiles(data, { real: 6, fake: 12 }), FACES, cache);
  const place = {
    cache,
    dataset: `Photographs and generated pictures, one of a source or generator, the middle ${MIDDLE_SIDE} pixels`,
  };
  const onFaces = {
    cache,
    dataset: `Faces of sources and methods not learned from, cut out with surroundings, at most ${PORTRAIT_SIDE} pixels`,
  };
  const foldOf = (source: string) => sets.get(source)?.fold ?? 0;
  const ours = synthesisDetector(models, 'ours: synthesis, source and generator left out', foldOf, []);
  const scores: ScoreTable[] = [
    await judged(ours, pictures, conditions, { ...place, file: 'ladder.pictures.synthesis' }),
    await judged(await openMeso('meso4', weights), pictures, conditions, {
      ...{ ...place, file: 'ladder.pictures.meso4' },
    }),
    await judged(faceswapDetector(models, []), faces, conditions, {
      ...onFaces,
      file: 'ladder.faces.faceswap',
    }),
    await judged(
      mesoOnFaces('meso4, face crops', (await openMeso('meso4', weights)).inside),
      ...([faces, conditions, { ...onFaces, file: 'ladder.faces.meso4' }] as const),
    ),
  ];
  await models.close();
  const tables = leaderboardOf(scores, { rounds, seed: 1 });
  const lines = [
    `## In the wild

Printed by \`npm run bench:detectors -- ladder\`. The same files in every condition of \`huoyan bench run --conditions all\`, both classes alike. AUC with its 95 % interval, sources redrawn; flips: verdicts that turned to their opposite, of those that had a side as stored (ours seldom has one: "inconclusive" is none). 0.5 is chance; files that a detector could not judge are not in its AUC.
`,
  ];
  for (const { name, reals, fakes, rows } of tables) {
    lines.push(`### ${name}`, '', `${reals} real, ${fakes} fake.`, '');
    lines.push(`| condition | ${rows.flatMap(({ detector }) => [detector, 'flips']).join(' | ')} |`);
    lines.push(`| --- |${rows.map(() => ' --- | --- |').join('')}`);
    for (const { name: condition } of conditions) {
      const cells = rows.flatMap((row) => {
        const found = row.conditions.find((one) => one.condition === condition);
        if (!found) return ['–', '–'];
        const { value, lo, hi } = found.auc;
        const { flips } = found;
        return [
          `${value.toFixed(2)} (${lo.toFixed(2)}–${hi.toFixed(2)})`,
          flips ? `${flips.count} of ${flips.n}` : '–',
        ];
      });
      lines.push(`| ${[condition, ...cells].join(' | ')} |`);
    }
    lines.push('');
  }
  return lines.join('\n');
}
