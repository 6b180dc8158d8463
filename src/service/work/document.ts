/** A report set as a PDF by a child process: fonts and pages would hold up whoever else asks meanwhile. */
import { pdfOf } from '../../report/case/pdf.node.ts';
import type { Tasks } from './tasks.ts';

export async function document({
  content,
  created,
}: Tasks['document']['takes']): Promise<Tasks['document']['gives']> {
  return { pdf: await pdfOf(content, created) };
}
