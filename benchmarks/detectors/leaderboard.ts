/**
 * `npm run bench:detectors`: our detectors beside Meso4, MesoInception4, AASIST, a spectrum classifier and one that sees
 * no pixel, on a few files of every source and generator; writes `docs/leaderboard.md` and `docs/leaderboard.html`.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stepOf } from '../../src/bench/conditions/ladder.ts';
import { leaderboardOf } from '../../src/bench/leaderboard.ts';
import { formatOnly, spectrum } from '../../src/bench/peers/baselines.ts';
import { openMeso } from '../../src/bench/peers/meso-detector.ts';
import type { Condition } from '../../src/bench/run/run.ts';
import type { ScoreTable } from '../../src/bench/scores/row.ts';
import { openModels } from '../../src/nn/models.node.ts';
import { leaderboardHtml, leaderboardMarkdown } from '../../src/report/index.ts';
import { faceFiles, pictureFiles } from './files.ts';
import { judged } from './judging.ts';
import { faceswapDetector, mesoOnFaces, synthesisDetector } from './ours.ts';
import { PORTRAIT_SIDE, portraits } from './portraits.ts';
import { speechScores } from './speech.ts';

/** Faces of each class at most: finding them is dear. */
const FACES = 40;

/** Returns the page it wrote. */
export async function leaderboard(data: string, cache: string, rounds: number): Promise<string> {
  const conditions = ['stored', 'jpeg75'].map((name) => stepOf(name) as Condition);
  const weights = join(data, 'weights');
  const models = openModels();
  const scores: ScoreTable[] = [];
  const mesos = ['meso4', 'mesoinception4'] as const;

  const pictures = pictureFiles(data, { real: 4, fake: 3 });
  const place = {
    dataset:
      'Generated pictures and photographs: at most 3 of a generator and 4 of a source, none restored or edited in part',
    cache,
  };
  const foldOf = (source: string) => pictures.sets.get(source)?.fold ?? 0;
  const whole = [...pictures.sets.values()].filter(({ role }) => role === 'whole');
  const taught = whole.map(({ name }) => name.replace(/^fake_/, ''));
  for (const [file, open] of Object.entries({
    'pictures.left-out': async () =>
      synthesisDetector(models, 'ours: synthesis, source and generator left out', foldOf, []),
    'pictures.shipped': async () =>
      synthesisDetector(models, 'ours: synthesis, as shipped (has seen these sources)', null, taught),
    'pictures.meso4': async () => ({ ...(await openMeso('meso4', weights)), seenGenerators: [] }),
    'pictures.mesoinception4': async () => ({
      ...(await openMeso('mesoinception4', weights)),
      seenGenerators: [],
    }),
    'pictures.spectrum': async () => ({ ...(await spectrum(pictures.protocol)), seenGenerators: [] }),
    'pictures.format-only': async () => ({ ...formatOnly(pictures.protocol), seenGenerators: [] }),
  })) {
    // What was learned from is in sample however it is saved: once is enough.
    const steps = file === 'pictures.shipped' ? conditions.slice(0, 1) : conditions;
    scores.push(await judged(await open(), pictures.items, steps, { ...place, file }));
  }

  const faces = faceFiles(data, { real: 3, fake: 4 });
  const cut = await portraits(faces, FACES, cache, { alsoSeen: true });
  const facePlace = {
    dataset: `Swapped and re-enacted faces, against people no network here was fitted on: cut out with surroundings, at most ${PORTRAIT_SIDE} pixels, at most 4 of a method and 3 of a source`,
    cache,
  };
  const onFaces = async (name: (typeof mesos)[number]) => {
    const { inside } = await openMeso(name, weights);
    return mesoOnFaces(`${name}, face crops`, inside);
  };
  for (const [file, open] of Object.entries({
    'faces.shipped': async () => faceswapDetector(models, faces.seen),
    'faces.meso4': async () => onFaces('meso4'),
    'faces.mesoinception4': async () => onFaces('mesoinception4'),
    'faces.meso4-whole': async () => ({
      ...(await openMeso('meso4', weights)),
      ...{ name: 'meso4, whole picture', seenGenerators: [] },
    }),
    'faces.spectrum': async () => ({ ...(await spectrum()), seenGenerators: [] }),
    'faces.format-only': async () => ({ ...formatOnly(), seenGenerators: [] }),
  })) {
    scores.push(await judged(await open(), cut, conditions, { ...facePlace, file }));
  }
  await models.close();

  if (existsSync('.cache/voice')) {
    scores.push(...speechScores(data, 'Speech: 16 kHz, at most 4.5 seconds'));
  } else {
    console.error(
      'no speech: describe it first with "npm run recipe:voice -- describe" (a few minutes of one core)',
    );
  }
  const tables = leaderboardOf(scores, { rounds, seed: 1 });
  const given = process.argv.slice(2);
  const command = ['npm run bench:detectors', ...(given.length > 0 ? ['--', ...given] : [])].join(' ');
  const markdown = leaderboardMarkdown(tables, command);
  writeFileSync('docs/leaderboard.md', markdown);
  writeFileSync('docs/leaderboard.html', leaderboardHtml(tables));
  return markdown;
}
