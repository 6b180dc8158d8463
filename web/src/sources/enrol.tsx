/** A generator enrolled in three steps: whether its pictures belong together, its name, and whether it knows its own. */
import { type ReactNode, useState } from 'react';
import type { Text } from '../../../src/core/text.ts';
import { ask, askJson } from '../api.ts';
import { useLanguage } from '../language.tsx';
import { FileForm } from './file-form.tsx';
import { answered, ENROL, isEnrolled, together } from './words.ts';

/** As the service has it. */
const LEAST = 5;

/** What of the answer of `/v1/clusters` is looked at. */
interface Groups {
  readonly clusters: readonly { readonly files: readonly string[] }[];
}

interface Checked {
  readonly pictures: readonly File[];
  /** Names of the pictures in the largest group; none where no two come together. */
  readonly alike: readonly string[];
}

interface Saved {
  readonly name: string;
  readonly pictures: number;
}

/** What of a record of `/v1/traces` is shown. */
interface Traced {
  readonly status: string;
  readonly attribution?: readonly { readonly generator: string; readonly probability: number }[];
  readonly photograph?: number;
  readonly unknown?: number;
}

export function Enrolment({ enrolled }: { readonly enrolled: () => Promise<void> }) {
  const { t } = useLanguage();
  const [checked, setChecked] = useState<Checked | null>(null);
  const [saved, setSaved] = useState<Saved | null>(null);
  const step = saved ? 2 : checked ? 1 : 0;
  const save = async (one: Saved) => {
    setSaved(one);
    await enrolled();
  };
  const again = () => {
    setChecked(null);
    setSaved(null);
  };
  return (
    <>
      <h3>{t(ENROL.title)}</h3>
      <p className="quiet">{t(ENROL.why)}</p>
      <ol className="steps" aria-label={t(ENROL.steps)}>
        <Step title={ENROL.choose} current={step === 0}>
          {step === 0 && <Check done={setChecked} />}
        </Step>
        <Step title={ENROL.nameIt} current={step === 1}>
          {checked && !saved && <Name {...checked} done={save} />}
        </Step>
        <Step title={ENROL.tryIt} current={step === 2}>
          {saved && <Try {...saved} />}
        </Step>
      </ol>
      {step > 0 && (
        <button type="button" onClick={again}>
          {t(saved ? ENROL.again : ENROL.restart)}
        </button>
      )}
    </>
  );
}

function Step({
  title,
  current,
  children,
}: {
  readonly title: Text;
  readonly current: boolean;
  readonly children: ReactNode;
}) {
  const { t } = useLanguage();
  return (
    <li aria-current={current ? 'step' : undefined}>
      <h4>{t(title)}</h4>
      {children}
    </li>
  );
}

function Check({ done }: { readonly done: (checked: Checked) => void }) {
  const { t } = useLanguage();
  return (
    <FileForm
      several
      label={t(ENROL.itsPictures)}
      action={t(ENROL.check)}
      send={async (body, pictures) => {
        const { clusters } = await askJson<Groups>('/v1/clusters', { method: 'POST', body });
        done({ pictures, alike: clusters[0]?.files ?? [] });
      }}
    />
  );
}

function Name({ pictures, alike, done }: Checked & { readonly done: (saved: Saved) => Promise<void> }) {
  const { t } = useLanguage();
  const strays = alike.length > 0 ? pictures.filter(({ name }) => !alike.includes(name)) : [];
  const [left, setLeft] = useState<readonly File[]>(strays);
  const [name, setName] = useState('');
  const kept = pictures.filter((one) => !left.includes(one));
  const said =
    alike.length === 0
      ? ENROL.noneAlike
      : strays.length === 0
        ? ENROL.allAlike
        : together(alike.length, pictures.length);
  return (
    <FileForm
      files={false}
      action={t(ENROL.save)}
      ready={kept.length >= LEAST}
      send={async () => {
        const body = new FormData();
        body.append('name', name);
        for (const picture of kept) body.append('file', picture);
        const { pictures: counted } = await askJson<Saved>('/v1/sources', { method: 'POST', body });
        await done({ name, pictures: counted });
      }}
    >
      <p role="status">{t(said)}</p>
      {strays.length > 0 && (
        <fieldset>
          <legend>{t(ENROL.leave)}</legend>
          <div className="ticks">
            {strays.map((one) => (
              <label key={one.name} className="check">
                <input
                  type="checkbox"
                  checked={left.includes(one)}
                  onChange={({ target: { checked } }) =>
                    setLeft(checked ? [...left, one] : left.filter((other) => other !== one))
                  }
                />
                <bdi>{one.name}</bdi>
              </label>
            ))}
          </div>
        </fieldset>
      )}
      {kept.length < LEAST && <p className="quiet">{t(ENROL.tooFew)}</p>}
      <label>
        <span>{t(ENROL.name)}</span>
        <input value={name} onChange={({ target }) => setName(target.value)} maxLength={80} required />
      </label>
    </FileForm>
  );
}

function Try({ name, pictures }: Saved) {
  const { t } = useLanguage();
  const [traced, setTraced] = useState<Traced | null>(null);
  return (
    <>
      <p role="status">{t(isEnrolled(name, pictures))}</p>
      <FileForm
        several={false}
        label={t(ENROL.another)}
        action={t(ENROL.ask)}
        send={async (body) => {
          const answer = await ask('/v1/traces', { method: 'POST', body });
          const { records }: { readonly records: readonly Traced[] } = await answer.json();
          setTraced(records[0]);
        }}
      />
      <p aria-live="polite">{traced && t(likeliest(traced, t))}</p>
    </>
  );
}

/** The likeliest of generators, photograph and unknown, in a sentence. */
function likeliest(
  { status, attribution = [], photograph = 0, unknown = 0 }: Traced,
  t: (text: Text) => string,
): Text {
  if (status !== 'traced') return ENROL.cannot;
  const [first] = [
    ...attribution.map(({ generator, probability }) => ({ what: generator, probability })),
    { what: t(ENROL.photograph), probability: photograph },
    { what: t(ENROL.unknown), probability: unknown },
  ].sort((a, b) => b.probability - a.probability);
  return answered(first.what, first.probability);
}
