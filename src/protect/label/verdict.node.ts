/**
 * One of four answers about the implicit label of any file that can carry one, with the clause that is broken; beside it,
 * as far as it can be told, whether there is an explicit one.
 */
import { HuoyanError } from '../../core/errors.ts';
import type { AigcRule, AigcViolation } from '../../credentials/aigc/label.ts';
import type { AigcReport, AigcSite } from '../../credentials/aigc/read.ts';
import { readAigc } from '../../credentials/aigc/read.ts';
import { embeddedTexts } from '../../credentials/embedded.ts';
import { readImage } from '../../media/index.node.ts';
import { explicitOf } from './explicit-found.node.ts';
import type { ExplicitVerdict } from './explicit-found.ts';
import { carrierFor, labelsIn } from './manifest.ts';

export type LabelVerdict = 'compliant' | 'non-compliant' | 'absent' | 'inconclusive';

/** Clause of GB 45438-2025 a rule belongs to, as METHODS has them: the standard's own text was not at hand. */
const CLAUSE: Readonly<Record<AigcRule, string>> = {
  'field-missing': 'GB 45438-2025 E',
  'field-empty': 'GB 45438-2025 E',
  'field-not-text': 'GB 45438-2025 E',
  characters: 'GB 45438-2025 E',
  'label-value': 'GB 45438-2025 E',
  namespace: 'TC260-PG-20259A',
  'duplicate-label': 'GB 45438-2025 6.1 c)',
  'labels-disagree': 'GB 45438-2025 6.1 c)',
};

export interface LabelAnswer {
  readonly verdict: LabelVerdict;
  readonly carrier: string;
  /** "1", "2" or "3"; null where nothing could be understood. */
  readonly label: string | null;
  readonly producer: string | null;
  readonly violations: readonly (AigcViolation & { readonly clause: string })[];
  readonly sites: readonly AigcSite[];
  /** Words on the picture or the rhythm in the sound; says nothing about `verdict`. */
  readonly explicit: ExplicitVerdict;
}

const VERDICT: Readonly<Record<AigcReport['status'], LabelVerdict>> = {
  compliant: 'compliant',
  nonCompliant: 'non-compliant',
  absent: 'absent',
  unreadable: 'inconclusive',
};

const PICTURES = new Set(['JPEG', 'PNG', 'WebP', 'GIF', 'TIFF']);

/** Checks a file's labels. Throws HuoyanError `empty`, `unsupported-format` or `corrupt`. */
export async function checkLabelOf(bytes: Uint8Array, name: string): Promise<LabelAnswer> {
  const carrier = carrierFor(bytes).name;
  const report = PICTURES.has(carrier) ? await ofPicture(bytes, name) : labelsIn(bytes);
  return {
    verdict: VERDICT[report.status],
    carrier,
    label: report.label ?? null,
    producer: report.producer ?? null,
    violations: report.violations.map((one) => ({ ...one, clause: CLAUSE[one.rule] })),
    sites: report.sites,
    explicit: await explicitOf(bytes, name),
  };
}

/** Pictures have more places than the one we write to; a picture that cannot be decoded is still looked at for ours. */
async function ofPicture(bytes: Uint8Array, name: string): Promise<AigcReport> {
  try {
    return readAigc(embeddedTexts((await readImage(bytes, name)).container));
  } catch (thrown) {
    if (thrown instanceof HuoyanError && thrown.code === 'corrupt') return labelsIn(bytes);
    throw thrown;
  }
}
