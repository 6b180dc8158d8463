/** Drop, paste, photograph or name a file; watch it being examined; read the verdict with its reasons. */
import { type FormEvent, useCallback, useEffect, useReducer, useRef, useState } from 'react';
import { type Analysis, asJson, ask, askJson, follow, Refused, type Role, upload } from '../api.ts';
import { useLanguage } from '../language.tsx';
import { Chip } from '../parts/chip.tsx';
import { Complaint } from '../parts/complaint.tsx';
import { Drop } from '../parts/drop.tsx';
import { Thumbnail } from '../parts/thumbnail.tsx';
import { usePath } from '../router.ts';
import { ANALYSE, STATE } from '../words.ts';
import { type Action, type Entry, entriesReducer, newEntry } from './entries.ts';
import { Result } from './result.tsx';

/** Uploads at once; more wait their turn. */
const AT_ONCE = 3;

export function AnalysePage({ role }: { readonly role: Role }) {
  const { t, language } = useLanguage();
  const [entries, dispatch] = useReducer(entriesReducer, []);
  const [chosen, choose] = useState<string | null>(null);
  const [next, setNext] = useState<string | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const maySend = role !== 'viewer';

  const list = useCallback(async (cursor: string | null) => {
    const page = await askJson<{ items: Analysis[]; next: string | null }>(
      `/v1/analyses?limit=24${cursor ? `&cursor=${cursor}` : ''}`,
    );
    dispatch({ type: 'known', analyses: page.items });
    setNext(page.next);
  }, []);
  useEffect(() => {
    list(null).catch(() => {});
  }, [list]);

  // The address of one analysis, as a colleague passed it on.
  const shared = /^\/analyses\/(an_\w+)$/.exec(usePath())?.[1];
  const [missing, setMissing] = useState<unknown>(null);
  useEffect(() => {
    setMissing(null);
    if (!shared) return;
    askJson<Analysis>(`/v1/analyses/${shared}`).then((analysis) => {
      dispatch({ type: 'known', analyses: [analysis] });
      choose(analysis.id);
    }, setMissing);
  }, [shared]);

  const add = useCallback((files: Iterable<File>) => {
    const fresh = [...files].map((file) => newEntry(file));
    dispatch({ type: 'added', entries: fresh });
    if (fresh.length > 0) choose(fresh[0].key);
  }, []);

  // Files that wait are sent as others are through.
  useEffect(() => {
    const sending = entries.filter((entry) => entry.phase === 'sending').length;
    const waiting = entries.filter((entry) => entry.phase === 'waiting').slice(0, AT_ONCE - sending);
    for (const entry of waiting) {
      if (!entry.file) continue;
      dispatch({ type: 'sending', key: entry.key, share: 0 });
      upload(
        entry.file,
        (share) => dispatch({ type: 'sending', key: entry.key, share }),
        entry.stop.signal,
      ).then(
        (analysis) => dispatch({ type: 'told', key: entry.key, analysis }),
        (refused) => dispatch({ type: 'refused', key: entry.key, refused }),
      );
    }
  }, [entries]);

  useFollowing(entries, dispatch);

  const fetchUrl = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const url = String(new FormData(form).get('url') ?? '').trim();
    if (!url) return;
    const entry = newEntry(null, url);
    dispatch({ type: 'added', entries: [entry] });
    choose(entry.key);
    form.reset();
    askJson<Analysis>('/v1/analyses', asJson('POST', { url })).then(
      (analysis) => dispatch({ type: 'told', key: entry.key, analysis }),
      (refused) => dispatch({ type: 'refused', key: entry.key, refused }),
    );
  };

  const select = (key: string) => {
    choose(key);
    heading.current?.scrollIntoView({ block: 'nearest' });
  };

  const current = entries.find((entry) => entry.key === chosen) ?? null;
  return (
    <div className={`analyse ${entries.length > 0 ? 'busy' : ''}`}>
      <Drop title={t(ANALYSE.title)} lead={t(ANALYSE.lead)} hint={t(ANALYSE.drop)} takes={maySend} add={add}>
        {maySend && (
          <form className="address" onSubmit={fetchUrl}>
            <input
              name="url"
              type="url"
              inputMode="url"
              placeholder={t(ANALYSE.url)}
              aria-label={t(ANALYSE.url)}
            />
            <button type="submit">{t(ANALYSE.fetch)}</button>
          </form>
        )}
      </Drop>

      {entries.length > 0 && (
        <section className="shelf" aria-label={t(ANALYSE.files)}>
          <h2 ref={heading} className="unseen">
            {t(ANALYSE.files)}
          </h2>
          <ul>
            {entries.map((entry) => (
              <li key={entry.key}>
                <button
                  type="button"
                  className="entry"
                  aria-current={entry === current ? 'true' : undefined}
                  onClick={() => select(entry.key)}
                >
                  <Thumbnail file={entry.file} analysis={entry.analysis} />
                  <span className="entry-name">{entry.analysis?.name ?? entry.name}</span>
                  <EntryState entry={entry} />
                </button>
              </li>
            ))}
          </ul>
          {next && (
            <button type="button" className="more-button" onClick={() => list(next).catch(() => {})}>
              {t(ANALYSE.more)}
            </button>
          )}
        </section>
      )}

      {missing !== null && <Complaint refused={missing} />}
      {current && (
        <section className="result" aria-live="polite" key={`${current.key} ${language}`}>
          {current.refused !== null && <Complaint refused={current.refused} />}
          {current.analysis && isOver(current.analysis) ? (
            <Result
              analysis={current.analysis}
              role={role}
              erased={() => {
                dispatch({ type: 'erased', key: current.key });
                choose(null);
              }}
            />
          ) : (
            current.refused === null && <Waiting entry={current} />
          )}
        </section>
      )}
    </div>
  );
}

const isOver = ({ status }: Analysis) => status !== 'queued' && status !== 'running';

/** Follows every analysis that is not over; a change of state arrives as it happens. */
function useFollowing(entries: readonly Entry[], dispatch: (action: Action) => void): void {
  const followed = useRef(new Map<string, () => void>());
  useEffect(() => {
    for (const { key, analysis } of entries) {
      if (!analysis || isOver(analysis) || followed.current.has(analysis.id)) continue;
      const stop = follow(
        analysis.id,
        (told) => dispatch({ type: 'told', key, analysis: told }),
        () => dispatch({ type: 'erased', key }),
      );
      followed.current.set(analysis.id, stop);
    }
  }, [entries, dispatch]);
  useEffect(() => {
    const all = followed.current;
    return () => {
      for (const stop of all.values()) stop();
      all.clear();
    };
  }, []);
}

function EntryState({ entry }: { readonly entry: Entry }) {
  const { t } = useLanguage();
  if (entry.refused !== null) return <span className="state bad">×</span>;
  if (entry.analysis) return <Chip analysis={entry.analysis} />;
  if (entry.phase === 'waiting' && entry.file) return <span className="state">{t(STATE.queued)}</span>;
  if (!entry.file) return <span className="state">{t(ANALYSE.fetching)}</span>;
  const percent = Math.round(entry.share * 100);
  return (
    <span className="state">
      {t(ANALYSE.sending)} <span className="figure">{percent} %</span>
    </span>
  );
}

function Waiting({ entry }: { readonly entry: Entry }) {
  const { t } = useLanguage();
  const [refused, setRefused] = useState<unknown>(null);
  const { analysis } = entry;
  const stop = () => {
    if (!analysis) entry.stop.abort();
    else ask(`/v1/analyses/${analysis.id}/cancel`, { method: 'POST' }).catch(setRefused);
  };
  return (
    <div className="card waiting">
      <h2>
        {t(ANALYSE.examining)} <bdi>{entry.name}</bdi>
      </h2>
      <progress
        aria-label={t(ANALYSE.examining)}
        max={1}
        value={analysis || !entry.file ? undefined : entry.share}
      />
      <p className="quiet">{t(ANALYSE.examineWhy)}</p>
      {(analysis || entry.file) && (
        <button type="button" onClick={stop}>
          {t(ANALYSE.stop)}
        </button>
      )}
      {refused instanceof Refused && <Complaint refused={refused} />}
    </div>
  );
}
