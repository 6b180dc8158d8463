import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../core/random.ts';
import { soundOf } from '../../core/sound.ts';
import { babble } from '../../core/voice/babble.test-support.ts';
import { encodePng } from '../../media/index.node.ts';
import { wavOf } from '../../media/sound/wav.test-support.ts';
import { keepEnrolment } from '../enrolled.node.ts';
import { describeExamples } from '../examples.node.ts';
import { readKnown } from '../known.node.ts';
import { painted } from '../painters.test-support.ts';
import { Tracer } from '../tracer.node.ts';
import { DESCRIPTION, describeVoice } from './description.ts';
import { VOICES } from './fitted.ts';
import { voiceGallery } from './gallery.ts';

const RATE = 16_000;
let home: string;
const at = (name: string) => join(home, name);
const file = (seed: number) => at(`voice-${seed}.wav`);

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'huoyan-voices-'));
  for (let seed = 0; seed < 7; seed++) await writeFile(file(seed), wavOf([babble(2, seed)], RATE));
  await writeFile(at('silence.wav'), wavOf([new Float32Array(2 * RATE)], RATE));
  await writeFile(at('picture.png'), await encodePng(painted('doubled', 1)));
});
afterAll(() => rm(home, { recursive: true, force: true }));

describe('the description of a voice', () => {
  it('has its length, is finite, and says what was heard', () => {
    const { description, heard } = describeVoice(soundOf(babble(3), RATE));
    expect(description).toHaveLength(DESCRIPTION);
    expect(description?.every(Number.isFinite)).toBe(true);
    expect(heard).toMatchObject({ duration: 3, band: 'wide' });
    expect(heard.speechSeconds).toBeGreaterThan(1);
  });

  it('declines whatever holds no speech, and never throws', () => {
    fc.assert(
      fc.property(fc.float32Array({ min: -1, max: 1, noNaN: true, maxLength: 4000 }), (samples) => {
        const { description, reason } = describeVoice(soundOf(samples, RATE));
        expect(description === undefined).toBe(reason !== undefined);
        expect(description?.every(Number.isFinite) ?? true).toBe(true);
      }),
      { numRuns: 15 },
    );
    const noise = new Random(4);
    const rain = Float32Array.from({ length: 2 * RATE }, () => 0.1 * noise.normal());
    expect(describeVoice(soundOf(rain, RATE)).reason).toBeDefined();
  });
});

describe('the voices of this release', () => {
  it('are systems and recordings, compared by numbers of the length of a description', async () => {
    const { metric, sources, works } = await readKnown('audio');
    expect(new Set(sources.map(({ kind }) => kind))).toEqual(new Set(['generator', 'recording']));
    expect(sources.every((s) => s.prototypes.every((p) => p.length === DESCRIPTION))).toBe(true);
    expect(metric.mean).toHaveLength(DESCRIPTION);
    expect(VOICES.sharpness).toBeGreaterThan(0);
    const gallery = voiceGallery(metric, works, sources);
    const { description } = describeVoice(soundOf(babble(3), RATE));
    const { generators, photograph, unknown } = gallery.attribute(
      gallery.prepare(description as Float32Array),
    );
    const sum = generators.reduce((s, g) => s + g.probability, photograph + unknown);
    expect(sum).toBeCloseTo(1, 6);
  });
});

describe('tracing sounds', () => {
  it('enrols a system from five clips, knows its other clips, and leaves pictures to pictures', async () => {
    const skipped: string[] = [];
    const files = [0, 1, 2, 3, 4].map(file);
    const enrolment = await describeExamples('babbler', [at('silence.wav'), ...files], (name, why) =>
      skipped.push(`${name.slice(home.length + 1)} ${why.outcome}`),
    );
    expect(skipped).toEqual(['silence.wav notApplicable']);
    expect(enrolment.kind).toBe('audio');
    expect(enrolment.sent.stored).toHaveLength(5);
    expect(enrolment.sent.telephone).toHaveLength(5);
    await keepEnrolment(enrolment, home, enrolment.kind);
    const tracer = await Tracer.open({ home });
    const examined = [];
    for (const name of [file(5), file(6), at('silence.wav'), at('picture.png')])
      examined.push(await tracer.examine(name));
    const [one, other, silence, picture] = tracer.neighbours(examined);
    if (one.outcome !== 'traced' || one.kind !== 'audio') throw new Error(one.outcome);
    expect(one.attribution.generators[0]).toMatchObject({ generator: 'babbler', origin: 'enrolled' });
    expect(one.neighbours.map((n) => n.file)).not.toContain(picture.file);
    expect(other.outcome).toBe('traced');
    expect(silence).toMatchObject({ kind: 'audio', reason: 'no-speech', limit: 0.5 });
    if (picture.outcome !== 'traced') throw new Error(picture.outcome);
    expect(picture.attribution.generators.map((g) => g.generator)).not.toContain('babbler');
  });

  it('refuses pictures and sounds in one enrolment', async () => {
    const both = [file(0), at('picture.png')];
    const mixing = expect.objectContaining({ code: 'bad-argument' });
    await expect(describeExamples('both', both, () => {})).rejects.toEqual(mixing);
    await expect(describeExamples('both', both.reverse(), () => {})).rejects.toEqual(mixing);
  });
});
