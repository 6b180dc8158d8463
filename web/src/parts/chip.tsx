/** The state or verdict of one file in a word, with a symbol, so that colour never speaks alone. */
import { percent } from '../../../src/report/locale/format.ts';
import { OUTCOME_WORD, type Outcome } from '../../../src/report/locale/labels.ts';
import type { Analysis } from '../api.ts';
import { useLanguage } from '../language.tsx';
import { STATE } from '../words.ts';

const SYMBOL: Readonly<Record<Outcome, string>> = {
  synthetic: '✦',
  manipulated: '✎',
  suspect: '!',
  inconclusive: '?',
  authentic: '✓',
  unreadable: '×',
};

export function outcomeOf({ status, summary }: Pick<Analysis, 'status' | 'summary'>): Outcome | null {
  if (status === 'failed') return 'unreadable';
  return status === 'succeeded' ? ((summary?.label as Outcome | undefined) ?? null) : null;
}

export function Chip({ analysis }: { readonly analysis: Pick<Analysis, 'status' | 'summary'> }) {
  const { t } = useLanguage();
  const outcome = outcomeOf(analysis);
  if (!outcome) return <span className="state">{t(STATE[analysis.status])}</span>;
  return <Verdict outcome={outcome} probability={analysis.summary?.probability ?? null} />;
}

/** A verdict in a word, with its probability where there is one. */
export function Verdict({
  outcome: word,
  probability,
}: {
  readonly outcome: string;
  readonly probability: number | null;
}) {
  const { t } = useLanguage();
  const outcome = word as Outcome;
  return (
    <span className={`chip ${outcome}`}>
      <span aria-hidden="true">{SYMBOL[outcome]}</span>
      {t(OUTCOME_WORD[outcome])}
      {probability !== null && <span className="figure"> {percent(probability)} %</span>}
    </span>
  );
}
