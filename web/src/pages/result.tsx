/** What was found out about one file, and what can be done with it. */
import { useEffect, useMemo, useState } from 'react';
import { type Analysis, ask, askFragment, askJson, type Role } from '../api.ts';
import { useLanguage } from '../language.tsx';
import { AddToCase } from '../parts/add-to-case.tsx';
import { Complaint } from '../parts/complaint.tsx';
import { Fragment } from '../parts/fragment.tsx';
import type { Recording } from '../parts/player.tsx';
import { ANALYSE } from '../words.ts';

export interface ResultProps {
  readonly analysis: Analysis;
  readonly role: Role;
  readonly erased: () => void;
}

export function Result({ analysis, role, erased }: ResultProps) {
  const { t, language } = useLanguage();
  const [markup, setMarkup] = useState<string | null>(null);
  const [refused, setRefused] = useState<unknown>(null);
  const { id, status, name } = analysis;
  const kind = analysis.summary?.kind;
  const recording = useMemo<Recording | undefined>(
    () =>
      kind === 'audio' || kind === 'video' ? { url: `/v1/analyses/${id}/recording`, kind, name } : undefined,
    [id, kind, name],
  );
  useEffect(() => {
    setMarkup(null);
    setRefused(null);
    if (status === 'succeeded') askFragment(`/v1/analyses/${id}/report?fragment`).then(setMarkup, setRefused);
  }, [id, status]);

  const erase = () => {
    if (!confirm(t(ANALYSE.eraseSure))) return;
    ask(`/v1/analyses/${id}`, { method: 'DELETE' }).then(erased, setRefused);
  };
  return (
    <>
      <div className="actions">
        {status === 'succeeded' && (
          <>
            <a className="button" href={`/v1/analyses/${id}/report?download&language=${language}`}>
              {t(ANALYSE.html)}
            </a>
            <a className="button" href={`/v1/analyses/${id}/report.pdf?language=${language}`}>
              {t(ANALYSE.pdf)}
            </a>
            <a
              className="button"
              href={`/v1/analyses/${id}?maps=true&language=${language}`}
              download={`${id}.json`}
            >
              {t(ANALYSE.json)}
            </a>
            <button type="button" onClick={() => print()}>
              {t(ANALYSE.paper)}
            </button>
            <a className="button" href={`/analyses/${id}`} title={t(ANALYSE.linkWhy)}>
              {t(ANALYSE.link)}
            </a>
            {role !== 'viewer' && <AddToCase analysis={id} />}
          </>
        )}
        {role !== 'viewer' && (
          <button type="button" className="danger" onClick={erase}>
            {t(ANALYSE.erase)}
          </button>
        )}
      </div>
      {refused !== null && <Complaint refused={refused} />}
      {status === 'failed' && <Failure analysis={analysis} />}
      {markup && <Fragment markup={markup} recording={recording} />}
      {markup && kind === 'image' && <TracePanel id={id} />}
    </>
  );
}

function Failure({ analysis }: { readonly analysis: Analysis }) {
  const [whole, setWhole] = useState<Analysis | null>(null);
  useEffect(() => {
    askJson<Analysis>(`/v1/analyses/${analysis.id}`).then(setWhole, () => {});
  }, [analysis.id]);
  const error = whole?.result?.error;
  if (!error) return null;
  return (
    <div className="card">
      <h2>
        <bdi>{analysis.name}</bdi>
      </h2>
      <p>{error.message}</p>
      <p className="quiet">{error.hint}</p>
    </div>
  );
}

/** Fingerprint, likely generator and construction: computed when somebody wants to know. */
function TracePanel({ id }: { readonly id: string }) {
  const { t } = useLanguage();
  const [markup, setMarkup] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<unknown>(null);
  const look = () => {
    setBusy(true);
    askFragment(`/v1/analyses/${id}/trace?fragment`)
      .then(setMarkup, setRefused)
      .finally(() => setBusy(false));
  };
  return (
    <section className="trace-panel">
      {markup ? (
        <Fragment markup={markup} />
      ) : (
        <div className="card invitation">
          <div>
            <h2>{t(ANALYSE.trace)}</h2>
            <p className="quiet">{t(ANALYSE.traceWhy)}</p>
          </div>
          <button type="button" disabled={busy} onClick={look}>
            {busy ? '…' : t(ANALYSE.traceGo)}
          </button>
        </div>
      )}
      {refused !== null && <Complaint refused={refused} />}
    </section>
  );
}
