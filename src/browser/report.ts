/** `huoyan/browser/report`: the record and the HTML report of an analysis; apart, because not everybody shows one. */
export { analysisFragment, type HtmlOptions, renderHtml } from '../report/html/page.ts';
export { toNdjsonLine, toRecord } from '../report/record.ts';
export type { AnalysisRecord } from '../report/schema.ts';
