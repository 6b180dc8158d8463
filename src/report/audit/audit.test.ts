import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Audit, AuditRate, AuditSet } from '../../core/audit.ts';
import { HuoyanError } from '../../core/errors.ts';
import { AUDIT_POLICY, AUDIT_STYLE_SHA256 } from '../html/policy.ts';
import { auditHtmlParts } from './html.ts';
import { auditCsv, toAuditRecord } from './record.ts';
import { auditJsonSchema, auditRecordSchema } from './schema.ts';
import { AUDIT_STYLE } from './style.ts';
import { auditText } from './terminal.ts';

const rate = (count: number, n: number): AuditRate => ({ count, rate: count / n, lo: 0.1, hi: 0.9 });
const rates = { targeted: rate(4, 10), nonTargeted: rate(5, 10), misidentified: rate(1, 10) };
const HOSTILE = '<script>alert(1)</script>\u202e"\'';

function sample(): Audit {
  const histogram = { n: 10, counts: [0, 1, 2, 3, 4] };
  const set: AuditSet = {
    name: `set ${HOSTILE}`,
    service: 'service,"x"',
    n: 10,
    failed: 1,
    operating: 0,
    ...rates,
    inverted: rate(2, 10),
    targetedByIdentity: rate(5, 10),
    persons: 3,
    personsImpersonated: 2,
    byThreshold: [0, 0.5, 1].map((threshold) => ({ threshold, ...rates, personsImpersonated: 2 })),
    people: [{ person: HOSTILE, n: 10, ...rates }],
    methods: [{ method: '=HYPERLINK("x")', n: 10, ...rates }],
    confusions: [{ person: HOSTILE, named: 'B', count: 1 }],
    similarity: histogram,
    confidence: { targeted: histogram, misidentified: { n: 0, counts: [] } },
    clips: { n: 4, anyFrame: rate(2, 4), mostFrames: rate(1, 4) },
  };
  const { name, service, operating, ...total } = set;
  const point = { threshold: 0.5, falseReject: rate(1, 20), residual: rate(1, 10) };
  return {
    sets: [set, { ...set, name: 'other' }],
    total,
    accuracy: [
      {
        service: 'local',
        people: 3,
        photos: 30,
        pairs: {
          withoutFace: 1,
          genuine: 100,
          impostor: 300,
          auc: 0.98,
          threshold: 0.4,
          falseMatch: rate(1, 300),
          falseNonMatch: rate(20, 100),
          roc: [
            { threshold: 0.9, fmr: 0, fnmr: 1 },
            { threshold: 0.1, fmr: 1, fnmr: 0 },
          ],
        },
        identified: rate(8, 10),
        misidentified: rate(1, 10),
        probes: 10,
      },
    ],
    gates: [
      {
        service: 'local',
        detector: 'huoyan',
        set: 'all',
        fakes: 10,
        reals: 20,
        unscored: 0,
        before: rate(4, 10),
        operating: point,
        curve: [point, { ...point, threshold: 0.4 }],
      },
    ],
    problems: [
      {
        file: 'x.csv',
        line: 3,
        error: new HuoyanError('corrupt', { en: 'broken', zh: '损坏' }, { en: 'mend it', zh: '请修复' }),
      },
    ],
  };
}

const page = (audit: Audit) =>
  [...auditHtmlParts(audit, { generatedAt: new Date('2026-03-04T05:06:07Z') })].join('');

describe('the record of an audit', () => {
  it('fits its schema and survives JSON unchanged', () => {
    const record = toAuditRecord(sample(), 'zh');
    expect(auditRecordSchema.parse(record)).toEqual(record);
    expect(JSON.parse(JSON.stringify(record))).toEqual(record);
    expect(record.problems[0]).toEqual({
      file: 'x.csv',
      line: 3,
      error: { code: 'corrupt', message: '损坏', hint: '请修复' },
    });
    expect(Object.keys(record.sets[0])).toEqual(
      expect.arrayContaining([
        'name',
        'service',
        'n',
        'targeted',
        'nonTargeted',
        'misidentified',
        'inverted',
        'persons',
        'personsImpersonated',
        'byThreshold',
      ]),
    );
    expect(record.sets[0].targeted).toEqual({ count: 4, rate: 0.4, lo: 0.1, hi: 0.9 });
  });

  it('is described by the published schema', () => {
    const path = new URL('../../../schemas/audit.schema.json', import.meta.url);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(auditJsonSchema());
  });

  it('is a table that no spreadsheet takes for a formula', () => {
    const lines = [...auditCsv(sample())];
    expect(lines[0]).toBe('set,service,group,name,threshold,quantity,n,count,rate,lo,hi\n');
    expect(lines[1]).toBe(
      `"set ${HOSTILE.replaceAll('"', '""')}","service,""x""",set,,0,targeted,10,4,0.4,0.1,0.9\n`,
    );
    expect(lines.join('')).toContain('"\'=HYPERLINK(""x"")"');
    expect(lines.join('')).toContain('gate,huoyan,0.5,residual,10,1,0.1,');
  });
});

describe('the page of an audit', () => {
  it('asks nothing of the network, admits exactly its own styles and script, and lets no name run', () => {
    const text = page(sample());
    expect(AUDIT_STYLE_SHA256).toBe(createHash('sha256').update(AUDIT_STYLE).digest('base64'));
    expect(text).toContain(`content="${AUDIT_POLICY}"`);
    const content = text.replace(/<style>[\s\S]*?<\/style>/g, '').replace(/<script>[\s\S]*<\/script>/, '');
    expect(content).not.toMatch(/<script>alert|\sstyle="|\son[a-z]+="|NaN|undefined|https?:/);
    const ids = [...content.matchAll(/\sid="([^"]+)"/g)].map((m) => m[1]);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, id] of content.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(id);
    for (const tag of ['section', 'div', 'figure', 'svg', 'table', 'ul', 'details', 'g', 'dl'])
      expect(content.split(`<${tag}`).filter((p) => /^[\s>]/.test(p)).length).toBe(
        content.split(`</${tag}>`).length - 1,
      );
  });

  it('says it in both languages, and says when there is nothing', () => {
    const text = page(sample());
    for (const words of [
      '40.0 % of these fakes passed',
      '这些伪造图片中有 40.0% 冒充成功',
      'Who was taken for whom',
      'A detector in front',
      '按视频片段',
      '损坏',
    ])
      expect(text).toContain(words);
    const { total, ...rest } = sample();
    const empty = page({
      ...rest,
      sets: [],
      accuracy: [],
      gates: [],
      problems: [],
      total: { ...total, n: 0 },
    });
    expect(empty).toContain('No answer could be measured.');
  });
});

describe('an audit in a terminal', () => {
  it('has a line a set and the gate in words, with hostile names written out', () => {
    for (const language of ['en', 'zh'] as const) {
      const text = auditText(sample(), { language, colour: false });
      expect(text).toContain('40.0 (10.0–90.0)');
      expect(text).toContain('0.9800');
      expect(text).toContain(
        language === 'en' ? 'By clip, n = 4: any frame passes 50.0 %' : '任一帧通过 50.0 %',
      );
      expect(text).not.toContain('\u202e');
    }
    expect(auditText(sample(), { language: 'en', colour: false })).toContain(
      '40.0 % of the fakes pass as the person without it, 10.0 %',
    );
  });
});
