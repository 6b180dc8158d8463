/** Contract of `huoyan bench`: what goes in, what comes out, exit codes, and what happens to bad input. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataFolder } from '../src/bench/corpus.ts';
import { encodePng } from '../src/media/index.node.ts';
import { benchReportSchema, leaderboardSchema, scoreMetaSchema } from '../src/report/index.ts';
import { BUNDLE, build, huoyan } from './command.ts';

let folder = '';
const at = (name: string) => join(folder, name);
const bench = (...words: string[]) => huoyan(['bench', ...words]);

beforeAll(() => {
  build();
  folder = mkdtempSync(join(tmpdir(), 'huoyan-bench-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(BUNDLE, { recursive: true, force: true });
});

describe('huoyan bench score', () => {
  const table = (shift: number) =>
    `key,label,score\n${Array.from({ length: 200 }, (_, i) => {
      const fake = i % 2;
      return `${fake ? 'g' : 'camera'}${(i >> 1) % 8}/${i}.png,${fake},${Math.sin(i * 12.9898) + shift * fake}`;
    }).join('\n')}\n`;

  it('prints figures with intervals, as JSON and as text in both languages', async () => {
    writeFileSync(at('good.csv'), table(1.5));
    writeFileSync(at('poor.csv'), table(0.2));
    const { code, stdout } = await bench('score', at('good.csv'), at('poor.csv'), '--compare', '--json');
    expect(code).toBe(0);
    const report = JSON.parse(stdout);
    expect(benchReportSchema.parse(report)).toEqual(report);
    const { schema, files, comparisons } = report;
    expect(schema).toBe('huoyan.bench.scores/1');
    const { auc } = files[0].conditions[0].figures;
    expect(auc.lo).toBeLessThan(auc.value);
    expect(auc.value).toBeLessThan(auc.hi);
    expect(files[0].conditions[0]).toMatchObject({ n: 200, sources: { real: 8, fake: 8 }, itemwise: false });
    expect(comparisons[0]).toMatchObject({ common: 200, first: 'good', second: 'poor' });
    expect(comparisons[0].delong.p).toBeLessThan(0.001);
    const english = await bench('score', at('good.csv'));
    expect(english.stdout).toContain(`AUC${' '.repeat(54)}${auc.value.toFixed(3)}`);
    const chinese = await bench('score', at('good.csv'), '--lang', 'zh');
    expect(chinese.stdout).toContain('等错误率');
    const turned = await bench('score', at('good.csv'), '--polarity', 'higher-is-real', '--json');
    expect(JSON.parse(turned.stdout).files[0].conditions[0].figures.auc.value).toBeCloseTo(1 - auc.value, 9);
  });

  it('names the line of a broken file and exits with 4', async () => {
    writeFileSync(at('broken.csv'), 'key,label,score\na,1,0.5\nb,0,much\n');
    const { code, stdout, stderr } = await bench('score', at('broken.csv'));
    expect([code, stdout]).toEqual([4, '']);
    expect(stderr).toContain('line 3');
    expect(stderr).toContain('hint:');
    expect((await bench('score', at('nowhere.csv'))).code).toBe(1);
    expect((await bench('score')).code).toBe(2);
    expect((await bench('score', at('good.csv'), '--compare')).code).toBe(2);
    writeFileSync(at('reals.csv'), 'key,label,score\na,0,0.5\nb,0,0.2\n');
    expect((await bench('score', at('reals.csv'))).code).toBe(3);
  });

  const peers = dataFolder() ? join(dataFolder() as string, 'peers') : '';
  it.skipIf(!existsSync(peers))('reads the published scores of peers', async () => {
    const paths = ['AASIST', 'AASIST-L'].map((name) => join(peers, `audio.${name}.csv`));
    const { code, stdout } = await bench('score', ...paths, '--compare', '--json');
    expect(code).toBe(0);
    const { files, comparisons } = JSON.parse(stdout);
    files.forEach((file: { conditions: { n: number; figures: { auc: { value: number } } }[] }, i: number) => {
      // The area counted pair by pair.
      const rows = readFileSync(paths[i], 'utf8').trim().split('\n').slice(1);
      const cells = rows.map((line) => line.split(',').slice(-2).map(Number));
      const [ups, downs] = [1, 0].map((label) => cells.filter(([l]) => l === label).map(([, s]) => s));
      const won = ups.flatMap((u) => downs.map((d) => Number(u > d) + Number(u === d) / 2));
      expect(file.conditions[0].n).toBe(rows.length);
      expect(file.conditions[0].figures.auc.value).toBeCloseTo(
        won.reduce((a, b) => a + b, 0) / won.length,
        9,
      );
    });
    expect(comparisons[0].common).toBe(files[0].conditions[0].n);
  });
});

describe('huoyan bench leaderboard', () => {
  it('puts detectors of the same files side by side, in Markdown and HTML', async () => {
    const table = (strength: number) =>
      `key,label,score,condition\n${['stored', 'jpeg50']
        .flatMap((condition, c) =>
          Array.from({ length: 60 }, (_, i) => {
            const score = Math.sin(i * 12.9898) + (strength - 0.8 * c) * (i % 2);
            return `${i % 2 ? 'g' : 'r'}${(i >> 1) % 6}/${i}.png,${i % 2},${score},${condition}`;
          }),
        )
        .join('\n')}\n`;
    writeFileSync(at('better.csv'), table(2));
    writeFileSync(at('<b>worse.csv'), table(0.5));
    const { code, stdout } = await bench(
      ...['leaderboard', at('<b>worse.csv'), at('better.csv'), '--rounds', '100', '--json'],
      ...['--markdown', at('board.md'), '--html', at('board.html')],
    );
    expect(code).toBe(0);
    const document = JSON.parse(stdout);
    expect(leaderboardSchema.parse(document)).toEqual(document);
    const { tables } = document;
    expect(tables).toHaveLength(1);
    expect(tables[0].rows.map((row: { detector: string }) => row.detector)).toEqual(['better', '<b>worse']);
    expect(tables[0].rows[0].worst.condition).toBe('jpeg50');
    expect(tables[0].rows[0].conditions.map((one: { condition: string }) => one.condition)).toEqual([
      'stored',
      'jpeg50',
    ]);
    // The first file named against the other.
    expect(tables[0].comparisons[0]).toMatchObject({ first: '<b>worse', second: 'better', common: 60 });
    expect(tables[0].comparisons[0].clustered.value).toBeLessThan(0);
    const markdown = readFileSync(at('board.md'), 'utf8');
    expect(markdown).toContain('| detector | stored | jpeg50 |');
    expect(markdown).toContain('| other | files | difference |');
    expect(markdown).toContain(`| better | 100.0 % | ${tables[0].rows[0].auc.value.toFixed(3)} (`);
    const page = readFileSync(at('board.html'), 'utf8');
    expect(page).not.toContain('<b>worse');
    expect(page).toContain('&lt;b&gt;worse');
    expect((await bench('leaderboard')).code).toBe(2);
    const described = await huoyan(['schema', 'leaderboard']);
    expect(JSON.parse(described.stdout).$id).toBe('urn:huoyan:schema:leaderboard:1');
  });
});

describe('huoyan bench run', () => {
  it('judges by any program, goes on where it stopped, and puts it behind the defence when told to', async () => {
    for (const [folder, shade] of Object.entries({ '0_real': 60, '1_fake': 180 })) {
      mkdirSync(at(`tree/${folder}`), { recursive: true });
      const data = new Uint8Array(3 * 48 * 40).map((_, k) => shade + ((k * 3) % 40));
      writeFileSync(at(`tree/${folder}/1.png`), await encodePng({ width: 48, height: 40, data }));
    }
    // A program that goes by the size of the file, and writes down that it was asked.
    const asked = at('asked.txt');
    writeFileSync(
      at('size.mjs'),
      `import { appendFileSync, statSync } from 'node:fs';
const { size } = statSync(process.argv[2]);
appendFileSync(${JSON.stringify(asked)}, size + '\\n');
console.log(Math.min(1, size / 10000));`,
    );
    const run = (out: string, ...more: string[]) =>
      bench(
        ...['run', at('tree'), '--out', at(out), '--command', `node ${at('size.mjs')} {file}`],
        ...['--no-leakage', ...more],
      );
    expect((await run('bare.scores.ndjson')).code).toBe(0);
    const times = () => readFileSync(asked, 'utf8').trim().split('\n').length;
    expect(times()).toBe(2);
    expect((await run('bare.scores.ndjson')).stderr).toContain('2 known already');
    expect(times()).toBe(2);
    expect((await run('guarded.scores.ndjson', '--defended')).code).toBe(0);
    // Five looks at each, none of them at the file as it is.
    expect(times()).toBe(12);
    const meta = JSON.parse(readFileSync(at('guarded.scores.meta.json'), 'utf8'));
    expect(scoreMetaSchema.parse(meta).detector.name).toBe('command+defended');
    // Scores with and without it are not mixed.
    const mixed = await run('bare.scores.ndjson', '--defended');
    expect(mixed.code).toBeGreaterThan(0);
    expect(mixed.stderr).toContain('hint:');
  }, 120_000);
});
