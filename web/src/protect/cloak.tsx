/** A portrait cloaked, with what that did: before and after, and to which programs. */
import { type DragEvent, useEffect, useRef, useState } from 'react';
import type { Text } from '../../../src/core/text.ts';
import { useLanguage } from '../language.tsx';
import { Complaint } from '../parts/complaint.tsx';
import { CLOAK, held, ofFaces, THREAT, THREATS, type Threat } from './cloak-words.ts';
import { FormatField, useSending } from './form.tsx';
import { Preview } from './preview.tsx';
import type { Part } from './shots.ts';
import { PROTECT } from './words.ts';

interface Trial {
  readonly name: string;
  readonly failed: boolean;
}

/** What of the service's CloakAnswer is shown. */
interface CloakAnswer {
  readonly facesFound: number;
  readonly changed: Part;
  readonly psnrDb: number;
  readonly facePsnrDb: number;
  readonly measuredAgainst: readonly {
    readonly threat: Threat;
    readonly stored: readonly Trial[];
    readonly jpeg75: readonly Trial[];
  }[];
  readonly note: Text;
  readonly file: { readonly name: string; readonly type: string; readonly base64: string };
}

interface Cloaked extends CloakAnswer {
  readonly before: Blob;
  readonly after: Blob;
}

async function cloaked(response: Response, sent: FormData): Promise<Cloaked> {
  const answer: CloakAnswer = await response.json();
  const { base64, type } = answer.file;
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  return { ...answer, before: sent.get('file') as File, after: new Blob([bytes], { type }) };
}

const TAKES_JSON = { accept: 'application/json' };

export function Cloak() {
  const { t } = useLanguage();
  const sending = useSending('/v1/protect/cloak', cloaked, TAKES_JSON);
  const { busy, refused, answer, submit, stop } = sending;
  const [threats, setThreats] = useState<readonly Threat[]>(['identity']);
  return (
    <section className="card wide cloak">
      <h2>{t(CLOAK.title)}</h2>
      <p className="quiet">{t(CLOAK.why)}</p>
      <form className="file-form" onSubmit={submit}>
        <Portrait />
        <fieldset>
          <legend>{t(CLOAK.threats)}</legend>
          <div className="ticks">
            {THREATS.map((threat) => (
              <label key={threat} className="check">
                <input
                  type="checkbox"
                  name="threat"
                  value={threat}
                  checked={threats.includes(threat)}
                  required={threats.length === 0 && threat === THREATS[0]}
                  onChange={({ target: { checked } }) =>
                    setThreats(checked ? [...threats, threat] : threats.filter((one) => one !== threat))
                  }
                />
                <span>{t(THREAT[threat].choice)}</span>
              </label>
            ))}
          </div>
          <p className="quiet">{t(CLOAK.oneIsBetter)}</p>
        </fieldset>
        <div className="choices">
          <Segments
            name="strength"
            legend={CLOAK.strength}
            choices={[
              ['light', CLOAK.strengths.light],
              ['medium', CLOAK.strengths.medium],
              ['strong', CLOAK.strengths.strong],
            ]}
            first="strong"
          />
          <Segments
            name="quick"
            legend={CLOAK.effort}
            choices={[
              ['false', CLOAK.thorough],
              ['true', CLOAK.quick],
            ]}
            first="false"
          />
          <FormatField />
        </div>
        <div className="actions">
          <button type="submit" className="primary" disabled={busy}>
            {t(busy ? PROTECT.working : CLOAK.go)}
          </button>
          {busy && <Running stop={stop} />}
        </div>
      </form>
      {refused !== null && <Complaint refused={refused} />}
      <p className="unseen" role="status">
        {answer && t(CLOAK.done)}
      </p>
      {answer && <Outcome answer={answer} />}
    </section>
  );
}

/** The file, chosen or dropped onto its field. */
function Portrait() {
  const { t } = useLanguage();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    if (input.current && event.dataTransfer.files.length === 1)
      input.current.files = event.dataTransfer.files;
  };
  return (
    <label
      className={`portrait ${over ? 'over' : ''}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <span>{t(CLOAK.picture)}</span>
      <input ref={input} type="file" name="file" accept="image/*" required />
    </label>
  );
}

function Segments({
  name,
  legend,
  choices,
  first,
}: {
  readonly name: string;
  readonly legend: Text;
  readonly choices: readonly (readonly [value: string, label: Text])[];
  readonly first: string;
}) {
  const { t } = useLanguage();
  return (
    <fieldset>
      <legend>{t(legend)}</legend>
      <div className="segments">
        {choices.map(([value, label]) => (
          <label key={value}>
            <input type="radio" name={name} value={value} defaultChecked={value === first} />
            <span>{t(label)}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** How long it takes already, and the way out. */
function Running({ stop }: { readonly stop: () => void }) {
  const { t } = useLanguage();
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setSeconds((before) => before + 1), 1000);
    return () => clearInterval(timer);
  }, []);
  return (
    <>
      <button type="button" onClick={stop}>
        {t(CLOAK.stop)}
      </button>
      <span className="figure quiet" aria-hidden="true">
        {seconds} {t(CLOAK.seconds)}
      </span>
    </>
  );
}

const failures = (trials: readonly Trial[]) => trials.filter(({ failed }) => failed).length;

function Outcome({ answer }: { readonly answer: Cloaked }) {
  const { t } = useLanguage();
  const { before, after, changed, facesFound, psnrDb, facePsnrDb, measuredAgainst, note, file } = answer;
  return (
    <div className="cloaked">
      <Preview before={before} after={after} changed={changed} />
      <div>
        <dl className="numbers">
          <div>
            <dt>{t(CLOAK.psnr)}</dt>
            <dd>{psnrDb.toFixed(1)} dB</dd>
          </div>
          <div>
            <dt>{t(CLOAK.facePsnr)}</dt>
            <dd>{facePsnrDb.toFixed(1)} dB</dd>
          </div>
        </dl>
        <p className="quiet">
          {t(CLOAK.psnrWhy)} {facesFound > 1 && t(ofFaces(facesFound))}
        </p>
        <h3>{t(CLOAK.against)}</h3>
        <ul className="held">
          {measuredAgainst.map(({ threat, stored, jpeg75 }) => (
            <li key={threat}>{t(held(threat, stored.length, failures(stored), failures(jpeg75)))}</li>
          ))}
        </ul>
        <p className="quiet">{t(CLOAK.roads)}</p>
        <details className="more">
          <summary>{t(CLOAK.names)}</summary>
          <Names measuredAgainst={measuredAgainst} />
        </details>
        <p className="caution">{t(note)}</p>
        <Save picture={after} name={file.name} />
      </div>
    </div>
  );
}

function Names({ measuredAgainst }: Pick<CloakAnswer, 'measuredAgainst'>) {
  const { t } = useLanguage();
  const said = (trial: Trial) => t(trial.failed ? CLOAK.failed : CLOAK.worked);
  return (
    <div className="scroll">
      <table className="log">
        <thead>
          <tr>
            <th scope="col">{t(CLOAK.program)}</th>
            <th scope="col">{t(CLOAK.stored)}</th>
            <th scope="col">{t(CLOAK.jpeg75)}</th>
          </tr>
        </thead>
        <tbody>
          {measuredAgainst.flatMap(({ stored, jpeg75 }) =>
            stored.map((trial, i) => (
              <tr key={trial.name}>
                <th scope="row">{trial.name}</th>
                <td>{said(trial)}</td>
                <td>{said(jpeg75[i])}</td>
              </tr>
            )),
          )}
        </tbody>
      </table>
    </div>
  );
}

function Save({ picture, name }: { readonly picture: Blob; readonly name: string }) {
  const { t } = useLanguage();
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(picture);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [picture]);
  return (
    <a className="button primary" href={url} download={name}>
      {t(CLOAK.save)}
    </a>
  );
}
