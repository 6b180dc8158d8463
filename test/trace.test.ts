/** Contract of `huoyan trace`: enrolment, records, exit codes, pages, and what happens to bad input. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { babble } from '../src/core/voice/babble.test-support.ts';
import { encodePng } from '../src/media/index.node.ts';
import { wavOf } from '../src/media/sound/wav.test-support.ts';
import { traceRecordSchema } from '../src/report/index.ts';
import { type Painter, painted } from '../src/trace/painters.test-support.ts';
import { BUNDLE, build, huoyan } from './command.ts';

let folder = '';
const at = (name: string) => join(folder, name);
const trace = (...words: string[]) => huoyan(['trace', ...words], { env: { HUOYAN_HOME: at('home') } });
const examples = (painter: Painter, from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => at(`${painter}-${from + i}.png`));

beforeAll(async () => {
  build();
  folder = mkdtempSync(join(tmpdir(), 'huoyan-trace-'));
  for (const painter of ['doubled', 'checkered'] as const)
    for (let i = 0; i < 8; i++)
      writeFileSync(at(`${painter}-${i}.png`), await encodePng(painted(painter, i)));
  writeFileSync(at('icon.png'), await encodePng(painted('camera', 1, 40)));
  writeFileSync(at('words.png'), 'no picture');
  for (let i = 0; i < 6; i++) writeFileSync(at(`voice-${i}.wav`), wavOf([babble(2, i)], 16_000));
  writeFileSync(at('silence.wav'), wavOf([new Float32Array(16_000)], 16_000));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(BUNDLE, { recursive: true, force: true });
});

describe('huoyan trace', () => {
  it('enrols a generator, lists it, names it, and forgets it', async () => {
    const enrolled = await trace('enrol', 'the doubler', ...examples('doubled', 0, 6));
    expect(enrolled.code).toBe(0);
    expect(enrolled.stderr).toContain('enrolled from 6 pictures');
    expect(JSON.parse((await trace('enrolled', '--json')).stdout).enrolled).toEqual(['the doubler']);

    const { code, stdout } = await trace('--ndjson', at('doubled-7.png'), at('checkered-7.png'));
    expect(code).toBe(0);
    const [own, other] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => traceRecordSchema.parse(JSON.parse(line)));
    const first = (record: unknown) => (record as { attribution: { generator: string }[] }).attribution[0];
    expect(first(own)).toMatchObject({ generator: 'the doubler', origin: 'enrolled' });
    expect(first(other)).not.toMatchObject({ probability: 1 });

    const { stdout: line } = await trace(at('doubled-7.png'));
    expect(line).toContain('the doubler');
    const analysed = await huoyan(['analyze', '--no-stability', '--ndjson', at('doubled-7.png')], {
      env: { HUOYAN_HOME: at('home') },
    });
    const evidence = JSON.parse(analysed.stdout).evidence as { detector: string; status: string }[];
    expect(evidence.find((e) => e.detector === 'enrolled')?.status).toBe('detected');

    expect((await trace('forget', 'the doubler')).code).toBe(0);
    expect((await trace('forget', 'the doubler')).code).toBe(1);
  });

  it('traces voices beside pictures, and enrols a system from five clips', async () => {
    const clips = [0, 1, 2, 3, 4].map((i) => at(`voice-${i}.wav`));
    const mixed = await trace('enrol', 'mixed', ...clips, at('doubled-0.png'));
    expect(mixed.code).toBe(2);
    expect(mixed.stderr).toContain('from pictures and sounds at once');
    const enrolled = await trace('enrol', 'the babbler', ...clips);
    expect(enrolled.code).toBe(0);
    expect(enrolled.stderr).toContain('enrolled from 5 clips');
    expect(JSON.parse((await trace('enrolled', '--json')).stdout)).toMatchObject({
      enrolled: ['the babbler'],
      voices: ['the babbler'],
      pictures: [],
    });
    const { code, stdout } = await trace(
      ...['--ndjson', at('voice-5.wav'), at('doubled-7.png'), at('silence.wav')],
      ...['--html', at('mixed.html'), '--quiet'],
    );
    expect(code).toBe(0);
    const [voice, picture, silence] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => traceRecordSchema.parse(JSON.parse(line)));
    expect(voice).toMatchObject({
      kind: 'audio',
      attribution: [{ generator: 'the babbler', origin: 'enrolled' }, ...Array(9).fill(expect.anything())],
      sound: { duration: 2, band: 'wide' },
    });
    expect(picture).toMatchObject({ kind: 'image', status: 'traced' });
    expect(silence).toMatchObject({ status: 'notApplicable', reason: 'no-speech', limit: 0.5 });
    expect(readFileSync(at('mixed.html'), 'utf8')).toContain('the babbler');
    expect((await trace('forget', 'the babbler')).code).toBe(0);
    expect(JSON.parse((await trace('enrolled', '--json')).stdout).enrolled).toEqual([]);
  });

  it('says what it cannot trace, and goes on', async () => {
    const { code, stdout } = await trace('--json', at('icon.png'), at('words.png'), at('doubled-1.png'));
    expect(code).toBe(3);
    const { records } = JSON.parse(stdout);
    expect(records).toHaveLength(3);
    expect(records[0]).toMatchObject({ status: 'notApplicable', reason: 'too-small', limit: 96 });
    expect(records[1].error.code).toBe('unsupported-format');
    expect(records[1].error.hint).toBeTruthy();
    expect(records[2].status).toBe('traced');
  });

  it('refuses too few pictures and impossible names', async () => {
    const few = await trace('enrol', 'few', ...examples('doubled', 0, 3));
    expect(few.code).toBe(2);
    expect(few.stderr).toContain('at least 5');
    expect((await trace('enrol', '../up', ...examples('doubled', 0, 6))).code).toBe(2);
    expect((await trace()).code).toBe(2);
  });

  it('writes whole pages', async () => {
    const { code } = await trace(
      at('doubled-0.png'),
      at('doubled-1.png'),
      '--html',
      at('trace.html'),
      '--quiet',
    );
    expect(code).toBe(0);
    expect(readFileSync(at('trace.html'), 'utf8')).toContain('</html>');
    const missing = await trace(at('doubled-0.png'), '--html', at('nowhere/trace.html'));
    expect(missing.code).toBe(1);
  });

  it('sorts a folder into its sources', async () => {
    const { code, stdout } = await trace(
      'cluster',
      ...examples('doubled', 0, 8),
      ...examples('checkered', 0, 8),
      ...['--json', '--html', at('groups.html'), '--quiet'],
    );
    expect(code).toBe(0);
    const { clusters, unclustered } = JSON.parse(stdout) as {
      clusters: { files: string[] }[];
      unclustered: string[];
    };
    expect(clusters.length).toBeGreaterThanOrEqual(2);
    for (const { files } of clusters)
      expect(new Set(files.map((file) => file.replace(/-\d+\.png$/, ''))).size).toBe(1);
    expect(clusters.flatMap((c) => c.files).length + unclustered.length).toBe(16);
    expect(existsSync(at('groups.html'))).toBe(true);
  });

  it('remembers pictures, finds those of one source, and forgets', async () => {
    const index = (...words: string[]) => trace('index', ...words, '--index', at('index'));
    const added = await index(
      'add',
      ...examples('doubled', 0, 4),
      ...examples('checkered', 0, 4),
      at('words.png'),
    );
    expect(added.code).toBe(3);
    expect(added.stderr).toContain('8 pictures in the index');
    expect((await index('add', at('doubled-0.png'))).stderr).toContain('8 pictures in the index');
    const found = await index('search', at('checkered-7.png'), '--json', '--count', '3');
    const { matches } = JSON.parse(found.stdout) as { matches: { file: string; similarity: number }[] };
    expect(matches).toHaveLength(3);
    for (const { file, similarity } of matches) {
      expect(file).toContain('checkered');
      expect(similarity).toBeGreaterThan(0);
    }
    const removed = await index('remove', at('doubled-0.png'), at('doubled-7.png'));
    expect(removed.code).toBe(0);
    expect(removed.stderr).toContain('7 pictures in the index');
    expect(removed.stderr).toContain('was not in the index');
  });
});
