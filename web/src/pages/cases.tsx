/** Cases: files that belong together, what people made of them, and a history that cannot be changed unseen. */
import { type FormEvent, useCallback, useEffect, useState } from 'react';
import { OUTCOME_WORD, OUTCOMES, type Outcome } from '../../../src/report/locale/labels.ts';
import { type Analysis, asJson, ask, askJson, type Role } from '../api.ts';
import { useLanguage } from '../language.tsx';
import { Chip } from '../parts/chip.tsx';
import { Complaint } from '../parts/complaint.tsx';
import { Thumbnail } from '../parts/thumbnail.tsx';
import { go } from '../router.ts';
import { CASES } from '../words.ts';

interface Case {
  readonly id: string;
  readonly title: string;
  readonly created: string;
  readonly files: number;
}

interface OpenCase extends Omit<Case, 'files'> {
  readonly files: readonly { readonly analysis: Analysis; readonly verdict: string | null }[];
  readonly notes: readonly {
    readonly id: string;
    readonly at: string;
    readonly author: string;
    readonly text: string;
  }[];
  readonly history: readonly {
    readonly seq: number;
    readonly at: string;
    readonly actor: string;
    readonly action: string;
    readonly hash: string;
  }[];
}

export function CasesPage({ path, role }: { readonly path: string; readonly role: Role }) {
  const id = path.split('/')[2];
  return id ? <CaseView id={id} role={role} key={id} /> : <CaseList role={role} />;
}

function CaseList({ role }: { readonly role: Role }) {
  const { t, language } = useLanguage();
  const [cases, setCases] = useState<readonly Case[] | null>(null);
  const [refused, setRefused] = useState<unknown>(null);
  useEffect(() => {
    askJson<{ items: Case[] }>('/v1/cases').then(({ items }) => setCases(items), setRefused);
  }, []);
  const make = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const title = String(new FormData(event.currentTarget).get('title') ?? '').trim();
    askJson<{ id: string }>('/v1/cases', asJson('POST', { title })).then(
      ({ id }) => go(`/cases/${id}`),
      setRefused,
    );
  };
  return (
    <>
      <h1>{t(CASES.title)}</h1>
      <p className="lead">{t(CASES.lead)}</p>
      {refused !== null && <Complaint refused={refused} />}
      {role !== 'viewer' && (
        <form className="inline-form" onSubmit={make}>
          <input
            name="title"
            maxLength={200}
            required
            placeholder={t(CASES.name)}
            aria-label={t(CASES.name)}
          />
          <button type="submit" className="primary">
            {t(CASES.fresh)}
          </button>
        </form>
      )}
      {cases?.length === 0 && <p className="card quiet">{t(CASES.none)}</p>}
      <ul className="rows boxed">
        {cases?.map(({ id, title, created, files }) => (
          <li key={id}>
            <a
              href={`/cases/${id}`}
              onClick={(event) => {
                event.preventDefault();
                go(`/cases/${id}`);
              }}
            >
              <bdi>{title}</bdi>
            </a>
            <span className="quiet">
              {new Date(created).toLocaleDateString(language)} · {t(CASES.files)} {files}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

function CaseView({ id, role }: { readonly id: string; readonly role: Role }) {
  const { t, language } = useLanguage();
  const [open, setOpen] = useState<OpenCase | null>(null);
  const [refused, setRefused] = useState<unknown>(null);
  const load = useCallback(() => askJson<OpenCase>(`/v1/cases/${id}`).then(setOpen, setRefused), [id]);
  useEffect(() => {
    void load();
  }, [load]);
  const change = (path: string, init: RequestInit) =>
    ask(`/v1/cases/${id}${path}`, init).then(load, setRefused);
  const addNote = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const text = String(new FormData(form).get('text') ?? '').trim();
    if (text) void change('/notes', asJson('POST', { text })).then(() => form.reset());
  };
  const mayWrite = role !== 'viewer';
  return (
    <>
      <p className="no-print">
        <a
          href="/cases"
          onClick={(event) => {
            event.preventDefault();
            go('/cases');
          }}
        >
          ← {t(CASES.back)}
        </a>
      </p>
      {refused !== null && <Complaint refused={refused} />}
      {open && (
        <>
          <div className="actions">
            <h1>
              <bdi>{open.title}</bdi>
            </h1>
            <a className="button primary no-print" href={`/v1/cases/${id}/report.pdf?language=${language}`}>
              {t(CASES.document)}
            </a>
            <button type="button" className="no-print" onClick={() => print()}>
              {t(CASES.print)}
            </button>
          </div>
          <section className="card">
            <h2>{t(CASES.files)}</h2>
            {open.files.length === 0 && <p className="quiet">{t(CASES.noFiles)}</p>}
            <ul className="case-files">
              {open.files.map(({ analysis, verdict }) => (
                <li key={analysis.id}>
                  <Thumbnail file={null} analysis={analysis} />
                  <div>
                    <a
                      href={`/v1/analyses/${analysis.id}/report?language=${language}`}
                      target="_blank"
                      rel="noreferrer"
                    >
                      <bdi>{analysis.name}</bdi>
                    </a>
                    <code className="hash">{analysis.sha256}</code>
                    <span className="pair">
                      <span className="quiet">{t(CASES.machine)}</span> <Chip analysis={analysis} />
                    </span>
                    <label className="pair">
                      <span className="quiet">{t(CASES.human)}</span>
                      <select
                        value={verdict ?? ''}
                        disabled={!mayWrite}
                        onChange={(event) =>
                          change(
                            `/files/${analysis.id}`,
                            asJson('PATCH', { verdict: event.target.value || null }),
                          )
                        }
                      >
                        <option value="">{t(CASES.undecided)}</option>
                        {OUTCOMES.filter(
                          (one): one is Exclude<Outcome, 'unreadable'> => one !== 'unreadable',
                        ).map((one) => (
                          <option key={one} value={one}>
                            {t(OUTCOME_WORD[one])}
                          </option>
                        ))}
                      </select>
                    </label>
                  </div>
                  {mayWrite && (
                    <button
                      type="button"
                      className="no-print"
                      onClick={() => change(`/files/${analysis.id}`, { method: 'DELETE' })}
                    >
                      {t(CASES.takeOut)}
                    </button>
                  )}
                </li>
              ))}
            </ul>
          </section>
          <section className="card">
            <h2>{t(CASES.notes)}</h2>
            <ul className="notes">
              {open.notes.map(({ id: note, at, author, text }) => (
                <li key={note}>
                  <span className="quiet">
                    {new Date(at).toLocaleString(language)} · {author}
                  </span>
                  <p>{text}</p>
                </li>
              ))}
            </ul>
            {mayWrite && (
              <form className="note-form no-print" onSubmit={addNote}>
                <textarea name="text" rows={3} maxLength={10000} aria-label={t(CASES.note)} required />
                <button type="submit">{t(CASES.addNote)}</button>
              </form>
            )}
          </section>
          <section className="card">
            <h2>{t(CASES.custody)}</h2>
            <p className="quiet">{t(CASES.custodyWhy)}</p>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
            <section className="scroll" tabIndex={0} aria-label={t(CASES.custody)}>
              <table className="log">
                <tbody>
                  {open.history.map(({ seq, at, actor, action, hash }) => (
                    <tr key={seq}>
                      <td>{new Date(at).toLocaleString(language)}</td>
                      <td>{actor}</td>
                      <td>{action}</td>
                      <td>
                        <code>{hash.slice(0, 16)}</code>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </section>
          </section>
        </>
      )}
    </>
  );
}
