/** A recording in every report: record, terminal, page. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AnalysedSound } from '../core/analysis.ts';
import { renderHtml } from './html/page.ts';
import { toNdjsonLine, toRecord } from './record.ts';
import { sampleMap, syntheticSample, TINY_JPEG } from './samples.test-support.ts';
import { type AnalysedRecord, analysedRecordSchema } from './schema.ts';
import { clock, clockRange, spansToTell } from './spans.ts';
import { terminalDetails, terminalLine } from './terminal.ts';

function soundSample(more: Partial<AnalysedSound> = {}): AnalysedSound {
  const { file: _, container: __, kind: ___, evidence: ____, ...rest } = syntheticSample();
  const text = { en: 'The voice was very likely synthesised.', zh: '这段语音很可能由计算机合成。' };
  return {
    ...rest,
    verdict: { ...rest.verdict, reasons: [{ detector: 'voice', weight: 2.4, text }] },
    kind: 'audio',
    file: 'calls/director <b>.m4a',
    preview: TINY_JPEG,
    evidence: [
      {
        detector: 'voice',
        version: '1.0.0',
        status: 'detected',
        claim: 'synthetic',
        llr: 2.4,
        llrInterval: [1.1, 3.2],
        summary: text,
        regions: [],
        spans: [
          { start: 4, end: 11.5, score: 0.93, label: { en: 'synthetic speech', zh: '合成语音' } },
          { start: 70, end: 74, score: 0.7 },
          { start: Number.NaN, end: 9, score: 0.5 },
        ],
        perSecond: Float32Array.of(0.2, Number.NaN, 0.9, 7),
        turns: [
          { start: 0.2, end: 4, speaker: 'A', llr: -1.2 },
          { start: 4.3, end: 11.5, speaker: 'B', llr: 2.6 },
          { start: 12, end: 12.4, speaker: 'A', llr: null },
        ],
        map: sampleMap(24, 12, [[0.4, 0.5, 0.2]]),
        details: { score: 1.7 },
      },
    ],
    container: {
      format: 'm4a',
      mime: 'audio/mp4',
      bytes: 812_000,
      durationSeconds: 93.25,
      codec: 'aac',
      sampleRate: 44_100,
      channels: 2,
      bitRate: 64_000,
      tracks: 1,
      tags: { '©too': 'Voice Memos <script>', title: 'x'.repeat(40_000) },
      warnings: [{ en: 'part of the sound is damaged', zh: '部分声音已损坏' }],
    },
    ...more,
  };
}

describe('a recording', () => {
  it('has a record that fits its schema and survives JSON, with its times', () => {
    const record = toRecord(soundSample(), { maps: true }) as AnalysedRecord;
    expect(analysedRecordSchema.parse(record)).toEqual(record);
    expect(JSON.parse(toNdjsonLine(soundSample(), { maps: true }))).toEqual(record);
    expect(record).toMatchObject({
      kind: 'audio',
      container: { sampleRate: 44_100, shortened: ['tags.title'] },
    });
    expect(record.evidence[0].spans).toEqual([
      { start: 4, end: 11.5, score: 0.93, label: 'synthetic speech' },
      { start: 70, end: 74, score: 0.7 },
    ]);
    expect(record.evidence[0].turns).toEqual([
      { start: 0.2, end: 4, speaker: 'A', llr: -1.2 },
      { start: 4.3, end: 11.5, speaker: 'B', llr: 2.6 },
      { start: 12, end: 12.4, speaker: 'A', llr: null },
    ]);
    expect(record.evidence[0].perSecond).toEqual([0.2, null, 0.9, 1]);
    expect((toRecord(soundSample()) as AnalysedRecord).evidence[0]).not.toHaveProperty('map');
  });

  it('is told of in the terminal in both languages, harmlessly', () => {
    const options = { colour: false, columns: 100 };
    for (const language of ['en', 'zh'] as const) {
      const text = `${terminalLine(soundSample(), { ...options, language })}\n${terminalDetails(soundSample(), { ...options, language })}`;
      expect(text).toContain('0:04–0:12');
      expect(text).toContain('M4A');
      expect(text).toContain('44.1 kHz');
      expect(text).toContain(language === 'en' ? 'voice B, 0:04–0:12: 93 %' : '说话人 B，0:04–0:12');
      expect(text).not.toMatch(/photograph|picture|照片|图片/);
    }
  });

  it('is shown on the page by its spectrogram, its map and its times', () => {
    const page = renderHtml([soundSample()], { generatedAt: new Date(0) });
    expect(page).toContain('Spectrogram of calls/director');
    expect(page).toContain('0:04–0:12');
    expect(page).toContain('data:image/jpeg;base64');
    expect(page).toContain('Who speaks when');
    expect(page).toContain('说话人 B');
    expect(page).not.toContain('<b>.m4a');
    expect(page).not.toContain('Voice Memos <script>');
    expect(page).not.toMatch(/>NaN|NaN<|="NaN/);
    const bare = soundSample({ preview: undefined, evidence: [] });
    expect(renderHtml([bare, soundSample()], { generatedAt: new Date(0) })).toContain(
      'The spectrogram is not part',
    );
  });
});

describe('times', () => {
  it('read as clocks do', () => {
    expect([0, 7.4, 59.6, 760, 3723].map(clock)).toEqual(['0:00', '0:07', '1:00', '12:40', '1:02:03']);
    expect(clockRange({ start: 3, end: 1, score: 1 })).toBe('0:03–0:03');
    fc.assert(
      fc.property(fc.double(), (v) => {
        expect(clock(v)).toMatch(/^\d+:\d\d/);
      }),
    );
  });

  it('are told strongest first, then in order', () => {
    const told = spansToTell(soundSample().evidence[0], 1);
    expect(told.map((s) => s.start)).toEqual([4]);
  });
});
