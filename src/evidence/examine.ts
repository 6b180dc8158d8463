/** One file shown to detectors: what each found, and that one which breaks is a result too. */
import { asHuoyanError, HuoyanError } from '../core/errors.ts';
import type { Evidence } from '../core/evidence.ts';
import type { Media } from '../core/media.ts';
import { type AnyDetector, type Detector, type ExamineContext, examines } from './detector.ts';

/** The evidence of all `detectors` that examine this kind, in their order; `timing` takes their milliseconds by name. */
export async function examine(
  media: Media,
  detectors: readonly AnyDetector[],
  context: ExamineContext,
  timing: Record<string, number> = {},
): Promise<Evidence[]> {
  const evidence: Evidence[] = [];
  for (const detector of detectors) {
    if (!examines(detector, media.kind)) continue;
    throwIfCancelled(context.signal);
    const from = performance.now();
    evidence.push(await ask(detector, media, context));
    timing[detector.name] = performance.now() - from;
  }
  return evidence;
}

/** A detector that breaks is a result too: the others still count. */
async function ask(
  detector: Detector,
  media: Media,
  { models, budgetSeconds, signal }: ExamineContext,
): Promise<Evidence> {
  try {
    return finite(await detector.examine(media, { models, budgetSeconds, signal }));
  } catch (thrown) {
    const error = asHuoyanError(thrown);
    return {
      status: 'failed',
      detector: detector.name,
      version: detector.version,
      summary: { en: `could not be examined: ${error.text.en}`, zh: `未能检验：${error.text.zh}` },
      details: {},
      error: { code: error.code, message: error.text.en, hint: error.hint.en },
    };
  }
}

/** A likelihood ratio that is no number would spoil the verdict unseen: better that its detector fails. */
function finite(evidence: Evidence): Evidence {
  const weighed = evidence.status === 'detected' || evidence.status === 'notDetected';
  if (weighed && !Number.isFinite(evidence.llr))
    throw new Error(`${evidence.detector} weighed ${evidence.llr}`);
  return evidence;
}

/** Throws HuoyanError `cancelled`. */
export function throwIfCancelled(signal?: AbortSignal): void {
  if (!signal?.aborted) return;
  throw new HuoyanError(
    'cancelled',
    { en: 'the analysis was cancelled', zh: '分析已取消' },
    { en: 'run it again', zh: '请重新运行' },
  );
}
