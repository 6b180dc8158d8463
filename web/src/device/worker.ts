/** Analyses pictures beside the page, so that it stays quick to the touch. */
import { openBrowserEngine } from '../../../src/browser/index.ts';
import { analysisFragment, renderHtml, toRecord } from '../../../src/browser/report.ts';
import type { Analysis } from '../../../src/core/analysis.ts';
import { asHuoyanError } from '../../../src/core/errors.ts';
import type { FromWorker, Shown, Task } from './messages.ts';

const say = (message: FromWorker) => postMessage(message);

const engine = openBrowserEngine({
  models: '/device/models/',
  faces: '/device/faces/',
  c2pa: '/device/c2pa.wasm',
  wasm: { wasm: '/device/runtime/wasm.wasm', webgpu: '/device/runtime/webgpu.wasm' },
});

engine
  .then(async (opened) => {
    await opened.warm();
    say({ type: 'ready', computesOn: opened.computesOn });
  })
  .catch((thrown) => {
    const { text, hint } = asHuoyanError(thrown);
    say({ type: 'broken', text, hint });
  });

function shown(analysis: Analysis, language: Task['language'], whole: boolean): Shown {
  const analysed = analysis.outcome === 'analysed';
  return {
    outcome: analysed ? analysis.verdict.label : 'unreadable',
    probability: analysed ? analysis.verdict.probability : null,
    milliseconds: analysis.timing.total - (analysis.timing.stability ?? 0),
    fragment: analysisFragment(analysis, language),
    whole,
  };
}

/** One at a time, in order. */
let last: Promise<unknown> = engine.catch(() => {});

addEventListener('message', ({ data: { id, file, language } }: MessageEvent<Task>) => {
  last = last.then(async () => {
    const analysis = await (await engine).analyse(file, {
      preview: true,
      onVerdict: (verdict) => say({ type: 'shown', id, shown: shown(verdict, language, false) }),
    });
    say({ type: 'shown', id, shown: shown(analysis, language, true) });
    const json = JSON.stringify(toRecord(analysis, { maps: true, language }), null, 2);
    say({ type: 'files', id, html: renderHtml([analysis], { language }), json });
  });
  last.catch(() => {});
});
