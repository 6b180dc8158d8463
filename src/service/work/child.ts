/**
 * A child process of the service: everything that touches the bytes of a stranger's file happens in one, so that it
 * can be killed with whatever it does (`src/processes/pool.ts`). Networks load when they are first needed and stay warm.
 */
import { asHuoyanError } from '../../core/errors.ts';
import { type Engine, openEngine } from '../../evidence/analyse.node.ts';
import { errorToWire, toWire } from '../../evidence/wire.ts';
import { renderClusters, toClusterRecord } from '../../report/index.ts';
import { Sorter } from '../../trace/cluster/sorter.node.ts';
import { keepEnrolment } from '../../trace/enrolled.node.ts';
import { describeExamples } from '../../trace/examples.node.ts';
import { Fingerprinter } from '../../trace/library.node.ts';
import { Tracer } from '../../trace/tracer.node.ts';
import { document } from './document.ts';
import { audit, benchmark } from './measure.ts';
import { checkLabel, cloak, label, mark, readMark } from './protect.ts';
import type { ChildJob, ChildReply, Given, TaskName, Tasks, WireTrace } from './tasks.ts';

// When to stop is the parent's decision.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
process.on('disconnect', () => process.exit(0));

/** Made when first asked for, then kept. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

const engine = once<Engine>(() => openEngine({ threads: 1 }));
const tracer = once(() => Tracer.open());
const fingerprinter = once(() => Fingerprinter.open());

const sourceOf = ({ path, name, bytes }: Given) => [path ?? name, bytes] as const;

type Doing = { [Name in TaskName]: (job: Tasks[Name]['takes']) => Promise<Tasks[Name]['gives']> };

const DO: Doing = {
  async analyse({ file, stability, prior, preview }) {
    const options = { stability, prior, preview };
    const { analyseBytes, analyseFile } = bound(await engine());
    const analysis = file.bytes
      ? await analyseBytes(file.bytes, file.name, options)
      : await analyseFile(file.path ?? file.name, options);
    return { analysis: toWire({ ...analysis, file: file.name }) };
  },

  async trace({ files, construction, view }) {
    const all = await tracer();
    const examined = [];
    for (const file of files) {
      const { trace, prepared } = await all.examine(...sourceOf(file), { construction, view });
      examined.push({ trace: { ...trace, file: file.name }, prepared });
    }
    return { traces: all.neighbours(examined).map(traceToWire) };
  },

  async fingerprint({ file }) {
    const { id, vector } = await (await fingerprinter()).fingerprint(...sourceOf(file));
    return { sha256: id, vector };
  },

  async enrol({ name, files }) {
    const names = new Map(files.map((file) => [file.path ?? '', file.name]));
    const skipped: string[] = [];
    const enrolment = await describeExamples(name, names.keys(), (path) => {
      skipped.push(names.get(path) ?? '');
    });
    await keepEnrolment(enrolment, undefined, enrolment.kind);
    return { pictures: enrolment.sent.stored.length, skipped };
  },

  async cluster({ files, smallest, language }) {
    const { gallery } = await tracer();
    const sorter = new Sorter(gallery, true);
    const names = new Map(files.map((file) => [file.path ?? file.name, file.name]));
    for (const file of files) await sorter.add(...sourceOf(file));
    const sorted = sorter.sort({ smallest });
    const named = {
      ...sorted,
      pictures: sorted.pictures.map((one) => ({ ...one, file: names.get(one.file) ?? one.file })),
      skipped: sorted.skipped.map((one) => ({ ...one, file: names.get(one.file) ?? one.file })),
    };
    return {
      record: toClusterRecord(named, language),
      page: renderClusters(named, { language, generatedAt: new Date() }),
    };
  },

  mark,
  readMark,
  cloak,
  label,
  checkLabel,
  audit,
  benchmark,
  document,
};

function bound(one: Engine): Pick<Engine, 'analyseBytes' | 'analyseFile'> {
  return { analyseBytes: one.analyseBytes.bind(one), analyseFile: one.analyseFile.bind(one) };
}

function traceToWire(trace: Awaited<ReturnType<Tracer['examine']>>['trace']): WireTrace {
  return trace.outcome === 'unreadable' ? { ...trace, error: errorToWire(trace.error) } : trace;
}

const reply = (message: ChildReply | { readonly ready: true }) => process.send?.(message);

process.on('message', async (job: ChildJob) => {
  try {
    const run = DO[job.task] as (given: ChildJob) => Promise<Tasks[TaskName]['gives']>;
    reply({ id: job.id, gives: await run(job) });
  } catch (thrown) {
    reply({ id: job.id, error: errorToWire(asHuoyanError(thrown)) });
  }
});
reply({ ready: true });
