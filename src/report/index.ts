/** One result, shown as terminal text, JSON or HTML; Chinese and English. Runs in Node and in a browser. */

export { type HtmlOptions, htmlParts, renderHtml } from './html/page.ts';
export { PRODUCER } from './producer.ts';
export { ABSTAINED, quantiseMap, type RecordOptions, toNdjsonLine, toRecord } from './record.ts';
export {
  type AnalysedRecord,
  type AnalysisRecord,
  analysedRecordSchema,
  analysisJsonSchema,
  analysisRecordSchema,
  type ErrorRecord,
  errorRecordSchema,
  RECORD_SCHEMA,
} from './schema.ts';
export { type TerminalOptions, terminalDetails, terminalLine, terminalSummary } from './terminal.ts';
export { countOutcomes, emptyCounts, type OutcomeCounts, outcomeOf } from './weigh.ts';
