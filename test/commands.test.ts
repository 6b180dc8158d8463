/** Contract of everything but `analyze`: help, usage errors, doctor, models, schema, completion, the library. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeJpeg } from '../src/media/index.node.ts';
import { BUNDLE, build, huoyan, ROOT } from './command.ts';
import { picture } from './pictures.ts';

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

beforeAll(() => build());
afterAll(() => rmSync(BUNDLE, { recursive: true, force: true }));

describe('help and version', () => {
  it('prints the version of the package', async () => {
    expect(await huoyan(['--version'])).toEqual({ code: 0, stdout: `${manifest.version}\n`, stderr: '' });
  });

  it('documents the exit codes, in both languages', async () => {
    const english = await huoyan(['analyze', '--help']);
    expect([english.code, english.stderr]).toEqual([0, '']);
    for (const code of ['0', '1', '2', '3', '4', '5', '10'])
      expect(english.stdout).toMatch(new RegExp(`^  ${code} +\\w`, 'm'));
    const chinese = await huoyan(['analyze', '--help', '--lang', 'zh']);
    expect(chinese.stdout).toContain('退出码：');
    expect(chinese.stdout).toContain('用法：');
    expect((await huoyan(['--help'])).stdout).toContain('doctor');
  });

  it('shows help on standard error when called with nothing', async () => {
    const { code, stdout, stderr } = await huoyan([]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('analyze');
  });
});

describe('wrong usage', () => {
  it.each([
    [['analyze']],
    [['analyze', '--nonsense', 'x']],
    [['photo.jpg']],
    [['analyze', '--prior', '1.5', 'x']],
    [['analyze', '--prior', 'half', 'x']],
    [['analyze', '--jobs', '0', 'x']],
    [['analyze', '--timeout', '-3', 'x']],
    [['analyze', '--json', '--ndjson', 'x']],
    [['analyze', '--fail-on', 'bad', 'x']],
    [['analyze', '--lang', 'fr', 'x']],
    [['analyze', '--html']],
    [['analyze', '-', '--files-from', '-']],
    [['schema', 'nonsense']],
    [['schema', 'constructor']],
    [['completion', 'tcsh']],
    [['completion']],
    [['doctor', 'extra']],
  ])('%j exits with 2, a reason and a hint', async (args) => {
    const { code, stdout, stderr } = await huoyan(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^error: \S.*\n {2}hint: \S.*\n$/);
  });

  it.each([
    [['analyze']],
    [['analyze', '--nonsense', 'x']],
    [['photo.jpg']],
    [['analyze', '--prior', '1.5', 'x']],
    [['analyze', '--json', '--ndjson', 'x']],
    [['completion']],
  ])('%j is told in Chinese too', async (args) => {
    const { code, stderr } = await huoyan(args, { env: { LANG: 'zh_CN.UTF-8' } });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^错误：.*[\u4e00-\u9fff].*\n {2}提示：.*[\u4e00-\u9fff].*\n$/);
  });
});

describe('doctor', () => {
  it('finds every part at work here', async () => {
    const { code, stdout } = await huoyan(['doctor', '--json']);
    const { ok, checks } = JSON.parse(stdout);
    const bad = checks.filter((check: { status: string }) => check.status === 'missing');
    expect([code, ok, bad]).toEqual([0, true, []]);
    expect(checks.map((check: { name: string }) => check.name)).toEqual(
      expect.arrayContaining(['node', 'pictures', 'runtime', 'models', 'faces', 'c2pa', 'reports']),
    );
  });

  it('speaks to people in their language', async () => {
    expect((await huoyan(['doctor'])).stdout).toContain('Node.js');
    expect((await huoyan(['doctor', '--lang', 'zh'])).stdout).toContain('正常');
  });
});

describe('models', () => {
  it('lists every card that is shipped', async () => {
    const shipped = readdirSync(join(ROOT, 'models'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.card.json'))
      .map((name) => JSON.parse(readFileSync(join(ROOT, 'models', name), 'utf8')).name);
    const { code, stdout } = await huoyan(['models', '--json']);
    expect(code).toBe(0);
    const names = JSON.parse(stdout).models.map((card: { name: string }) => card.name);
    expect(names.sort()).toEqual(shipped.sort());
    const table = await huoyan(['models']);
    for (const name of shipped) expect(table.stdout).toContain(name);
  });
});

describe('schema', () => {
  it('is the one that is published', async () => {
    const { code, stdout } = await huoyan(['schema', 'analysis']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(
      JSON.parse(readFileSync(join(ROOT, 'schemas', 'analysis.schema.json'), 'utf8')),
    );
  });
});

describe('completion', () => {
  it('is a script the shell accepts, and knows commands and flags', async () => {
    const { code, stdout } = await huoyan(['completion', 'bash']);
    expect(code).toBe(0);
    const ask = `COMP_WORDS=(huoyan do); COMP_CWORD=1; _huoyan; echo "\${COMPREPLY[@]}"; COMP_WORDS=(huoyan analyze --nd); COMP_CWORD=2; _huoyan; echo "\${COMPREPLY[@]}"`;
    const bash = spawnSync('bash', ['-c', `${stdout}\n${ask}`], { encoding: 'utf8' });
    expect(bash.stdout.trim().split('\n')).toEqual(['doctor', '--ndjson']);
  });
});

describe('the package', () => {
  it('is a library: bytes in, an analysis out', async () => {
    const bytes = await encodeJpeg(picture(9, 320, 320), { quality: 90 });
    const script = `
      const { analyze, toRecord, closeShared, HuoyanError } = await import(${JSON.stringify(pathToFileURL(join(BUNDLE, 'index.js')).href)});
      const { readFileSync } = await import('node:fs');
      const analysis = await analyze(readFileSync(0), { name: 'mine.jpg', stability: false });
      const missing = await analyze('/no/such/file.jpg');
      console.log(JSON.stringify([toRecord(analysis), missing.error instanceof HuoyanError, missing.error.code]));
      await closeShared();`;
    const node = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      input: bytes,
      encoding: 'utf8',
      cwd: ROOT,
    });
    expect(node.stderr).toBe('');
    const [record, isOurs, code] = JSON.parse(node.stdout);
    expect(record).toMatchObject({ file: 'mine.jpg', kind: 'image' });
    expect([isOurs, code]).toEqual([true, 'not-found']);
  });

  it('carries what is needed and nothing else', () => {
    const packed = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    const files: string[] = JSON.parse(packed.stdout)[0].files.map((file: { path: string }) => file.path);
    expect(files).toEqual(
      expect.arrayContaining(['LICENSE', 'package.json', 'schemas/analysis.schema.json']),
    );
    expect(files.filter((path) => !/^(dist|models|schemas)\/|^[^/]+$/.test(path))).toEqual([]);
    for (const [name, folder] of Object.entries({ models: 'models/', schemas: 'schemas/' })) {
      expect(
        files.some((path) => path.startsWith(folder)),
        name,
      ).toBe(true);
    }
  });
});
