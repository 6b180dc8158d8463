/**
 * What audits and benchmarks have in common: tables are sent, measured by the service as a job, and kept as a report; the
 * list of those, and one of them opened.
 */
import { type FormEvent, type ReactNode, useCallback, useEffect, useState } from 'react';
import type { Text } from '../../../src/core/text.ts';
import { ask, askFragment, askJson, type Role, type Status } from '../api.ts';
import { useLanguage } from '../language.tsx';
import { MEASURED, type MeasuredWords } from '../measured/words.ts';
import { go } from '../router.ts';
import { Complaint } from './complaint.tsx';
import { Fragment } from './fragment.tsx';

export interface Measurement {
  readonly id: string;
  readonly status: Status;
  readonly files: readonly { readonly name: string }[];
  readonly service: string | null;
  readonly created: string;
  readonly summary: Readonly<Record<string, number>> | null;
  readonly error: { readonly message: string; readonly hint: string } | null;
  readonly result?: unknown;
}

export interface MeasurementsProps {
  /** Where the service takes them, for instance `/v1/audits`. */
  readonly api: string;
  /** The page they are on, for instance `/audits`. */
  readonly page: string;
  /** The path that is shown now. */
  readonly path: string;
  readonly role: Role;
  readonly words: MeasuredWords;
  /** What came of one, in a few words. */
  readonly short: (summary: Readonly<Record<string, number>>) => Text;
  /** Further fields of the form. */
  readonly fields?: ReactNode;
  /** What stands below the list. */
  readonly children?: ReactNode;
}

/** Seconds one question may wait at the service for the end. */
const WAIT_S = 20;

export function Measurements(props: MeasurementsProps) {
  const id = props.path.split('/')[2];
  return id ? <Opened {...props} id={id} key={id} /> : <All {...props} />;
}

function All({ api, page, role, words, short, fields, children }: MeasurementsProps) {
  const { t } = useLanguage();
  const [made, setMade] = useState<readonly Measurement[] | null>(null);
  const [next, setNext] = useState<string | null>(null);
  const [refused, setRefused] = useState<unknown>(null);
  const list = useCallback(
    (cursor: string | null) =>
      askJson<{ items: Measurement[]; next: string | null }>(
        `${api}?limit=30${cursor ? `&cursor=${cursor}` : ''}`,
      ).then((found) => {
        setMade((earlier) => [...(cursor ? (earlier ?? []) : []), ...found.items]);
        setNext(found.next);
      }, setRefused),
    [api],
  );
  useEffect(() => {
    void list(null);
  }, [list]);
  return (
    <>
      <h1>{t(words.title)}</h1>
      <p className="lead">{t(words.lead)}</p>
      {role !== 'viewer' && <Fresh {...{ api, page, words, fields }} />}
      <section className="card">
        <h2>{t(words.made)}</h2>
        {refused !== null && <Complaint refused={refused} />}
        {made?.length === 0 && <p className="quiet">{t(words.none)}</p>}
        <ul className="rows">
          {made?.map((one) => (
            <li key={one.id}>
              <a href={`${page}/${one.id}`} onClick={follow(`${page}/${one.id}`)}>
                <bdi>{nameOf(one)}</bdi>
              </a>
              <Shortly one={one} short={short} />
            </li>
          ))}
        </ul>
        {next && (
          <button type="button" onClick={() => list(next)}>
            {t(MEASURED.more)}
          </button>
        )}
      </section>
      {children}
    </>
  );
}

const nameOf = ({ service, files }: Measurement) =>
  [...(service ? [service] : []), files.map(({ name }) => name).join(', ')].join(' · ');

const follow = (to: string) => (event: { preventDefault(): void }) => {
  event.preventDefault();
  go(to);
};

function Shortly({ one, short }: { readonly one: Measurement } & Pick<MeasurementsProps, 'short'>) {
  const { t, language } = useLanguage();
  const said = one.status === 'succeeded' ? one.summary && t(short(one.summary)) : t(MEASURED[one.status]);
  return (
    <span className="quiet">
      {said} · {new Date(one.created).toLocaleString(language)}
    </span>
  );
}

function Fresh({ api, page, words, fields }: Pick<MeasurementsProps, 'api' | 'page' | 'words' | 'fields'>) {
  const { t } = useLanguage();
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<unknown>(null);
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const body = new FormData(event.currentTarget);
    for (const [name, value] of [...body]) if (value === '') body.delete(name);
    setBusy(true);
    setRefused(null);
    askJson<Measurement>(api, { method: 'POST', body })
      .then(({ id }) => go(`${page}/${id}`), setRefused)
      .finally(() => setBusy(false));
  };
  return (
    <section className="card">
      <h2>{t(words.fresh)}</h2>
      <p className="quiet">{t(words.freshWhy)}</p>
      <form className="inline-form" onSubmit={send}>
        {fields}
        <label>
          <span className="unseen">{t(words.tables)}</span>
          <input type="file" name="file" multiple required accept=".csv,.tsv,.ndjson,.jsonl,.txt,.json" />
        </label>
        <button type="submit" className="primary" disabled={busy}>
          {t(busy ? MEASURED.working : words.go)}
        </button>
      </form>
      {refused !== null && <Complaint refused={refused} />}
    </section>
  );
}

function Opened({ api, page, role, words, id }: MeasurementsProps & { readonly id: string }) {
  const { t, language } = useLanguage();
  const [one, setOne] = useState<Measurement | null>(null);
  const [markup, setMarkup] = useState<string | null>(null);
  const [refused, setRefused] = useState<unknown>(null);
  useEffect(() => {
    let gone = false;
    const look = async () => {
      for (let wait = 0; !gone; wait = WAIT_S) {
        const found = await askJson<Measurement>(`${api}/${id}?wait=${wait}`);
        if (gone) return;
        setOne(found);
        if (found.status === 'queued' || found.status === 'running') continue;
        if (found.result) {
          const report = await askFragment(`${api}/${id}/report?fragment`);
          if (!gone) setMarkup(report);
        }
        return;
      }
    };
    look().catch((thrown) => {
      if (!gone) setRefused(thrown);
    });
    return () => {
      gone = true;
    };
  }, [api, id]);
  const erase = () => {
    if (!confirm(t(words.sure))) return;
    ask(`${api}/${id}`, { method: 'DELETE' }).then(() => go(page), setRefused);
  };
  const stop = () => {
    askJson<Measurement>(`${api}/${id}/cancel`, { method: 'POST' }).then(setOne, setRefused);
  };
  const waiting = one?.status === 'queued' || one?.status === 'running';
  return (
    <>
      <p className="no-print">
        <a href={page} onClick={follow(page)}>
          ← {t(words.back)}
        </a>
      </p>
      {refused !== null && <Complaint refused={refused} />}
      {one && (
        <>
          {/* The report brings its own title. */}
          <h1 className={markup ? 'unseen' : undefined}>
            <bdi>{nameOf(one)}</bdi>
          </h1>
          <div className="actions">
            {markup && (
              <>
                <a className="button" href={`${api}/${id}/report?download&language=${language}`}>
                  {t(MEASURED.html)}
                </a>
                <a className="button" href={`${api}/${id}?language=${language}`} download={`${id}.json`}>
                  {t(MEASURED.json)}
                </a>
                <button type="button" onClick={() => print()}>
                  {t(MEASURED.print)}
                </button>
              </>
            )}
            {role !== 'viewer' && (
              <button type="button" className="danger" onClick={erase}>
                {t(MEASURED.erase)}
              </button>
            )}
          </div>
          {one.error && (
            <div className="complaint" role="alert">
              <strong>{one.error.message}</strong>
              <span>{one.error.hint}</span>
            </div>
          )}
        </>
      )}
      {one?.status === 'cancelled' && <p className="quiet">{t(MEASURED.cancelled)}</p>}
      {one && waiting && (
        <div className="card waiting" aria-live="polite">
          <p>{t(one.status === 'queued' ? MEASURED.queued : MEASURED.running)}</p>
          <progress aria-label={t(MEASURED[one.status === 'queued' ? 'queued' : 'running'])} />
          {role !== 'viewer' && (
            <button type="button" onClick={stop}>
              {t(MEASURED.stop)}
            </button>
          )}
        </div>
      )}
      <div aria-live="polite">{markup && <Fragment markup={markup} />}</div>
    </>
  );
}
