/** An audit as the stable record that `--json` writes (schema.ts is the promise), and as rows of a table for `--csv`. */
import type { Audit, AuditRate, AuditRates, AuditSet, AuditTotal } from '../../core/audit.ts';
import type { Language } from '../../core/text.ts';
import { PRODUCER } from '../producer.ts';
import { AUDIT_SCHEMA, type AuditRecord } from './schema.ts';

/** The record, its messages in `language` (English when absent). */
export function toAuditRecord(audit: Audit, language: Language = 'en'): AuditRecord {
  const { sets, total, accuracy, gates, problems } = audit;
  return {
    schema: AUDIT_SCHEMA,
    producer: PRODUCER,
    language,
    ...structuredClone({ sets, total, accuracy, gates }),
    problems: problems.map(({ file, line, error: { code, text, hint } }) => ({
      file,
      ...(line === undefined ? {} : { line }),
      error: { code, message: text[language], hint: hint[language] },
    })),
  } as AuditRecord;
}

const COLUMNS = [
  'set',
  'service',
  'group',
  'name',
  'threshold',
  'quantity',
  'n',
  'count',
  'rate',
  'lo',
  'hi',
] as const;

/** Every rate of the audit as one row, with a line of column names first. */
export function* auditCsv(audit: Audit): Generator<string> {
  yield `${COLUMNS.join(',')}\n`;
  for (const set of audit.sets) yield* rowsOf(set.name, set.service, set, set.operating);
  yield* rowsOf('', '', audit.total, 0);
  for (const gate of audit.gates) {
    const { set, service, detector, fakes, reals } = gate;
    yield row(set, service, 'gate', detector, '', 'before', fakes, gate.before);
    yield row(
      set,
      service,
      'gate',
      detector,
      gate.operating.threshold,
      'falseReject',
      reals,
      gate.operating.falseReject,
    );
    yield row(
      set,
      service,
      'gate',
      detector,
      gate.operating.threshold,
      'residual',
      fakes,
      gate.operating.residual,
    );
  }
  for (const one of audit.accuracy) {
    const { service, pairs } = one;
    if (pairs) {
      const { threshold, impostor, genuine, falseMatch, falseNonMatch } = pairs;
      yield row('', service, 'recogniser', '', threshold, 'falseMatch', impostor, falseMatch);
      yield row('', service, 'recogniser', '', threshold, 'falseNonMatch', genuine, falseNonMatch);
    }
    yield row('', service, 'recogniser', '', '', 'identified', one.probes, one.identified);
  }
}

function* rowsOf(
  set: string,
  service: string,
  total: AuditTotal | AuditSet,
  operating: number,
): Generator<string> {
  const rates = (of: AuditRates) =>
    [
      ['targeted', of.targeted],
      ['nonTargeted', of.nonTargeted],
      ['misidentified', of.misidentified],
    ] as const;
  const kind = set === '' ? 'total' : 'set';
  const more = [
    ['inverted', total.inverted],
    ['targetedByIdentity', total.targetedByIdentity],
  ] as const;
  for (const [quantity, rate] of [...rates(total), ...more])
    yield row(set, service, kind, '', operating, quantity, total.n, rate);
  for (const at of total.byThreshold)
    for (const [quantity, rate] of rates(at))
      yield row(set, service, 'threshold', '', at.threshold, quantity, total.n, rate);
  for (const [group, all] of [
    ['method', total.methods.map((one) => ({ ...one, label: one.method }))],
    ['person', total.people.map((one) => ({ ...one, label: one.person }))],
  ] as const)
    for (const one of all)
      for (const [quantity, rate] of rates(one))
        yield row(set, service, group, one.label, operating, quantity, one.n, rate);
}

function row(
  set: string,
  service: string,
  group: string,
  name: string,
  threshold: number | '',
  quantity: string,
  n: number,
  { count, rate, lo, hi }: AuditRate,
): string {
  const cells = [set, service, group, name, threshold, quantity, n, count, rate, lo, hi];
  return `${cells.map(cell).join(',')}\n`;
}

/** Quoted where needed; a text that a spreadsheet would take for a formula gets a quote mark in front. */
function cell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
