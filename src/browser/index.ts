/**
 * Huoyan as a library for a browser, also within a Web Worker: docs/browser.md. Reports are in `huoyan/browser/report`.
 *
 * ```ts
 * import { openBrowserEngine } from 'huoyan/browser';
 * const engine = await openBrowserEngine({ models: '/models/' });
 * const analysis = await engine.analyse(file);
 * if (analysis.outcome === 'analysed') console.log(analysis.verdict.label, analysis.verdict.probability);
 * ```
 *
 * Nothing leaves the page but requests for the networks at the addresses it is given.
 */
export type { AnalysedImage, Analysis, UnreadableFile } from '../core/analysis.ts';
export { type ErrorCode, HuoyanError } from '../core/errors.ts';
export type { Evidence, EvidenceMap, EvidenceStatus, Region } from '../core/evidence.ts';
export type { Language, Text } from '../core/text.ts';
export type { StabilityStep, Verdict, VerdictLabel } from '../core/verdict.ts';
export type { Processor } from '../nn/runtime.web.ts';
export {
  type BrowserAnalyseOptions,
  type BrowserEngine,
  type BrowserEngineOptions,
  openBrowserEngine,
} from './engine.ts';
