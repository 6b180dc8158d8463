import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodePng } from '../media/index.node.ts';
import { Sorter } from './cluster/sorter.node.ts';
import { keepEnrolment } from './enrolled.node.ts';
import { describeExamples } from './examples.node.ts';
import { type Painter, painted } from './painters.test-support.ts';
import { Tracer } from './tracer.node.ts';

let home: string;
const file = (painter: Painter, seed: number) => join(home, `${painter}-${seed}.png`);
const PAINTERS = ['doubled', 'checkered'] as const;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'huoyan-tracer-'));
  for (const painter of PAINTERS)
    for (let seed = 0; seed < 10; seed++)
      await writeFile(file(painter, seed), await encodePng(painted(painter, seed)));
  await writeFile(join(home, 'text.png'), 'not a picture');
  await writeFile(join(home, 'icon.png'), await encodePng(painted('camera', 1, 48)));
});
afterAll(() => rm(home, { recursive: true, force: true }));

describe('tracing files', () => {
  it('enrols from files, sets aside what cannot be used, and names the generator of others', async () => {
    const skipped: string[] = [];
    const files = [0, 1, 2, 3, 4, 5].map((seed) => file('doubled', seed));
    const enrolment = await describeExamples(
      'doubler',
      [...files, join(home, 'text.png'), join(home, 'icon.png'), join(home, 'absent.png')],
      (name, why) => skipped.push(`${name.slice(home.length + 1)} ${why.outcome}`),
    );
    expect(skipped).toEqual(['text.png unreadable', 'icon.png notApplicable', 'absent.png unreadable']);
    expect(enrolment.sent.stored).toHaveLength(6);
    await keepEnrolment(enrolment, home);

    const tracer = await Tracer.open({ home });
    const { trace } = await tracer.examine(file('doubled', 8), undefined, { view: true });
    expect(trace).toMatchObject({ outcome: 'traced', width: 160, height: 160 });
    if (trace.outcome !== 'traced' || trace.kind !== 'image') throw new Error(trace.outcome);
    expect(trace.attribution.generators[0]).toMatchObject({ generator: 'doubler', origin: 'enrolled' });
    expect(trace.preview?.length).toBeGreaterThan(100);
    expect(trace.fingerprint?.spectrum).toHaveLength(1024);
  });

  it('estimates how the generator is built when asked, from the network and the references of this release', async () => {
    const tracer = await Tracer.open({ home: join(home, 'empty') });
    const asked = { construction: true };
    const [a, b] = [1, 2].map((seed) => tracer.examine(file('checkered', seed), undefined, asked));
    const [one, two] = [(await a).trace, (await b).trace];
    if (one.outcome !== 'traced' || two.outcome !== 'traced') throw new Error('not traced');
    if (one.kind !== 'image' || two.kind !== 'image') throw new Error('no picture');
    for (const { lo, value, hi } of Object.values(one.construction!.continuous)) {
      expect(lo).toBeLessThanOrEqual(value);
      expect(hi).toBeGreaterThanOrEqual(value);
    }
    expect(one.construction!.nearest).toHaveLength(5);
    // Pictures of one source are estimated alike.
    const { discrete } = one.construction!;
    for (const [name, classes] of Object.entries(two.construction!.discrete))
      classes.forEach((p, i) => {
        expect(Math.abs(p - discrete[name as keyof typeof discrete][i])).toBeLessThan(0.3);
      });
    const plain = await tracer.examine(file('checkered', 1));
    expect(plain.trace).not.toHaveProperty('construction');
  });

  it('finds the pictures of one source among those of one request', async () => {
    const tracer = await Tracer.open({ home: join(home, 'empty') });
    const examined = [];
    for (const painter of PAINTERS)
      for (let seed = 0; seed < 4; seed++) examined.push(await tracer.examine(file(painter, seed)));
    examined.push(await tracer.examine(join(home, 'icon.png')), await tracer.examine('nowhere.png'));
    const traces = tracer.neighbours(examined);
    expect(traces.map(({ outcome }) => outcome).slice(-2)).toEqual(['notApplicable', 'unreadable']);
    const first = traces[0];
    if (first.outcome !== 'traced') throw new Error('expected a trace');
    expect(first.neighbours.slice(0, 3).every((n) => n.file.includes('doubled'))).toBe(true);
  });

  it('sorts a folder into its sources', async () => {
    const { gallery } = await Tracer.open({ home: join(home, 'empty') });
    const sorter = new Sorter(gallery, true);
    for (const painter of PAINTERS)
      for (let seed = 0; seed < 6; seed++) await sorter.add(file(painter, seed));
    await sorter.add(join(home, 'text.png'));
    const { pictures, clusters, skipped } = sorter.sort();
    expect(skipped).toHaveLength(1);
    for (const { members, spectrum } of clusters) {
      expect(new Set(members.map((i) => pictures[i].file.replace(/-\d+\.png$/, ''))).size).toBe(1);
      expect(spectrum).toHaveLength(1024);
    }
    expect(clusters.length).toBeGreaterThanOrEqual(2);
  });
});
