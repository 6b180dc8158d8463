import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { HuoyanError } from '../../core/errors.ts';
import { csvLine, parseCsv } from './csv.ts';
import { readScores, ScoreWriter } from './file.node.ts';
import { parseScores } from './parse.ts';
import { isAnswered, type ScoreMeta, type ScoreRow, STATUSES, sourceOf } from './row.ts';
import { CSV_HEAD, csvRow, ndjsonRow } from './write.ts';

const folder = mkdtempSync(join(tmpdir(), 'huoyan-scores-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);

const word = fc
  .stringMatching(/^[\w",\n火眼.-]{1,12}$/)
  .filter((text) => text.trim() === text && text !== '');
const row: fc.Arbitrary<ScoreRow> = fc
  .record(
    {
      key: word,
      label: fc.constantFrom('real' as const, 'fake' as const),
      status: fc.constantFrom(...STATUSES),
      condition: word,
      value: fc.double({ noNaN: true, noDefaultInfinity: true }),
      source: word,
      generator: word,
      verdict: word,
      elapsedMs: fc.nat(),
    },
    { requiredKeys: ['key', 'label', 'status', 'condition', 'value'] },
  )
  .map(({ value, ...rest }) => ({
    ...rest,
    // Minus nought is written as 0.
    score: rest.status === 'ok' || rest.status === 'inconclusive' ? value + 0 : null,
  }));
const rows = fc.uniqueArray(row, {
  minLength: 1,
  maxLength: 8,
  selector: (one) => `${one.condition}\0${one.key}`,
});

describe('score files', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(rows, (written) => {
        expect(parseScores(CSV_HEAD + written.map(csvRow).join(''), 'x').rows).toEqual(written);
        expect(parseScores(written.map(ndjsonRow).join(''), 'x').rows).toEqual(written);
      }),
    );
  });

  it('lose at most the last row when cut anywhere', () => {
    fc.assert(
      fc.property(rows, fc.nat(), (written, cut) => {
        const text = written.map(ndjsonRow).join('');
        const kept = text.slice(0, Math.max(1, cut % text.length));
        const whole = kept.split('\n').length - 1;
        const { rows: read, incomplete } = parseScores(kept, 'x');
        expect(read.length).toBeGreaterThanOrEqual(whole);
        expect(read.slice(0, whole)).toEqual(written.slice(0, whole));
        expect(read.length + incomplete).toBeLessThanOrEqual(written.length);
      }),
    );
  });

  it('of other makers are understood', () => {
    const read = parseScores(
      '\ufeffFile,Class,Prediction\r\na/1.png,FAKE,0.9\r\na/2.png,real,\r\n',
      'x',
    ).rows;
    expect(read).toEqual([
      { key: 'a/1.png', label: 'fake', score: 0.9, status: 'ok', condition: 'stored' },
      { key: 'a/2.png', label: 'real', score: null, status: 'failed', condition: 'stored' },
    ]);
    expect(read.map(isAnswered)).toEqual([true, false]);
    expect(sourceOf(read[0])).toBe('a');
    const spoof = parseScores('LA_E_1 A07 spoof -3.5\nLA_E_2 - bonafide 2\n', 'x');
    expect(spoof.polarity).toBe('higher-is-real');
    expect(spoof.rows).toMatchObject([
      { key: 'LA_E_1', label: 'fake', generator: 'A07', score: -3.5 },
      { key: 'LA_E_2', label: 'real', score: 2 },
    ]);
  });

  it.each([
    ['', 'line 1'],
    ['key,score\na,1\n', '"label"'],
    ['key,label,score\na,maybe,1\n', '"maybe"'],
    ['key,label,score\na,1,high\n', '"high"'],
    ['key,label,score\na,1,Infinity\n', '"Infinity"'],
    ['key,label,score\na,1\nb,0,1\n', '2 fields'],
    ['key,label,score,status\na,1,,ok\n', 'no score'],
    ['key,label,score,status\na,1,1,fine\n', '"fine"'],
    ['{"key":"a"\n{"key":"b"}\n', 'not JSON'],
    ['LA_E_1 A07 spoof -3.5\nLA_E_2\n', 'UTT ATTACK'],
  ])('%j is refused with the place', (text, told) => {
    expect(() => parseScores(text, 'name')).toThrow(HuoyanError);
    expect(() => parseScores(text, 'name')).toThrow(told);
  });

  it('turn round when higher means real', async () => {
    writeFileSync(at('turned.scores.csv'), 'key,label,score\na,1,0.2\nb,0,0.9\n');
    const table = await readScores(at('turned.scores.csv'), { polarity: 'higher-is-real' });
    expect(table.rows.map(({ score }) => score)).toEqual([0.8, 1 - 0.9]);
    expect(table.meta).toMatchObject({ polarity: 'higher-is-fake', scale: 'probability' });
    expect(table.name).toBe('turned');
    const meta: ScoreMeta = {
      ...{ schema: 'huoyan.scores/1', detector: { name: 'd' }, polarity: 'higher-is-real' },
      ...{ scale: 'unbounded', threshold: 0.4 },
    };
    writeFileSync(at('turned.scores.meta.json'), JSON.stringify(meta));
    expect(await readScores(at('turned.scores.csv'))).toMatchObject({
      meta: { threshold: -0.4 },
      rows: [{ score: -0.2 }, { score: -0.9 }],
    });
    writeFileSync(at('turned.scores.meta.json'), '{}');
    await expect(readScores(at('turned.scores.csv'))).rejects.toThrow('does not describe');
    await expect(readScores(at('nowhere.csv'))).rejects.toMatchObject({ code: 'not-found' });
    writeFileSync(at('noise.csv'), new Uint8Array([0xff, 0xfe, 0x00]));
    await expect(readScores(at('noise.csv'))).rejects.toMatchObject({ code: 'corrupt' });
  });

  it('go on after an interruption, and only for the same detector', async () => {
    const meta: ScoreMeta = {
      ...{ schema: 'huoyan.scores/1', detector: { name: 'd', version: '1' } },
      ...{ polarity: 'higher-is-fake', scale: 'logit' },
    };
    const one: ScoreRow = { key: 'a', label: 'real', score: 1, status: 'ok', condition: 'stored' };
    for (const ending of ['csv', 'ndjson']) {
      const path = at(`run.scores.${ending}`);
      const first = await ScoreWriter.open(path, meta);
      await first.add(one);
      await first.add({ ...one, key: 'b', score: 2 });
      await first.close();
      writeFileSync(path, readFileSync(path).subarray(0, -3));
      const second = await ScoreWriter.open(path, meta);
      expect(second.earlier).toMatchObject([one]);
      await second.add({ ...one, score: 3 });
      await second.close();
      expect((await readScores(path)).rows).toEqual([{ ...one, score: 3 }]);
      await expect(ScoreWriter.open(path, { ...meta, detector: { name: 'other' } })).rejects.toThrow(
        'another detector',
      );
    }
  });
});

it('CSV is read back field by field', () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.string(), { minLength: 1 }), { maxLength: 5 }), (records) => {
      const read = parseCsv(records.map(csvLine).join(''));
      expect(read.map(({ fields }) => fields)).toEqual(records);
      expect(read.every(({ ended }) => ended)).toBe(true);
    }),
  );
});
