/** Contract of `huoyan analyze`: streams, records, exit codes, and what happens to bad input. */
import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeJpeg, encodePng } from '../src/media/index.node.ts';
import { type AnalysedRecord, type AnalysisRecord, analysisRecordSchema } from '../src/report/index.ts';
import { BUNDLE, build, huoyan, start } from './command.ts';
import { picture } from './pictures.ts';

let folder = '';
let jpeg: Uint8Array;
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  build();
  folder = mkdtempSync(join(tmpdir(), 'huoyan-test-'));
  jpeg = await encodeJpeg(picture(1, 320, 256), { quality: 88 });
  writeFileSync(at('a.jpg'), jpeg);
  writeFileSync(at('b.png'), await encodePng(picture(2, 300, 300)));
  writeFileSync(at('c.jpg'), await encodeJpeg(picture(3, 256, 320), { quality: 70 }));
  writeFileSync(at('empty.jpg'), '');
  writeFileSync(at('words.jpg'), 'these are words, not a picture\n');
  writeFileSync(at('cut.jpg'), jpeg.subarray(0, 200));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(BUNDLE, { recursive: true, force: true });
});

/** Every line of NDJSON, checked against the published schema. */
function records(stdout: string): AnalysisRecord[] {
  expect(stdout.endsWith('\n')).toBe(true);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => analysisRecordSchema.parse(JSON.parse(line)));
}

const analysed = (record: AnalysisRecord) => record as AnalysedRecord;
const byFile = (list: AnalysisRecord[], name: string) =>
  list.find((r) => r.file.endsWith(name)) as AnalysisRecord;
const code = (record: AnalysisRecord) => ('error' in record ? record.error.code : 'analysed');

describe('what is written', () => {
  it('is one line a file on standard output, and nothing on standard error for one file that is fine', async () => {
    const { code, stdout, stderr } = await huoyan(['analyze', at('a.jpg')]);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(stdout).toContain('a.jpg');
    expect(stdout).not.toContain('\x1b');
  });

  it('keeps the order of the command line, and sums up on standard error', async () => {
    const { code, stdout, stderr } = await huoyan([
      'analyze',
      '--no-stability',
      at('c.jpg'),
      at('a.jpg'),
      at('b.png'),
    ]);
    expect(code).toBe(0);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => /[abc]\.(jpg|png)/.exec(line)?.[0]),
    ).toEqual(['c.jpg', 'a.jpg', 'b.png']);
    expect(stderr).toContain('3 files');
  });

  it('with -v gives the reasons', async () => {
    const plain = await huoyan(['analyze', '--no-stability', at('a.jpg')]);
    const wordy = await huoyan(['analyze', '--no-stability', '-v', at('a.jpg')]);
    expect(wordy.stdout.length).toBeGreaterThan(plain.stdout.length);
    expect(wordy.stdout).toContain('SHA-256');
  });

  it('is valid NDJSON by the schema, with the ladder, the evidence and the facts', async () => {
    const { code, stdout, stderr } = await huoyan([
      'analyze',
      '--ndjson',
      '--quiet',
      at('a.jpg'),
      at('b.png'),
    ]);
    expect([code, stderr]).toEqual([0, '']);
    const list = records(stdout);
    expect(list).toHaveLength(2);
    const a = analysed(byFile(list, 'a.jpg'));
    expect(a.container.format).toBe('jpeg');
    expect(a.verdict.stability?.ladder.map((step) => step.step)).toEqual([
      'jpeg75',
      'jpeg50',
      'half',
      'crop',
    ]);
    expect(a.verdict.interval[0]).toBeLessThanOrEqual(a.verdict.probability);
    expect(a.verdict.interval[1]).toBeGreaterThanOrEqual(a.verdict.probability);
    expect(a.evidence.filter((e) => e.status === 'failed')).toEqual([]);
  });

  it('is one document with --json', async () => {
    const { code, stdout } = await huoyan([
      'analyze',
      '--json',
      '--no-stability',
      at('a.jpg'),
      at('empty.jpg'),
    ]);
    expect(code).toBe(3);
    const document = JSON.parse(stdout);
    expect(document.records.map((r: unknown) => analysisRecordSchema.parse(r).file)).toEqual([
      at('a.jpg'),
      at('empty.jpg'),
    ]);
    expect(document.summary).toMatchObject({ complete: true, counts: { unreadable: 1 } });
    expect(analysed(document.records[0]).verdict.stability).toBeNull();
  });

  it('does not depend on whether the file was analysed in a worker', async () => {
    const few = records((await huoyan(['analyze', '--ndjson', at('a.jpg')])).stdout);
    const names = ['a.jpg', 'b.png', 'c.jpg', 'a.jpg', 'a.jpg'].map(at);
    const many = records((await huoyan(['analyze', '--ndjson', '--jobs', '2', ...names])).stdout);
    expect(many).toHaveLength(5);
    const { timing: _, ...alone } = few[0];
    for (const record of many.filter((r) => r.file === at('a.jpg'))) {
      const { timing: __, ...inBatch } = record;
      expect(inBatch).toEqual(alone);
    }
  });

  it('moves with the prior', async () => {
    const probability = async (prior: string) => {
      const { stdout } = await huoyan([
        'analyze',
        '--ndjson',
        '--no-stability',
        '--prior',
        prior,
        at('a.jpg'),
      ]);
      const { verdict } = analysed(records(stdout)[0]);
      expect(verdict.prior).toBeCloseTo(Number(prior), 6);
      return verdict.probability;
    };
    expect(await probability('0.02')).toBeLessThan(await probability('0.9'));
  });

  it('is Chinese when asked, or when the locale is', async () => {
    const asked = await huoyan(['analyze', '--lang', 'zh', '--ndjson', '--no-stability', at('a.jpg')]);
    expect(
      analysed(records(asked.stdout)[0])
        .evidence.map((e) => e.summary)
        .join(''),
    ).toMatch(/[\u4e00-\u9fff]/);
    const located = await huoyan(['analyze', '--no-stability', at('a.jpg'), at('gone.jpg')], {
      env: { LANG: 'zh_CN.UTF-8' },
    });
    expect(located.stdout).toMatch(/[\u4e00-\u9fff]/);
    expect(located.stderr).toMatch(/错误：.*找不到[\s\S]*提示：/);
  });

  it('is coloured only where colour is wanted', async () => {
    const args = ['analyze', '--no-stability', at('a.jpg')];
    expect((await huoyan(args, { env: { FORCE_COLOR: '1' } })).stdout).toContain('\x1b[');
    expect((await huoyan(args, { env: { FORCE_COLOR: '1', NO_COLOR: '1' } })).stdout).not.toContain('\x1b');
    expect((await huoyan([...args, '--no-color'], { env: { FORCE_COLOR: '1' } })).stdout).not.toContain(
      '\x1b',
    );
  });

  it('is a self-contained report with --html, and no half report is left behind', async () => {
    const report = at('report.html');
    const { code, stderr } = await huoyan([
      'analyze',
      '--no-stability',
      '--html',
      report,
      at('a.jpg'),
      at('empty.jpg'),
    ]);
    expect(code).toBe(3);
    expect(stderr).toContain('report.html');
    const html = readFileSync(report, 'utf8');
    expect(html).toMatch(/^<!doctype html>/i);
    expect(html).toContain('a.jpg');
    expect(html).toContain('data:image/jpeg;base64,');
    expect(html).not.toMatch(/(src|href)="https?:/);
    expect(readdirSync(folder).filter((name) => name.includes('partial'))).toEqual([]);
  });

  it('fails before the first picture when the report cannot be written', async () => {
    const { code, stdout, stderr } = await huoyan([
      'analyze',
      '--html',
      at('no/such/folder/r.html'),
      at('a.jpg'),
    ]);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('hint:');
  });
});

describe('where files come from', () => {
  it('reads one picture from standard input', async () => {
    const { code, stdout } = await huoyan(['analyze', '--ndjson', '--no-stability', '-'], { stdin: jpeg });
    expect(code).toBe(0);
    expect(records(stdout)[0]).toMatchObject({ file: '-', kind: 'image' });
  });

  it.each([
    ['lines', '\n'],
    ['lines of Windows', '\r\n'],
    ['NUL', '\0'],
  ])('reads a list from standard input, separated by %s', async (_, separator) => {
    const stdin = [at('a.jpg'), at('b.png'), ''].join(separator);
    const { code, stdout } = await huoyan(['analyze', '--ndjson', '--no-stability', '--files-from', '-'], {
      stdin,
    });
    expect(code).toBe(0);
    expect(
      records(stdout)
        .map((r) => r.file)
        .sort(),
    ).toEqual([at('a.jpg'), at('b.png')]);
  });

  it('answers a program that asks one file at a time', async () => {
    const child = start(['analyze', '--ndjson', '--no-stability', '--files-from', '-']);
    const answers: string[] = [];
    const name = ['a.jpg', 'b.png'].map(at);
    child.stdin.write(`${name[0]}\n`);
    for await (const chunk of child.stdout.setEncoding('utf8')) {
      answers.push(chunk);
      if (answers.join('').split('\n').length - 1 === 1 && name.length === 2)
        child.stdin.end(`${name.pop()}\n`);
    }
    expect(records(answers.join('')).map((r) => r.file)).toEqual([at('a.jpg'), at('b.png')]);
  });

  it('reads a list from a file, beside paths', async () => {
    writeFileSync(at('list.txt'), `${at('b.png')}\n\n`);
    const { stdout } = await huoyan([
      'analyze',
      '--ndjson',
      '--no-stability',
      at('a.jpg'),
      '--files-from',
      at('list.txt'),
    ]);
    expect(records(stdout)).toHaveLength(2);
  });

  it('says so when the list is a picture, or is not there', async () => {
    for (const list of ['a.jpg', 'gone.txt']) {
      const { code, stderr } = await huoyan(['analyze', '--files-from', at(list)]);
      expect(code).toBe(4);
      expect(stderr).toContain('hint:');
    }
  });

  it('walks folders and globs, and passes over what does not claim to be a picture', async () => {
    const inside = at('folder');
    mkdirSync(join(inside, 'deeper'), { recursive: true });
    writeFileSync(join(inside, 'one.jpg'), jpeg);
    writeFileSync(join(inside, 'deeper', 'two.jpg'), jpeg);
    writeFileSync(join(inside, 'script.mjs'), 'export {};\n');
    const walked = await huoyan(['analyze', '--ndjson', '--no-stability', inside]);
    expect(walked.code).toBe(0);
    expect(
      records(walked.stdout)
        .map((r) => r.file)
        .sort(),
    ).toEqual([join(inside, 'deeper', 'two.jpg'), join(inside, 'one.jpg')]);
    const globbed = await huoyan(['analyze', '--ndjson', '--no-stability', join(inside, '**', '*.jpg')]);
    expect(records(globbed.stdout)).toHaveLength(2);
  });

  it('says so when a folder holds no picture', async () => {
    mkdirSync(at('nothing'), { recursive: true });
    const { code, stdout, stderr } = await huoyan(['analyze', at('nothing')]);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('hint:');
  });
});

describe('bad input', () => {
  it('costs the broken files their verdict and nobody else', async () => {
    const names = ['a.jpg', 'empty.jpg', 'words.jpg', 'cut.jpg', 'gone.jpg', 'b.png'].map(at);
    const { code: exit, stdout } = await huoyan(['analyze', '--ndjson', '--no-stability', ...names]);
    expect(exit).toBe(3);
    const list = records(stdout);
    expect(list).toHaveLength(6);
    expect(code(byFile(list, 'a.jpg'))).toBe('analysed');
    expect(code(byFile(list, 'b.png'))).toBe('analysed');
    expect(code(byFile(list, 'empty.jpg'))).toBe('empty');
    expect(code(byFile(list, 'words.jpg'))).toBe('unsupported-format');
    expect(code(byFile(list, 'cut.jpg'))).toBe('corrupt');
    expect(code(byFile(list, 'gone.jpg'))).toBe('not-found');
  });

  it('exits with 1 when nothing could be analysed, and tells what to do', async () => {
    const { code, stderr } = await huoyan(['analyze', at('empty.jpg')]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/error: .*empty[\s\S]*hint: /);
  });

  it.skipIf(process.getuid?.() === 0)(
    'is told when a file may not be read (skipped as root, who may read everything)',
    async () => {
      writeFileSync(at('secret.jpg'), jpeg);
      chmodSync(at('secret.jpg'), 0);
      const { stdout } = await huoyan(['analyze', '--ndjson', at('secret.jpg')]);
      expect(code(records(stdout)[0])).toBe('permission-denied');
    },
  );

  it('gives up a file after its time and goes on', async () => {
    const names = Array.from({ length: 5 }, () => at('a.jpg'));
    const { code: exit, stdout } = await huoyan(['analyze', '--ndjson', '--timeout', '0.001', ...names]);
    expect(exit).toBe(1);
    expect(records(stdout).map(code)).toEqual(names.map(() => 'timeout'));
  });

  it('goes through a folder of 10,000 entries with one broken', async () => {
    const crowd = at('crowd');
    mkdirSync(crowd);
    const tiny = await encodePng(picture(5, 1, 1));
    for (let i = 0; i < 9999; i++) {
      const path = join(crowd, `${i}.png`);
      // Links, up to the 1,000 that the strictest file systems allow of one file.
      if (i % 1000 === 0) writeFileSync(path, tiny);
      else linkSync(join(crowd, `${i - (i % 1000)}.png`), path);
    }
    writeFileSync(join(crowd, 'broken.png'), tiny.subarray(0, 20));
    const { code: exit, stdout, stderr } = await huoyan(['analyze', '--ndjson', '--no-stability', crowd]);
    expect(exit).toBe(3);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(10_000);
    const failed = lines.map((line) => JSON.parse(line)).filter((record) => record.error);
    expect(failed.map((record) => [record.file, record.error.code])).toEqual([
      [join(crowd, 'broken.png'), 'corrupt'],
    ]);
    expect(stderr).toContain('10,000 files');
  }, 300_000);
});

describe('exit codes and signals', () => {
  it('uses 10 only when asked to fail on a verdict', async () => {
    const run = (...more: string[]) =>
      huoyan(['analyze', '--ndjson', '--no-stability', ...more, at('a.jpg')]);
    const { verdict } = analysed(records((await run()).stdout)[0]);
    expect((await run('--fail-on', verdict.label)).code).toBe(10);
    const other = verdict.label === 'authentic' ? 'manipulated' : 'authentic';
    expect((await run('--fail-on', other)).code).toBe(0);
  });

  it('ends quietly when its reader goes away', async () => {
    const child = start([
      'analyze',
      '--ndjson',
      '--no-stability',
      '--jobs',
      '1',
      ...Array.from({ length: 200 }, () => at('a.jpg')),
    ]);
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    child.stdout.once('data', () => child.stdout.destroy());
    const exit = await new Promise((resolve) => child.once('exit', resolve));
    expect(exit).toBe(141);
    expect(stderr).toBe('');
  });

  it('stops cleanly on Ctrl-C, with a document that is whole', async () => {
    const child = start([
      'analyze',
      '--json',
      '--jobs',
      '2',
      ...Array.from({ length: 300 }, () => at('a.jpg')),
    ]);
    let stdout = '';
    let asked = false;
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
      if (!asked && stdout.includes('"file"')) {
        asked = true;
        child.kill('SIGINT');
      }
    });
    const exit = await new Promise((resolve) => child.once('close', resolve));
    expect(exit).toBe(130);
    const document = JSON.parse(stdout);
    expect(document.summary.complete).toBe(false);
    expect(document.records.length).toBeGreaterThan(0);
    expect(document.records.length).toBeLessThan(300);
  });
});

describe('privacy', () => {
  it('opens no connection', async () => {
    // Any attempt to connect or to look up a name ends the process with a code nothing else uses.
    const guard = `import net from 'node:net'; import dns from 'node:dns';
      net.Socket.prototype.connect = () => process.exit(99); dns.lookup = () => process.exit(99);`;
    const env = { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(guard)}` };
    expect((await huoyan(['analyze', '--quiet', at('a.jpg')], { env })).code).toBe(0);
    const names = Array.from({ length: 5 }, () => at('a.jpg'));
    expect((await huoyan(['analyze', '--quiet', '--no-stability', ...names], { env })).code).toBe(0);
  });
});
