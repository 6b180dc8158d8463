/** One result, shown as terminal text, JSON or HTML; Chinese and English. Runs in Node and in a browser. */

export { type AuditPageOptions, auditFragment, auditHtmlParts } from './audit/html.ts';
export { auditCsv, toAuditRecord } from './audit/record.ts';
export { AUDIT_SCHEMA, type AuditRecord, auditJsonSchema, auditRecordSchema } from './audit/schema.ts';
export { auditText } from './audit/terminal.ts';
export { dataText, leakageText } from './bench/data.ts';
export {
  type LeaderboardTable,
  leaderboardFragment,
  leaderboardHtml,
  leaderboardMarkdown,
} from './bench/leaderboard.ts';
export {
  BENCH_SCHEMAS,
  benchJsonSchema,
  benchReportSchema,
  leaderboardSchema,
  scoreMetaSchema,
  scoreRowSchema,
} from './bench/schema.ts';
export { comparisonText, evaluationText, flipsText } from './bench/terminal.ts';
export type { TerminalOptions } from './block.ts';
export type { AnalysisReport, CaseFile, CaseReport, CustodyLine, Printed } from './case/case.ts';
export { analysisDocument, caseDocument, type PagedDocument } from './case/content.ts';
export {
  CLUSTER_SCHEMA,
  type ClusterPicture,
  type ClusterRecord,
  type ClusterReport,
  clusterRecordSchema,
  type ReportedCluster,
  toClusterRecord,
} from './clusters.ts';
export { type ClusterPageOptions, renderClusters } from './html/clusters/page.ts';
export { analysisFragment, type HtmlOptions, htmlParts, renderHtml } from './html/page.ts';
export { withinFrame } from './html/within.ts';
export { PRODUCER, RECORD_SCHEMA } from './producer.ts';
export { ABSTAINED, quantiseMap, type RecordOptions, toNdjsonLine, toRecord } from './record.ts';
export {
  type AnalysedRecord,
  type AnalysisRecord,
  analysedRecordSchema,
  analysisJsonSchema,
  analysisRecordSchema,
  type ErrorRecord,
  errorRecordSchema,
} from './schema.ts';
export { terminalDetails, terminalLine, terminalSummary } from './terminal.ts';
export { type TracePageOptions, traceFragment, traceHtmlParts } from './trace/html.ts';
export { type TraceRecordOptions, toTraceNdjsonLine, toTraceRecord } from './trace/record.ts';
export {
  TRACE_SCHEMA,
  type TracedRecord,
  type TraceErrorRecord,
  type TraceRecord,
  traceJsonSchema,
  traceRecordSchema,
  type UntraceableRecord,
} from './trace/schema.ts';
export { traceDetails, traceLine } from './trace/terminal.ts';
export { countOutcomes, emptyCounts, type OutcomeCounts, outcomeOf } from './weigh.ts';
