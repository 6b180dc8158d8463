/** Contract of `huoyan audit`: what goes in, what comes out, exit codes, and what happens to bad input. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditRecordSchema } from '../src/report/index.ts';
import { BUNDLE, build, huoyan } from './command.ts';

let folder = '';
const at = (name: string) => join(folder, name);
const recognition = (...words: string[]) => huoyan(['audit', 'recognition', ...words]);

beforeAll(() => {
  build();
  folder = mkdtempSync(join(tmpdir(), 'huoyan-audit-'));
  writeFileSync(
    at('one.csv'),
    'Filename,Src,Tar,Src Pred.,Src Conf.,Tar Pred.,Tar Conf.,Similarity\na,Ann,X,Ann,0.9,Ann,0.95,0.8\nb,Ann,X,Ann,0.9,Bo,0.5,0.7\nc,Bo,X,,,,,0\n',
  );
  writeFileSync(
    at('two.ndjson'),
    '{"person":"Ann","named":"ann","confidence":97}\n{"person":"Ann","named":null}\n',
  );
  writeFileSync(at('half.csv'), 'Src,Tar Pred.\nAnn,Ann\n,Bo\n');
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(BUNDLE, { recursive: true, force: true });
});

describe('huoyan audit recognition --recorded', () => {
  it('prints the record, a table and a page', async () => {
    const { code, stdout } = await recognition(
      ...['--recorded', at('one.csv'), at('two.ndjson'), '--service', 'Azure', '--json'],
      ...['--csv', at('o.csv'), '--html', at('o.html')],
    );
    expect(code).toBe(0);
    const record = auditRecordSchema.parse(JSON.parse(stdout));
    expect(record.sets.map(({ name, service, n, targeted }) => [name, service, n, targeted.count])).toEqual([
      ['one', 'Azure', 3, 1],
      ['two', 'Azure', 2, 1],
    ]);
    expect(record.sets[0].inverted.count).toBe(1);
    expect(record.total).toMatchObject({ n: 5, persons: 2, personsImpersonated: 1 });
    expect(readFileSync(at('o.csv'), 'utf8')).toContain('one,Azure,set,,0,targeted,3,1,');
    expect(readFileSync(at('o.html'), 'utf8')).toContain('</html>');
  });

  it('speaks both languages', async () => {
    expect((await recognition('--recorded', at('one.csv'))).stdout).toContain('33.3 (');
    expect((await recognition('--recorded', at('one.csv'), '--lang', 'zh')).stdout).toContain('冒充成功');
  });

  it('goes on past bad rows and files, tells where they are, and exits with 3', async () => {
    const { code, stdout, stderr } = await recognition(
      '--recorded',
      at('half.csv'),
      at('none.csv'),
      '--json',
    );
    expect(code).toBe(3);
    expect(stderr).toContain('half.csv:3:');
    expect(stderr).toContain('none.csv');
    const record = auditRecordSchema.parse(JSON.parse(stdout));
    expect(record.total.n).toBe(1);
    expect(record.problems.map(({ line, error }) => [line, error.code])).toEqual([
      [3, 'corrupt'],
      [undefined, 'not-found'],
    ]);
  });

  it('fails where nothing can be measured, and for wrong usage', async () => {
    expect((await recognition('--recorded', at('none.csv'))).code).toBe(1);
    expect((await recognition()).code).toBe(2);
    expect((await recognition('--recorded', at('one.csv'), '--names', 'any')).code).toBe(2);
    writeFileSync(at('bad.json'), '{');
    const bad = await recognition('--recorded', at('one.csv'), '--aliases', at('bad.json'));
    expect(bad.code).toBe(1);
    expect(bad.stderr).toContain('hint:');
  });

  it('takes aliases', async () => {
    writeFileSync(at('aliases.json'), '{"Ann": ["Bo"]}');
    const { stdout } = await recognition(
      '--recorded',
      at('one.csv'),
      '--aliases',
      at('aliases.json'),
      '--json',
    );
    expect(JSON.parse(stdout).total.targeted.count).toBe(2);
  });

  it('publishes its schema', async () => {
    const { stdout } = await huoyan(['schema', 'audit']);
    expect(JSON.parse(stdout).$id).toBe('urn:huoyan:schema:audit:1');
  });
});
