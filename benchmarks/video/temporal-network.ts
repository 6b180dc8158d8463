/**
 * What the temporal network tells apart: faces rendered anew by the recipe, in clips of sources it was not fitted on; and
 * true fakes, of methods and sources the shipped one was not fitted on, as they are and coded anew.
 */
import { temporalNetwork } from '../../recipes/temporal/network.ts';
import { type KeptRun, readRuns } from '../../recipes/temporal/runs.ts';
import { fitTemporal, learnable, type TemporalFit } from '../../recipes/temporal/train.ts';
import { MODEL, scoreChanges } from '../../src/evidence/temporal/score.ts';
import { exportInference } from '../../src/nn/index.ts';
import { openModels } from '../../src/nn/models.node.ts';
import type { Models } from '../../src/nn/models.ts';
import { nodeRuntime } from '../../src/nn/runtime.node.ts';
import { areaCell, type Scored } from './tables.ts';

const FOLDS = 4;

/** Sources in turn, so that each fold has large and small ones. */
function foldsOf(runs: readonly KeptRun[]): Map<string, number> {
  const sets = [...new Set(runs.map(({ set }) => set))].sort();
  return new Map(sets.map((set, i) => [set, i % FOLDS]));
}

async function opened({ scaling, weights }: TemporalFit): Promise<Models> {
  const session = await (await nodeRuntime()).load(exportInference(temporalNetwork(scaling), weights));
  return {
    session: async () => session,
    card: async (name) => {
      throw new RangeError(`${name} has no card`);
    },
    close: () => session.release(),
  };
}

async function scored(
  runs: readonly KeptRun[],
  models: Models,
): Promise<(Scored & Pick<KeptRun, 'version'>)[]> {
  const out: (Scored & Pick<KeptRun, 'version'>)[] = [];
  for (const { set, fake, version, changes } of runs)
    out.push({ set, fake, version, score: await scoreChanges(changes, models) });
  return out;
}

/** Every run that can be learnt from, judged by a fit without its source. */
async function leftOut(runs: readonly KeptRun[]): Promise<(Scored & Pick<KeptRun, 'version'>)[]> {
  const folds = foldsOf(runs);
  const out: (Scored & Pick<KeptRun, 'version'>)[] = [];
  for (let fold = 0; fold < FOLDS; fold++) {
    const outside = runs.filter(({ set }) => folds.get(set) !== fold);
    const models = await opened(await fitTemporal(outside, 1));
    out.push(
      ...(await scored(
        runs.filter(({ set }) => folds.get(set) === fold),
        models,
      )),
    );
    await models.close();
  }
  return out;
}

export async function temporalNetworkTable(cache: string): Promise<string> {
  const all = readRuns(cache);
  const rendered = (await leftOut(all.filter(learnable))).filter(
    ({ version, fake }) => version === 'rendered' || !fake,
  );
  const models = openModels();
  const heldOut = (version: KeptRun['version']) =>
    scored(
      all.filter((run) => run.side === 'held-out' && run.version === version),
      models,
    );
  const rows: readonly (readonly [string, readonly Scored[]])[] = [
    ['faces rendered anew by the recipe, source left out', rendered],
    ['true fakes of methods and sources not trained on, as stored', await heldOut('stored')],
    ['the same, cut to the face and coded anew', await heldOut('coded')],
  ];
  await models.close();
  return `${[
    `## The temporal network (\`${MODEL}\`)`,
    '',
    'AUC over runs of successive frames; sources count alike; 95 % interval over sources.',
    '',
    '| runs | real | fake | sources | AUC |',
    '| --- | --- | --- | --- | --- |',
    ...rows.map(
      ([name, own]) =>
        `| ${name} | ${own.filter(({ fake }) => !fake).length} | ${own.filter(({ fake }) => fake).length} | ${new Set(own.map(({ set }) => set)).size} | ${areaCell(own)} |`,
    ),
  ].join('\n')}\n`;
}
