/** Queue, keys, models and log, for whoever looks after the service. */
import { type FormEvent, useCallback, useEffect, useState } from 'react';
import { asJson, ask, askJson, type Role } from '../api.ts';
import { useLanguage } from '../language.tsx';
import { Complaint } from '../parts/complaint.tsx';
import { ADMIN, dailyLimit, ROLE, SCOPE, SCOPES, type Scope } from '../words.ts';

const LOOK_MS = 3000;

interface Overview {
  readonly counts: Readonly<Record<'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled', number>>;
  readonly poisoned: readonly { readonly work: string; readonly sha256: string }[];
  readonly models: readonly {
    readonly name: string;
    readonly version: string;
    readonly task: string;
    readonly licence: string;
    readonly parameters: number;
    readonly recipe: string;
  }[];
}

interface Key {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** What it is for; null: everything its role may. */
  readonly scopes: readonly Scope[] | null;
  readonly daily: number | null;
  readonly revoked: string | null;
}

interface Log {
  readonly whole: boolean;
  readonly entries: number;
  readonly items: readonly {
    readonly seq: number;
    readonly at: string;
    readonly actor: string;
    readonly action: string;
    readonly subject: string;
  }[];
}

export function AdminPage({ role }: { readonly role: Role }) {
  const { t } = useLanguage();
  if (role !== 'admin') return <p className="card">{t(ADMIN.notYours)}</p>;
  return (
    <>
      <h1>{t(ADMIN.title)}</h1>
      <div className="panels">
        <QueuePanel />
        <Keys />
        <LogPanel />
      </div>
    </>
  );
}

function QueuePanel() {
  const { t, language } = useLanguage();
  const [overview, setOverview] = useState<Overview | null>(null);
  const [refused, setRefused] = useState<unknown>(null);
  const load = useCallback(() => askJson<Overview>('/v1/admin/overview').then(setOverview, setRefused), []);
  useEffect(() => {
    void load();
    const timer = setInterval(load, LOOK_MS);
    return () => clearInterval(timer);
  }, [load]);
  const again = (work: string) =>
    ask(`/v1/admin/poisoned/${work}/retry`, { method: 'POST' }).then(load, setRefused);
  return (
    <section className="card">
      <h2>{t(ADMIN.queue)}</h2>
      {overview && (
        <dl className="numbers">
          <Figure name={t(ADMIN.waiting)} value={overview.counts.queued} />
          <Figure name={t(ADMIN.running)} value={overview.counts.running} />
          <Figure name={t(ADMIN.succeeded)} value={overview.counts.succeeded} />
          <Figure name={t(ADMIN.failed)} value={overview.counts.failed} />
          <Figure name={t(ADMIN.poisoned)} value={overview.poisoned.length} />
        </dl>
      )}
      <ul className="rows">
        {overview?.poisoned.map(({ work, sha256 }) => (
          <li key={work}>
            <code>{sha256.slice(0, 16)}</code>
            <button type="button" onClick={() => again(work)}>
              {t(ADMIN.again)}
            </button>
          </li>
        ))}
      </ul>
      {refused !== null && <Complaint refused={refused} />}
      <h3>{t(ADMIN.models)}</h3>
      <ul className="rows">
        {overview?.models.map(({ name, version, task, licence, parameters, recipe }) => (
          <li key={name}>
            <details>
              <summary>
                <code>{name}</code>{' '}
                <span className="quiet">
                  {task} {version}
                </span>
              </summary>
              <p>
                {t(ADMIN.licence)}: {licence} · {t(ADMIN.parameters)}: {parameters.toLocaleString(language)}
              </p>
              <p>
                {t(ADMIN.recipe)}: <code>{recipe}</code>
              </p>
              <a href={`/v1/admin/models/${name}`} download={`${name}.card.json`}>
                {t(ADMIN.card)}
              </a>
            </details>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Figure({ name, value }: { readonly name: string; readonly value: number }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Keys() {
  const { t } = useLanguage();
  const [keys, setKeys] = useState<readonly Key[] | null>(null);
  const [made, setMade] = useState<string | null>(null);
  const [refused, setRefused] = useState<unknown>(null);
  const load = useCallback(
    () => askJson<{ items: Key[] }>('/v1/keys').then(({ items }) => setKeys(items), setRefused),
    [],
  );
  useEffect(() => {
    void load();
  }, [load]);
  const make = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const data = new FormData(form);
    const daily = String(data.get('daily') ?? '');
    const scopes = data.getAll('scope');
    const wanted = {
      ...{ name: data.get('name'), role: data.get('role') },
      scopes: scopes.length > 0 ? scopes : null,
      daily: daily ? Number(daily) : null,
    };
    askJson<{ key: string }>('/v1/keys', asJson('POST', wanted))
      .then(({ key }) => {
        setMade(key);
        form.reset();
        return load();
      })
      .catch(setRefused);
  };
  const revoke = (id: string) => ask(`/v1/keys/${id}`, { method: 'DELETE' }).then(load, setRefused);
  return (
    <section className="card">
      <h2>{t(ADMIN.keys)}</h2>
      <p className="quiet">{t(ADMIN.keysWhy)}</p>
      {keys?.length === 0 && <p className="quiet">{t(ADMIN.none)}</p>}
      <ul className="rows">
        {keys?.map(({ id, name, role, scopes, daily, revoked }) => (
          <li key={id}>
            <bdi>{name}</bdi>
            <span className="quiet">
              {role}
              {scopes && ` (${scopes.map((scope) => t(SCOPE[scope])).join(', ')})`} ·{' '}
              {daily === null ? t(ADMIN.unlimited) : t(dailyLimit(daily))}
            </span>
            {revoked ? (
              <span className="quiet">{t(ADMIN.revoked)}</span>
            ) : (
              <button type="button" className="danger" onClick={() => revoke(id)}>
                {t(ADMIN.revoke)}
              </button>
            )}
          </li>
        ))}
      </ul>
      <form className="file-form" onSubmit={make}>
        <label>
          <span>{t(ADMIN.name)}</span>
          <input name="name" maxLength={100} required />
        </label>
        <label>
          <span>{t(ADMIN.role)}</span>
          <select name="role" defaultValue="analyst">
            {(['viewer', 'analyst', 'admin'] as const).map((role) => (
              <option key={role} value={role}>
                {t(ROLE[role])}
              </option>
            ))}
          </select>
        </label>
        <fieldset>
          <legend>{t(ADMIN.scopes)}</legend>
          <div className="ticks">
            {SCOPES.map((scope) => (
              <label key={scope} className="check">
                <input type="checkbox" name="scope" value={scope} />
                <span>{t(SCOPE[scope])}</span>
              </label>
            ))}
          </div>
        </fieldset>
        <label>
          <span>{t(ADMIN.daily)}</span>
          <input name="daily" type="number" min={1} />
        </label>
        <button type="submit" className="primary">
          {t(ADMIN.make)}
        </button>
      </form>
      {made && (
        <p role="status">
          {t(ADMIN.made)} <code className="secret">{made}</code>
        </p>
      )}
      {refused !== null && <Complaint refused={refused} />}
    </section>
  );
}

function LogPanel() {
  const { t, language } = useLanguage();
  const [log, setLog] = useState<Log | null>(null);
  const [refused, setRefused] = useState<unknown>(null);
  useEffect(() => {
    askJson<Log>('/v1/log').then(setLog, setRefused);
  }, []);
  return (
    <section className="card wide">
      <h2>{t(ADMIN.log)}</h2>
      {refused !== null && <Complaint refused={refused} />}
      {log && (
        <>
          <p className={log.whole ? 'chip authentic' : 'chip manipulated'}>
            {log.whole ? '✓' : '×'} {log.whole ? t(ADMIN.whole) : t(ADMIN.broken)} · {log.entries}{' '}
            {t(ADMIN.lines)}
          </p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
          <section className="scroll" tabIndex={0} aria-label={t(ADMIN.log)}>
            <table className="log">
              <thead>
                <tr>
                  <th>{t(ADMIN.time)}</th>
                  <th>{t(ADMIN.actor)}</th>
                  <th>{t(ADMIN.action)}</th>
                  <th>{t(ADMIN.subject)}</th>
                </tr>
              </thead>
              <tbody>
                {log.items.map(({ seq, at, actor, action, subject }) => (
                  <tr key={seq}>
                    <td>{new Date(at).toLocaleString(language)}</td>
                    <td>{actor}</td>
                    <td>{action}</td>
                    <td>
                      <code>{subject.slice(0, 30)}</code>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        </>
      )}
    </section>
  );
}
