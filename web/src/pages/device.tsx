/** Pictures analysed in the browser: nothing is uploaded, and a network is needed only to load the page once. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { FromWorker, Shown, Task } from '../device/messages.ts';
import { keepForOffline } from '../device/offline.ts';
import { DEVICE } from '../device/words.ts';
import { useLanguage } from '../language.tsx';
import { Verdict } from '../parts/chip.tsx';
import { Drop } from '../parts/drop.tsx';
import { Fragment } from '../parts/fragment.tsx';
import { Thumbnail } from '../parts/thumbnail.tsx';
import { ANALYSE } from '../words.ts';

interface Picture {
  readonly id: number;
  readonly file: File;
  readonly shown: Shown | null;
  readonly html: string | null;
  readonly json: string | null;
}

type State = { readonly type: 'loading' } | Extract<FromWorker, { readonly type: 'ready' | 'broken' }>;

export function DevicePage() {
  const { t, language } = useLanguage();
  const [state, setState] = useState<State>({ type: 'loading' });
  const [offline, setOffline] = useState<boolean | null>(null);
  const [pictures, setPictures] = useState<readonly Picture[]>([]);
  const [chosen, choose] = useState<number | null>(null);
  const worker = useRef<Worker | null>(null);
  const serial = useRef(0);

  useEffect(() => {
    let gone = false;
    // First whatever keeps things for later, so that it sees what is fetched.
    keepForOffline().then((kept) => {
      if (gone) return;
      setOffline(kept);
      const one = new Worker(new URL('../device/worker.ts', import.meta.url), { type: 'module' });
      worker.current = one;
      one.onmessage = ({ data }: MessageEvent<FromWorker>) => {
        if (data.type === 'ready' || data.type === 'broken') setState(data);
        else {
          const news = data.type === 'shown' ? { shown: data.shown } : { html: data.html, json: data.json };
          setPictures((all) => all.map((one) => (one.id === data.id ? { ...one, ...news } : one)));
        }
      };
    });
    return () => {
      gone = true;
      worker.current?.terminate();
    };
  }, []);

  const add = useCallback(
    (files: Iterable<File>) => {
      const fresh = [...files].map((file): Picture => {
        const id = serial.current++;
        worker.current?.postMessage({ id, file, language } satisfies Task);
        return { id, file, shown: null, html: null, json: null };
      });
      if (fresh.length === 0) return;
      setPictures((all) => [...fresh, ...all]);
      choose(fresh[0].id);
    },
    [language],
  );
  const ready = state.type === 'ready';
  useEffect(() => {
    // Needed only for files with a manifest, but then without a network too: fetched now, it is kept.
    if (ready && offline) fetch('/device/c2pa.wasm').catch(() => {});
  }, [ready, offline]);
  const current = pictures.find(({ id }) => id === chosen) ?? null;

  return (
    <div className={`analyse ${pictures.length > 0 ? 'busy' : ''}`}>
      <Drop
        title={t(DEVICE.title)}
        lead={t(DEVICE.lead)}
        hint={t(DEVICE.drop)}
        takes={ready}
        add={add}
        accept="image/*"
      >
        <p className="quiet device-state" role="status">
          {state.type === 'loading' && t(DEVICE.loading)}
          {state.type === 'ready' && (
            <>
              {t(DEVICE.ready)} · {t(DEVICE.on[state.computesOn])}
              {offline !== null && ` · ${t(offline ? DEVICE.offline : DEVICE.online)}`}
            </>
          )}
          {state.type === 'broken' && `${t(state.text)}: ${t(state.hint)}`}
        </p>
      </Drop>

      {pictures.length > 0 && (
        <section className="shelf" aria-label={t(ANALYSE.files)}>
          <ul>
            {pictures.map((one) => (
              <li key={one.id}>
                <button
                  type="button"
                  className="entry"
                  aria-current={one === current ? 'true' : undefined}
                  onClick={() => choose(one.id)}
                >
                  <Thumbnail file={one.file} analysis={null} />
                  <span className="entry-name">{one.file.name}</span>
                  {one.shown ? (
                    <Verdict outcome={one.shown.outcome} probability={one.shown.probability} />
                  ) : (
                    <span className="state">{t(DEVICE.examining)}</span>
                  )}
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}

      {current && (
        <section className="result" aria-live="polite" key={current.id}>
          {current.shown ? (
            <>
              <div className="actions">
                {current.html && (
                  <Saved name={`${current.file.name}.html`} type="text/html" content={current.html}>
                    {t(ANALYSE.html)}
                  </Saved>
                )}
                {current.json && (
                  <Saved name={`${current.file.name}.json`} type="application/json" content={current.json}>
                    {t(ANALYSE.json)}
                  </Saved>
                )}
                {current.shown.whole && (
                  <button type="button" onClick={() => print()}>
                    {t(ANALYSE.print)}
                  </button>
                )}
                <span className="quiet">
                  {(current.shown.milliseconds / 1000).toFixed(2)} {t(DEVICE.seconds)}
                  {!current.shown.whole && ` · ${t(DEVICE.settling)}`}
                </span>
              </div>
              <Fragment markup={current.shown.fragment} />
            </>
          ) : (
            <div className="card waiting">
              <h2>
                {t(DEVICE.examining)} <bdi>{current.file.name}</bdi>
              </h2>
              <progress aria-label={t(DEVICE.examining)} />
            </div>
          )}
        </section>
      )}

      <section className="card without">
        <h2>{t(DEVICE.without)}</h2>
        <ul>
          {DEVICE.withouts.map((text) => (
            <li key={text.en}>{t(text)}</li>
          ))}
        </ul>
      </section>
    </div>
  );
}

/** A link to something that was made here. */
function Saved({
  name,
  type,
  content,
  children,
}: {
  readonly name: string;
  readonly type: string;
  readonly content: string;
  readonly children: string;
}) {
  const [url, setUrl] = useState('');
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([content], { type }));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [content, type]);
  return (
    <a className="button" href={url} download={name}>
      {children}
    </a>
  );
}
