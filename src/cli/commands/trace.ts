/** `huoyan trace`: who made these pictures and voices, and which of them share a source. */
import type { HuoyanError } from '../../core/errors.ts';
import type { Text } from '../../core/text.ts';
import type { Trace } from '../../core/trace.ts';
import { PRODUCER, toTraceRecord, traceDetails, traceHtmlParts, traceLine } from '../../report/index.ts';
import { type Examined, Tracer } from '../../trace/tracer.node.ts';
import type { Console } from '../console.ts';
import { EXIT } from '../exit.ts';
import { checkInputs, inputsOf } from '../inputs.ts';
import { WholeFile } from '../whole-file.ts';

export interface TraceFlags {
  readonly json?: boolean;
  readonly ndjson?: boolean;
  readonly html?: string;
  readonly filesFrom?: string;
  readonly verbose?: boolean;
}

/** Files beyond these are traced, but no longer compared with each other. */
const MOST_COMPARED = 2000;
/** More files than this make no page that a browser opens. */
const MOST_SHOWN = 500;

/** Runs the command and returns its exit code. */
export async function trace(paths: readonly string[], flags: TraceFlags, io: Console): Promise<number> {
  checkInputs(paths, flags);
  const page = flags.html === undefined ? null : await WholeFile.open(flags.html);
  try {
    const tracer = await Tracer.open();
    const examined: Examined[] = [];
    for await (const input of inputsOf(paths, flags)) {
      const one = await examineOne(tracer, input, page !== null && examined.length < MOST_SHOWN);
      examined.push(examined.length < MOST_COMPARED ? one : { trace: one.trace });
      io.status(() => ({ en: `${examined.length} examined`, zh: `已检验 ${examined.length} 个` }));
    }
    if (examined.length > MOST_COMPARED) {
      io.note({
        en: `only the first ${MOST_COMPARED} files were compared with each other`,
        zh: `只有前 ${MOST_COMPARED} 个文件彼此比对`,
      });
    }
    const traces = tracer.neighbours(examined);
    await print(traces, flags, io);
    if (page) {
      const options = { language: io.language, generatedAt: new Date() };
      await page.finish(traceHtmlParts(traces.slice(0, MOST_SHOWN), options));
      io.note({ en: `report written: ${page.path}`, zh: `报告已写出：${page.path}` });
    }
    const unreadable = traces.filter(({ outcome }) => outcome === 'unreadable').length;
    if (unreadable === traces.length) return EXIT.failure;
    return unreadable > 0 ? EXIT.partial : EXIT.ok;
  } finally {
    await page?.discard();
  }
}

type Input = Awaited<ReturnType<ReturnType<typeof inputsOf>['next']>>['value'];

async function examineOne(tracer: Tracer, input: Input, view: boolean): Promise<Examined> {
  if ('error' in input)
    return { trace: { outcome: 'unreadable', file: input.name, error: input.error, elapsedMs: 0 } };
  return tracer.examine(input.name, input.bytes, { view, construction: true });
}

async function print(traces: readonly Trace[], flags: TraceFlags, io: Console): Promise<void> {
  const { language } = io;
  if (flags.json) {
    const records = traces.map((one) => toTraceRecord(one, { language }));
    const document = { schema: 'huoyan.traces/1', producer: PRODUCER, records };
    await io.write(`${JSON.stringify(document)}\n`);
    return;
  }
  const options = { language, columns: io.columns, colour: io.color };
  for (const one of traces) {
    if (flags.ndjson) await io.write(`${JSON.stringify(toTraceRecord(one, { language }))}\n`);
    else {
      await io.write(`${traceLine(one, options)}\n`);
      if (flags.verbose) await io.write(`${traceDetails(one, options)}\n`);
      else if (one.outcome === 'unreadable') io.note(hintOf(one.error));
    }
  }
}

/** The line above has said what is wrong; this says what to do. */
function hintOf({ hint }: HuoyanError): Text {
  return { en: `  hint: ${hint.en}`, zh: `  提示：${hint.zh}` };
}
