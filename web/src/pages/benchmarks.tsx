/** Benchmarks: detectors measured from their scores, and what was measured of Huoyan, as it was committed. */
import { useEffect, useState } from 'react';
import type { Text } from '../../../src/core/text.ts';
import type { Role } from '../api.ts';
import { useLanguage } from '../language.tsx';
import { Markdown } from '../measured/markdown.tsx';
import { BENCHMARKS, COMMITTED } from '../measured/words.ts';
import { Measurements } from '../parts/measurements.tsx';

/** The committed tables, each a file of its own, fetched when it is looked at. */
const FILES = import.meta.glob<string>(['../../../docs/measured/*.md', '../../../docs/leaderboard.md'], {
  query: '?raw',
  import: 'default',
});
const TABLES = new Map(
  Object.entries(FILES).map(([path, load]) => [path.split('/').at(-1)?.replace('.md', '') ?? '', load]),
);
const NAMES: Readonly<Record<string, Text>> = COMMITTED.names;
/** Named ones in the order of their names, then whatever else was measured. */
const ORDER = [
  ...Object.keys(NAMES).filter((name) => TABLES.has(name)),
  ...[...TABLES.keys()].filter((name) => !(name in NAMES)),
];

export function BenchmarksPage({ path, role }: { readonly path: string; readonly role: Role }) {
  return (
    <Measurements
      api="/v1/benchmarks"
      page="/benchmarks"
      path={path}
      role={role}
      words={BENCHMARKS}
      short={({ detectors }) => ({
        en: detectors === 1 ? '1 detector' : `${detectors} detectors`,
        zh: `${detectors} 个检测器`,
      })}
    >
      <Committed />
    </Measurements>
  );
}

function Committed() {
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
      <h2>{t(COMMITTED.title)}</h2>
      <p className="quiet">{t(COMMITTED.why)}</p>
      <label className="choose">
        <span>{t(COMMITTED.choose)}</span>
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
