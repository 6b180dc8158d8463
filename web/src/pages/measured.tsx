/** Audits, drawn from recorded answers; benchmarks, as they were committed. */
import { type FormEvent, useEffect, useState } from 'react';
import type { Text } from '../../../src/core/text.ts';
import { ask, type Role } from '../api.ts';
import { useLanguage } from '../language.tsx';
import { Markdown } from '../measured/markdown.tsx';
import { MEASURED } from '../measured/words.ts';
import { Complaint } from '../parts/complaint.tsx';
import { Fragment } from '../parts/fragment.tsx';

/** The committed tables, each a file of its own, fetched when it is looked at. */
const FILES = import.meta.glob<string>(['../../../docs/measured/*.md', '../../../docs/leaderboard.md'], {
  query: '?raw',
  import: 'default',
});
const TABLES = new Map(
  Object.entries(FILES).map(([path, load]) => [path.split('/').at(-1)?.replace('.md', '') ?? '', load]),
);
const NAMES: Readonly<Record<string, Text>> = MEASURED.names;
/** Named ones in the order of their names, then whatever else was measured. */
const ORDER = [
  ...Object.keys(NAMES).filter((name) => TABLES.has(name)),
  ...[...TABLES.keys()].filter((name) => !(name in NAMES)),
];

export function MeasuredPage({ role }: { readonly role: Role }) {
  const { t } = useLanguage();
  return (
    <>
      <h1>{t(MEASURED.title)}</h1>
      <p className="lead">{t(MEASURED.lead)}</p>
      {role !== 'viewer' && <Audit />}
      <Benchmarks />
    </>
  );
}

function Benchmarks() {
  const { t } = useLanguage();
  const [chosen, choose] = useState(ORDER[0]);
  const [source, setSource] = useState<string | null>(null);
  useEffect(() => {
    let gone = false;
    TABLES.get(chosen)?.().then((text) => {
      if (!gone) setSource(text);
    });
    return () => {
      gone = true;
    };
  }, [chosen]);
  const follow = (target: string) => {
    const name = target.replace(/^.*\//, '').replace(/\.md.*$/, '');
    if (!TABLES.has(name)) return null;
    return (
      <button type="button" className="link" onClick={() => choose(name)}>
        {NAMES[name] ? t(NAMES[name]) : name}
      </button>
    );
  };
  return (
    <section className="card">
      <h2>{t(MEASURED.tables)}</h2>
      <p className="quiet">{t(MEASURED.tablesWhy)}</p>
      <label className="choose">
        <span>{t(MEASURED.choose)}</span>
        <select value={chosen} onChange={(event) => choose(event.target.value)}>
          {ORDER.map((name) => (
            <option key={name} value={name}>
              {NAMES[name] ? t(NAMES[name]) : name}
            </option>
          ))}
        </select>
      </label>
      {source !== null && <Markdown source={source} follow={follow} />}
    </section>
  );
}

function Audit() {
  const { t } = useLanguage();
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<unknown>(null);
  const [markup, setMarkup] = useState<string | null>(null);
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const service = String(given.get('service') ?? '').trim();
    given.delete('service');
    setBusy(true);
    setRefused(null);
    setMarkup(null);
    ask(`/v1/audits?fragment${service && `&service=${encodeURIComponent(service)}`}`, {
      method: 'POST',
      headers: { accept: 'text/html' },
      body: given,
    })
      .then((response) => response.text())
      .then(setMarkup, setRefused)
      .finally(() => setBusy(false));
  };
  return (
    <>
      <section className="card">
        <h2>{t(MEASURED.audit)}</h2>
        <p className="quiet">{t(MEASURED.auditWhy)}</p>
        <form className="inline-form" onSubmit={send}>
          <label>
            <span className="unseen">{t(MEASURED.answers)}</span>
            <input type="file" name="file" multiple required accept=".csv,.tsv,.ndjson,.jsonl,.txt" />
          </label>
          <input
            name="service"
            maxLength={100}
            placeholder={t(MEASURED.service)}
            aria-label={t(MEASURED.service)}
          />
          <button type="submit" className="primary" disabled={busy}>
            {t(busy ? MEASURED.working : MEASURED.go)}
          </button>
        </form>
        {refused !== null && <Complaint refused={refused} />}
      </section>
      <div aria-live="polite">{markup && <Fragment markup={markup} />}</div>
    </>
  );
}
