/** The report of a case, set as a PDF by a child process: fonts and pages would hold up whoever else asks meanwhile. */
import { casePdf } from '../../report/case/pdf.node.ts';
import { caseDocument } from '../../report/index.ts';
import type { Tasks } from './tasks.ts';

export async function caseReport({
  report,
  language,
}: Tasks['caseReport']['takes']): Promise<Tasks['caseReport']['gives']> {
  return { pdf: await casePdf(caseDocument(report, language), report.printed) };
}
