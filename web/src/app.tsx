/** The frame of every page: name, navigation, language; and the door where a key is needed. */
import { type FormEvent, lazy, Suspense, useEffect, useState } from 'react';
import { openSession, type Refused, type Session } from './api.ts';
import { useLanguage } from './language.tsx';
import { AnalysePage } from './pages/analyse.tsx';
import { Complaint } from './parts/complaint.tsx';
import { go, usePath } from './router.ts';
import { APP } from './words.ts';

const DevicePage = lazy(() => import('./pages/device.tsx').then((page) => ({ default: page.DevicePage })));
const ProtectPage = lazy(() => import('./pages/protect.tsx').then((page) => ({ default: page.ProtectPage })));
const AuditsPage = lazy(() => import('./pages/audits.tsx').then((page) => ({ default: page.AuditsPage })));
const BenchmarksPage = lazy(() =>
  import('./pages/benchmarks.tsx').then((page) => ({ default: page.BenchmarksPage })),
);
const SourcesPage = lazy(() => import('./pages/sources.tsx').then((page) => ({ default: page.SourcesPage })));
const CasesPage = lazy(() => import('./pages/cases.tsx').then((page) => ({ default: page.CasesPage })));
const AdminPage = lazy(() => import('./pages/admin.tsx').then((page) => ({ default: page.AdminPage })));

const PAGES = [
  { path: '/', name: APP.analyse },
  { path: '/device', name: APP.device },
  { path: '/cases', name: APP.cases },
  { path: '/sources', name: APP.sources },
  { path: '/protect', name: APP.protect },
  { path: '/audits', name: APP.audits },
  { path: '/benchmarks', name: APP.benchmarks },
  { path: '/admin', name: APP.admin },
] as const;

export function App() {
  const { t, language, speak } = useLanguage();
  const path = usePath();
  const [session, setSession] = useState<Session | null>(null);
  const [failure, setFailure] = useState<Refused | null>(null);
  useEffect(() => {
    openSession().then(setSession, setFailure);
  }, []);
  const here = PAGES.find((page) => page.path !== '/' && path.startsWith(page.path)) ?? PAGES[0];
  useEffect(() => {
    document.title = `${t(here.name)} · ${t(APP.product)}`;
    // On a narrow screen the names of the pages scroll; that of this one is in sight. Not by scrollIntoView, from where
    // Chromium 150 would go on with the Tab key, past the link that skips the names.
    const name = document.querySelector<HTMLElement>('nav [aria-current=page]');
    const names = name?.parentElement;
    if (name && names)
      names.scrollLeft = name.offsetLeft - names.offsetLeft - (names.clientWidth - name.offsetWidth) / 2;
  }, [here, t]);

  return (
    <>
      <a className="skip" href="#main">
        {t(APP.skip)}
      </a>
      <header className="top app-top">
        <p className="brand">
          <img src="/mark.svg" width="26" height="26" alt="" />
          {t(APP.product)}
        </p>
        <nav aria-label={t(APP.pages)}>
          {PAGES.map((page) => (
            <a
              key={page.path}
              href={page.path}
              aria-current={page === here ? 'page' : undefined}
              onClick={(event) => {
                if (event.metaKey || event.ctrlKey) return;
                event.preventDefault();
                go(page.path);
              }}
            >
              {t(page.name)}
            </a>
          ))}
        </nav>
        {/* biome-ignore lint/a11y/useSemanticElements: two buttons, not a set of fields */}
        <div className="switch" role="group" aria-label={t(APP.language)}>
          <button type="button" lang="zh-Hans" aria-pressed={language === 'zh'} onClick={() => speak('zh')}>
            中文
          </button>
          <button type="button" lang="en" aria-pressed={language === 'en'} onClick={() => speak('en')}>
            English
          </button>
        </div>
      </header>
      <main id="main">
        {/* What is done on this device needs neither a key nor the service. */}
        {here.path === '/device' && (
          <Suspense fallback={<p className="quiet">{t(APP.loading)}</p>}>
            <DevicePage />
          </Suspense>
        )}
        {failure && here.path !== '/device' && <Complaint refused={failure} />}
        {session?.role === null && here.path !== '/device' && <Door opened={setSession} />}
        {session?.role && (
          <Suspense fallback={<p className="quiet">{t(APP.loading)}</p>}>
            {/* Stays where it is while other pages are looked at: uploads go on. */}
            <div hidden={here.path !== '/'}>
              <AnalysePage role={session.role} />
            </div>
            {here.path === '/cases' && <CasesPage path={path} role={session.role} />}
            {here.path === '/sources' && <SourcesPage role={session.role} />}
            {here.path === '/protect' && <ProtectPage role={session.role} />}
            {here.path === '/audits' && <AuditsPage path={path} role={session.role} />}
            {here.path === '/benchmarks' && <BenchmarksPage path={path} role={session.role} />}
            {here.path === '/admin' && <AdminPage role={session.role} />}
          </Suspense>
        )}
      </main>
      <footer className="foot">
        <span>{t(here.path === '/device' ? APP.here : APP.local)}</span>
        <a href="/v1/openapi.json">OpenAPI</a>
      </footer>
    </>
  );
}

function Door({ opened }: { readonly opened: (session: Session) => void }) {
  const { t } = useLanguage();
  const [failure, setFailure] = useState<Refused | null>(null);
  const enter = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const key = String(new FormData(event.currentTarget).get('key') ?? '');
    openSession(key).then(opened, setFailure);
  };
  return (
    <form className="card door" onSubmit={enter}>
      <h1>{t(APP.door)}</h1>
      <p>{t(APP.doorWhy)}</p>
      <label>
        <span>{t(APP.key)}</span>
        <input name="key" type="password" autoComplete="current-password" required />
      </label>
      <button type="submit" className="primary">
        {t(APP.enter)}
      </button>
      {failure && <Complaint refused={failure} />}
    </form>
  );
}
