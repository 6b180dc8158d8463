/** The persons of a video in the record, the terminal and the page. */
import { describe, expect, it } from 'vitest';
import type { AnalysedVideo } from '../core/analysis.ts';
import { renderHtml } from './html/page.ts';
import { toRecord } from './record.ts';
import { syntheticSample, TINY_JPEG } from './samples.test-support.ts';
import { analysedRecordSchema } from './schema.ts';
import { terminalDetails } from './terminal.ts';

function clip(): AnalysedVideo {
  const { file, sha256, verdict, timing } = syntheticSample();
  const lane = (person: number, values: number[], llr: number) => ({
    person,
    start: 0.4,
    end: values.length - 0.2,
    llr,
    perSecond: Float32Array.from(values),
  });
  return {
    ...{ outcome: 'analysed', kind: 'video', file, sha256, timing },
    verdict: { ...verdict, stability: null },
    container: {
      ...{ format: 'mp4', mime: 'video/mp4', bytes: 1000, durationSeconds: 4, width: 320, height: 240 },
      ...{ rotation: 0, frameRate: 25, codec: 'avc', tracks: 1, tags: {}, warnings: [] },
    },
    evidence: [
      {
        ...{ status: 'detected', detector: 'faceswap', version: '1.0.0', claim: 'manipulated', llr: 1.4 },
        summary: { en: 'Person 1 looks swapped.', zh: '人物 1 疑似换脸。' },
        regions: [],
        spans: [{ start: 1, end: 3, score: 0.8 }],
        people: [lane(1, [0.3, 0.8, 0.7, Number.NaN], 1.4), lane(2, [Number.NaN, 0.2, 0.1, 0.2], -0.8)],
        details: {},
      },
    ],
    people: [{ person: 1, portraits: [{ time: 1.2, jpeg: TINY_JPEG }] }],
  };
}

describe('persons of a video', () => {
  it('stand in the record with a value or null for every second', () => {
    const record = analysedRecordSchema.parse(toRecord(clip()));
    const [one, two] = record.evidence[0].people ?? [];
    expect(one).toMatchObject({ person: 1, perSecond: [0.3, 0.8, 0.7, null] });
    expect(two).toMatchObject({ person: 2, perSecond: [null, 0.2, 0.1, 0.2], llr: -0.8 });
  });

  it('are told in the terminal, in both languages', () => {
    expect(terminalDetails(clip(), { language: 'en', colour: false })).toContain('person 2, 0:00–0:04: 31 %');
    expect(terminalDetails(clip(), { language: 'zh', colour: false })).toContain('人物 1');
  });

  it('have lanes and portraits in the page', () => {
    const page = renderHtml([clip()], { language: 'en' });
    expect(page.match(/class="lane"/g)).toHaveLength(2);
    expect(page).toContain('Face of person 1 at 0:01');
  });
});

describe('the recording of a video', () => {
  const bytes = Uint8Array.of(0, 1, 2, 253);

  it('stands in the page, where faces and time lines lead to their second', () => {
    const page = renderHtml([clip()], { recordingOf: () => bytes });
    expect(page).toContain('src="data:video/mp4;base64,AAEC/Q=="');
    expect(page).toContain('data-seek="1.2"');
    expect(page).toContain('data-seconds="4"');
    expect(page).toContain('media-src data:');
  });

  it('is said to be left out when it is, and never asked of a picture', () => {
    const page = renderHtml([clip()], { recordingOf: () => null });
    expect(page).not.toContain('<video');
    expect(page).not.toContain('data-seek="');
    expect(page).toContain('<span data-moment="1.2">0:01</span>');
    expect(page).toContain('本报告未包含文件本身');
    expect(renderHtml([syntheticSample()])).not.toContain('class="recording"');
  });
});
