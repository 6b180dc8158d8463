/** An audit as terminal text: one line a set, then the recognisers themselves and the gate. */
import type { Audit, AuditRate, AuditTotal } from '../../core/audit.ts';
import { Block, type TerminalOptions } from '../block.ts';
import { AUDIT, at5, inverted, peopleCount, problemsCount } from '../locale/audit.ts';
import { group } from '../locale/format.ts';
import { plainLine } from '../plain.ts';
import { cutEnd, padEnd, padStart } from '../width.ts';

/** A share in per cent to one digit, as published tables have it: `43.9`. */
export const tenths = (share: number) => (Number.isFinite(share) ? (share * 100).toFixed(1) : '–');
export const range = ({ lo, hi }: AuditRate) => `${tenths(lo)}–${tenths(hi)}`;

const FIGURE = 19;

/** The whole audit. */
export function auditText(audit: Audit, options: TerminalOptions): string {
  const block = new Block(options);
  const { language, colour } = block;
  const sets = audit.sets.map((set) => ({ label: `${set.name} · ${set.service}`, set }));
  const labels = sets.map(({ label }) => plainLine(label));
  const width = Math.min(44, Math.max(AUDIT.total[language].length + 2, ...labels.map((l) => l.length + 1)));
  const line = (label: string, n: string, ...figures: string[]) =>
    block.raw(
      `${padEnd(cutEnd(plainLine(label), width), width)}${padStart(n, 7)}${figures.map((f) => padStart(f, FIGURE)).join('')}`.trimEnd(),
    );
  if (audit.sets.length > 0) {
    block.raw(colour.bold(AUDIT.terminalTitle[language]));
    line('', 'n', AUDIT.targeted[language], AUDIT.nonTargeted[language], AUDIT.misidentified[language]);
    const figures = (total: AuditTotal) =>
      [total.targeted, total.nonTargeted, total.misidentified].map(
        (rate) => `${tenths(rate.rate)} (${range(rate)})`,
      );
    const shown =
      audit.sets.length > 1 ? [...sets, { label: AUDIT.total[language], set: audit.total }] : sets;
    for (const { label, set } of shown) {
      line(label, group(set.n), ...figures(set));
      block.raw(
        colour.dim(
          `  ${peopleCount(set.personsImpersonated, set.persons)[language]} · ${inverted(set.inverted.count)[language]} · ${AUDIT.byIdentity[language]} ${tenths(set.targetedByIdentity.rate)} %`,
        ),
      );
      if (!set.clips) continue;
      const { n, anyFrame, mostFrames } = set.clips;
      const share = (rate: AuditRate) => `${tenths(rate.rate)} % (${range(rate)})`;
      block.raw(
        colour.dim(
          `  ${AUDIT.clips[language]}, n = ${group(n)}: ${AUDIT.anyFrame[language]} ${share(anyFrame)} · ${AUDIT.mostFrames[language]} ${share(mostFrames)}`,
        ),
      );
    }
    block.raw(colour.dim(AUDIT.intervalNote[language]));
  }
  for (const one of audit.accuracy) {
    block.blank();
    block.raw(colour.bold(`${plainLine(one.service)}: ${AUDIT.accuracy[language]}`));
    block.entry(2, 37, AUDIT.photos[language], `${group(one.photos)} / ${group(one.people)}`);
    if (one.pairs) {
      const { auc, falseNonMatch, threshold } = one.pairs;
      block.entry(2, 37, AUDIT.auc[language], auc.toFixed(4));
      const missed = `${tenths(falseNonMatch.rate)} % (${range(falseNonMatch)})`;
      block.entry(
        2,
        37,
        AUDIT.fnmr[language],
        `${missed}, ${AUDIT.threshold[language]} ${threshold.toFixed(3)}`,
      );
    }
    block.entry(
      2,
      37,
      AUDIT.identified[language],
      `${tenths(one.identified.rate)} % (${range(one.identified)})`,
    );
  }
  for (const gate of audit.gates) {
    block.blank();
    block.raw(
      colour.bold(
        `${AUDIT.gate[language]}: ${plainLine(gate.detector)} → ${plainLine(gate.service)} · ${plainLine(gate.set)}`,
      ),
    );
    block.prose(2, at5(`${tenths(gate.before.rate)} %`, gate.operating, tenths, range)[language]);
  }
  if (audit.problems.length > 0) {
    block.blank();
    block.raw(problemsCount(audit.problems.length)[language]);
  }
  return block.toString();
}
