/** Enrolled generators, pictures sorted by source, and pictures found again by source. */
import { useCallback, useEffect, useMemo, useState } from 'react';
import { withinFrame } from '../../../src/report/html/within.ts';
import { ask, askJson, type Role } from '../api.ts';
import { useLanguage } from '../language.tsx';
import { Complaint } from '../parts/complaint.tsx';
import { Fragment } from '../parts/fragment.tsx';
import { Enrolment } from '../sources/enrol.tsx';
import { FileForm } from '../sources/file-form.tsx';
import { SOURCES } from '../words.ts';

export function SourcesPage({ role }: { readonly role: Role }) {
  const { t } = useLanguage();
  return (
    <>
      <h1>{t(SOURCES.title)}</h1>
      <p className="lead">{t(SOURCES.lead)}</p>
      <div className="panels">
        <Enrolled role={role} />
        {role !== 'viewer' && <Search />}
      </div>
      {role !== 'viewer' && <Sort />}
    </>
  );
}

function Enrolled({ role }: { readonly role: Role }) {
  const { t } = useLanguage();
  const [names, setNames] = useState<readonly string[] | null>(null);
  const [refused, setRefused] = useState<unknown>(null);
  const load = useCallback(
    () =>
      askJson<{ items: { name: string }[] }>('/v1/sources').then(
        ({ items }) => setNames(items.map(({ name }) => name)),
        setRefused,
      ),
    [],
  );
  useEffect(() => {
    void load();
  }, [load]);
  const forget = (name: string) =>
    ask(`/v1/sources/${encodeURIComponent(name)}`, { method: 'DELETE' }).then(load, setRefused);
  return (
    <section className="card">
      <h2>{t(SOURCES.enrolled)}</h2>
      {names?.length === 0 && <p className="quiet">{t(SOURCES.none)}</p>}
      <ul className="rows">
        {names?.map((name) => (
          <li key={name}>
            <bdi>{name}</bdi>
            {role !== 'viewer' && (
              <button type="button" className="danger" onClick={() => forget(name)}>
                {t(SOURCES.forget)}
              </button>
            )}
          </li>
        ))}
      </ul>
      {refused !== null && <Complaint refused={refused} />}
      {role !== 'viewer' && <Enrolment enrolled={load} />}
    </section>
  );
}

/**
 * Sorting is asked for once: the report that it answers with, network and lists, is shown here and is what can be kept.
 */
function Sort() {
  const { t, language } = useLanguage();
  const [page, setPage] = useState<string | null>(null);
  const report = useMemo(() => page && URL.createObjectURL(new Blob([page], { type: 'text/html' })), [page]);
  useEffect(() => () => URL.revokeObjectURL(report ?? ''), [report]);
  return (
    <>
      <section className="card">
        <h2>{t(SOURCES.sort)}</h2>
        <p className="quiet">{t(SOURCES.sortWhy)}</p>
        <FileForm
          several
          label={t(SOURCES.pictures)}
          action={t(SOURCES.sortGo)}
          send={async (body) => {
            const headers = { accept: 'text/html' };
            const asked = { method: 'POST', body, headers };
            setPage(await (await ask(`/v1/clusters?language=${language}`, asked)).text());
          }}
        />
        {report && (
          <div className="actions">
            <a className="button" href={report} download="sources.html">
              {t(SOURCES.report)}
            </a>
          </div>
        )}
      </section>
      <div aria-live="polite" className="sorted">
        {page && <Fragment markup={withinFrame(page)} />}
      </div>
    </>
  );
}

interface Match {
  readonly sha256: string;
  readonly name: string;
  readonly similarity: number;
}

function Search() {
  const { t } = useLanguage();
  const [matches, setMatches] = useState<readonly Match[] | null>(null);
  const [kept, setKept] = useState<number | null>(null);
  return (
    <section className="card">
      <h2>{t(SOURCES.search)}</h2>
      <p className="quiet">{t(SOURCES.searchWhy)}</p>
      <FileForm
        several={false}
        label={t(SOURCES.picture)}
        action={t(SOURCES.find)}
        send={async (body) => {
          const found = await askJson<{ matches: Match[] }>('/v1/index/search', { method: 'POST', body });
          setMatches(found.matches);
        }}
      />
      {matches?.length === 0 && <p className="quiet">{t(SOURCES.nothing)}</p>}
      <ul className="rows">
        {matches?.map(({ sha256, name, similarity }) => (
          <li key={sha256}>
            <bdi>{name}</bdi>
            <span className="figure">
              {t(SOURCES.similarity)} {similarity.toFixed(2)}
            </span>
          </li>
        ))}
      </ul>
      <FileForm
        several
        label={t(SOURCES.pictures)}
        action={t(SOURCES.remember)}
        send={async (_, files) => {
          for (const file of files) {
            const body = new FormData();
            body.append('file', file);
            setKept((await askJson<{ pictures: number }>('/v1/index', { method: 'POST', body })).pictures);
          }
        }}
      />
      {kept !== null && (
        <p className="quiet">
          {kept} {t(SOURCES.remembered)}
        </p>
      )}
    </section>
  );
}
