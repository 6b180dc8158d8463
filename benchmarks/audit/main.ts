/**
 * The tables of docs/measured/audit.md, printed to standard output:
 *   npm run bench:audit > docs/measured/audit.md
 * Needs the data folder (HUOYAN_DATA, or shared/data beside the checkout) and the face networks. Makes impersonations
 * of everybody in the galleries into a temporary folder, which is removed; answers are remembered in `.cache/audit`,
 * so that an interrupted run goes on.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Journal } from '../../src/audit/calls/journal.node.ts';
import { huoyanGate } from '../../src/audit/gates/huoyan.node.ts';
import { auditLive } from '../../src/audit/live.node.ts';
import { readFakes } from '../../src/audit/material/fakes.node.ts';
import { readGallery } from '../../src/audit/material/gallery.node.ts';
import { METHODS } from '../../src/audit/material/impersonation.ts';
import { makeImpersonations } from '../../src/audit/material/make.node.ts';
import { measure } from '../../src/audit/measure/sets.ts';
import { NameBook } from '../../src/audit/names.ts';
import { installedLocals, localRecognisers } from '../../src/audit/recognisers/local.node.ts';
import { readRecorded } from '../../src/audit/recorded/read.node.ts';
import { dataFolder } from '../../src/bench/corpus.ts';
import type { AuditProblem, AuditRate, AuditSet } from '../../src/core/audit.ts';
import { installedFaceFinder } from '../../src/face/finder.node.ts';
import { encodePng } from '../../src/media/index.node.ts';

const data = dataFolder();
if (!data) throw new Error('no data folder: set HUOYAN_DATA');

const print = (text: string) => process.stdout.write(`${text}\n`);
const tenths = (share: number) => (100 * share).toFixed(1);
const cell = ({ rate, lo, hi }: AuditRate) => `${tenths(rate)} (${tenths(lo)}–${tenths(hi)})`;
function table(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  print([line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n'));
  print('');
}

const setRow = (set: AuditSet) => [
  set.name,
  set.service,
  `${set.n}`,
  cell(set.targeted),
  cell(set.nonTargeted),
  cell(set.misidentified),
  cell(set.targetedByIdentity),
  `${set.inverted.count}`,
  `${set.personsImpersonated} of ${set.persons}`,
];
const SET_HEAD = [
  'set',
  'service',
  'n',
  'targeted %',
  'named anybody %',
  'somebody else %',
  'targeted whatever the spelling %',
  'above the real picture',
  'people impersonated',
];

print('# Recognisers under impersonation: what was measured\n');
print(
  'Printed by `npm run bench:audit`. Intervals are 95 %, the wider at each end of Wilson and of a bootstrap over people.\n',
);

print('## Recorded answers (arXiv 2103.00847, Microsoft Azure)\n');
const answers = [];
for (const name of ['vox2', 'FOM', 'FaceApp'])
  answers.push(
    ...(await readRecorded(join(data, 'audit', `Results_${name}.csv`), { service: 'Azure' })).answers,
  );
const recorded = measure(answers).sets;
table(SET_HEAD, recorded.map(setRow));
const thresholds = [0.9, 0.95, 0.99];
table(
  ['set', ...thresholds.map((t) => `targeted % from confidence ${t}`)],
  recorded.map((set) => [
    set.name,
    ...thresholds.map((t) =>
      cell(set.byThreshold.find((one) => one.threshold === t)?.targeted ?? set.targeted),
    ),
  ]),
);

const book = new NameBook();
const gallery = await readGallery([join(data, 'faces')], book);
const folder = mkdtempSync(join(tmpdir(), 'huoyan-impersonations-'));
try {
  const problems: AuditProblem[] = [];
  const lists = new Map(METHODS.map((method) => [method, ['file,person,method']]));
  for (const method of METHODS) mkdirSync(join(folder, `self-made ${method}`));
  const made = makeImpersonations(gallery, installedFaceFinder(), {
    count: 2,
    seed: 1,
    methods: METHODS,
    problems,
  });
  for await (const { person, method, image } of made) {
    const list = lists.get(method) as string[];
    const file = `${list.length}.png`;
    writeFileSync(join(folder, `self-made ${method}`, file), await encodePng(image));
    list.push(`${file},${person},${method}`);
  }
  const sets = [];
  for (const [method, list] of lists) {
    writeFileSync(join(folder, `self-made ${method}`, 'fakes.csv'), `${list.join('\n')}\n`);
    sets.push(await readFakes(join(folder, `self-made ${method}`), book));
  }
  for (const name of ['impersonation_celebfom', 'impersonation_celebblend'])
    sets.push(await readFakes(join(data, 'faces', name), book));
  const journal = await Journal.open(join('.cache', 'audit', 'bench.ndjson'));
  const gate = await huoyanGate();
  const began = performance.now();
  const { audit, calls } = await auditLive(
    localRecognisers(await installedLocals()),
    { gallery, sets, book },
    {
      memory: journal,
      gates: [gate],
      progress: (what, done, of) => {
        if (done % 50 === 0) process.stderr.write(`${what} ${done}/${of}\n`);
      },
    },
  );
  const seconds = Math.round((performance.now() - began) / 1000);
  await journal.close();
  await gate.close();

  print('## Recognisers that are here without an account\n');
  print(
    'All pairs of photos of the galleries; named right: photos that were not enrolled, at that threshold.\n',
  );
  table(
    [
      'recogniser',
      'photos / people',
      'pairs same / different',
      'AUC',
      'threshold at 0.1 % false match',
      'not matched there %',
      'probes',
      'named right %',
      'named wrong %',
    ],
    audit.accuracy.map((one) => [
      one.service,
      `${one.photos} / ${one.people}`,
      one.pairs ? `${one.pairs.genuine} / ${one.pairs.impostor}` : '–',
      one.pairs?.auc.toFixed(4) ?? '–',
      one.pairs?.threshold.toFixed(3) ?? '–',
      one.pairs ? cell(one.pairs.falseNonMatch) : '–',
      `${one.probes}`,
      cell(one.identified),
      cell(one.misidentified),
    ]),
  );
  print('## Under attack\n');
  print(
    '`self-made` sets: two fakes of each person and method, `huoyan audit impersonate` with seed 1, without visible marks.\n',
  );
  table(SET_HEAD, audit.sets.map(setRow));
  print('## With our own analysis in front\n');
  print(
    'Every picture compressed again alike (JPEG 92). Residual: fakes that pass and are named as the person. `*`: all sets.\n',
  );
  table(
    [
      'recogniser',
      'set',
      'fakes',
      'real photos',
      'without a gate %',
      'real photos turned away %',
      'residual targeted %',
    ],
    audit.gates.map((one) => [
      one.service,
      one.set,
      `${one.fakes}`,
      `${one.reals}`,
      cell(one.before),
      cell(one.operating.falseReject),
      cell(one.operating.residual),
    ]),
  );
  const count = calls.reduce((sum, { counts }) => sum + counts.made, 0);
  process.stderr.write(`${count} calls, ${seconds} s\n`);
  for (const { file, error } of [...problems, ...audit.problems])
    process.stderr.write(`${file}: ${error.message}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(0);
