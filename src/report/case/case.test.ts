import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { Language } from '../../core/text.ts';
import { toRecord } from '../record.ts';
import { manipulatedSample, syntheticSample, TINY_JPEG, unreadableSample } from '../samples.test-support.ts';
import type { CaseReport } from './case.ts';
import { analysisDocument, type Block, caseDocument } from './content.ts';
import { pdfOf } from './pdf.node.ts';

/** With HUOYAN_SHOTS=FOLDER the documents are left there, for a person to look at. */
const SHOTS = process.env.HUOYAN_SHOTS;
const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const at = new Date('2026-11-23T07:30:00Z');

function sample(language: Language, more: Partial<CaseReport> = {}): CaseReport {
  const file = (name: string, analysis: Parameters<typeof toRecord>[0] | null) => ({
    name,
    sha256: hash(name),
    bytes: 1_234_567,
    received: at,
    examined: analysis && at,
    source: null,
    record: analysis && toRecord(analysis, { language }),
    human: null,
    preview: null,
  });
  return {
    id: 'ca_01k0c9w2v5d3m8q4r7t1x6y0z2',
    title: 'Balloons over the harbour 港口上空的气球',
    opened: at,
    printed: at,
    printedBy: 'key_1',
    files: [
      { ...file('港口 IMG_2041.jpg', manipulatedSample()), human: 'manipulated', preview: TINY_JPEG },
      { ...file('a\u202egpj.exe', syntheticSample()), source: 'https://example.org/a?x=1' },
      file('broken \u{1F600}\u{13000}.jpg', unreadableSample()),
      file('waiting.jpg', null),
    ],
    notes: [{ at, author: 'local', text: '第一行\nsecond line <b>' }],
    custody: Array.from({ length: 40 }, (_, i) => ({
      seq: i + 1,
      at: '2026-11-23T07:30:00.000Z',
      actor: i % 2 ? 'huoyan' : 'key_1',
      action: i % 2 ? 'work.finish' : 'case.add',
      detail: JSON.stringify({ name: '港口.jpg', n: i }),
      hash: hash(String(i)),
    })),
    custodyLeftOut: 0,
    chain: { whole: true, lines: 1234, last: hash('last') },
    models: [{ name: 'synthesis', version: '3', sha256: hash('model') }],
    people: { key_1: '编辑部 news desk' },
    ...more,
  };
}

function textOf(blocks: readonly Block[]): string {
  return JSON.stringify(blocks, (_, value) => (value instanceof Uint8Array ? undefined : value));
}

describe("a case's report", () => {
  it.each(['en', 'zh'] as const)('says everything that binds a verdict to a file (%s)', (language) => {
    const report = sample(language);
    const text = textOf(caseDocument(report, language).blocks);
    for (const { sha256 } of report.files) expect(text).toContain(sha256);
    for (const line of report.custody) expect(text).toContain(line.hash);
    expect(text).toContain(report.chain.last);
    expect(text).toContain(language === 'zh' ? '很可能经过篡改' : 'Very likely altered');
    expect(text).toContain('编辑部 news desk (key_1)');
    // What a name would do to the direction of a line is seen, and not done.
    expect(text).toContain('a\\\\u202egpj.exe');
  });

  it.each(['en', 'zh'] as const)(
    'has a smaller one of one analysis, without what people said (%s)',
    (language) => {
      const { files, title, opened, notes, ...printed } = sample(language);
      const { human, ...file } = files[0];
      const { blocks, foot } = analysisDocument({ ...printed, id: 'an_1', file }, language);
      const text = textOf(blocks);
      for (const said of [
        file.sha256,
        printed.chain.last,
        language === 'zh' ? '很可能经过篡改' : 'Very likely altered',
      ])
        expect(text).toContain(said);
      expect(foot).toContain('an_1');
      expect(text).not.toMatch(/Human verdict|人工结论/);
    },
  );

  it('does not hide that the chain is broken', () => {
    const broken = sample('en', { chain: { whole: false, lines: 3, last: hash('x') } });
    expect(textOf(caseDocument(broken, 'en').blocks)).toContain('THE HASH CHAIN DOES NOT HOLD');
  });

  it.each(['en', 'zh'] as const)(
    'is a PDF with its own fonts, tagged (%s)',
    { timeout: 120_000 },
    async (language) => {
      const pdf = Buffer.from(await pdfOf(caseDocument(sample(language), language), at));
      const head = pdf.toString('latin1');
      expect(head.slice(0, 8)).toBe('%PDF-1.7');
      expect(head.trimEnd().endsWith('%%EOF')).toBe(true);
      expect(head).toContain('/StructTreeRoot');
      expect(head).toContain('/FontFile2');
      expect(head).not.toMatch(/\/BaseFont \/(Helvetica|Times|Courier)/);
      expect(pdf.length).toBeLessThan(2_000_000);
      if (SHOTS) await writeFile(`${SHOTS}/case-${language}.pdf`, pdf);
    },
  );

  it('holds notes longer than a page, and cases without anything', { timeout: 120_000 }, async () => {
    const long = sample('zh', {
      files: [],
      custody: [],
      notes: [{ at, author: 'local', text: `${'长'.repeat(4000)}${'x'.repeat(4000)}` }],
    });
    const pages = Buffer.from(await pdfOf(caseDocument(long, 'zh'), at)).toString('latin1');
    expect(pages.match(/\/Type \/Page\b/g)?.length).toBeGreaterThan(3);
  });
});
