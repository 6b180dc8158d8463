/** Marks and labels, put into a file of one's own and read from any, and cloaks. Nothing is kept by the service. */
import { useState } from 'react';
import type { Text } from '../../../src/core/text.ts';
import type { Role } from '../api.ts';
import { useLanguage } from '../language.tsx';
import { Cloak } from '../protect/cloak.tsx';
import { Field, FileField, FormatField, Panel, useSending } from '../protect/form.tsx';
import { PROTECT } from '../protect/words.ts';

export function ProtectPage({ role }: { readonly role: Role }) {
  const { t } = useLanguage();
  return (
    <>
      <h1>{t(PROTECT.title)}</h1>
      <p className="lead">{t(PROTECT.lead)}</p>
      {role === 'viewer' ? (
        <p className="card">{t(PROTECT.notYours)}</p>
      ) : (
        <div className="panels">
          <Read />
          <Mark />
          <CheckLabel />
          <WriteLabel />
          <Cloak />
        </div>
      )}
    </>
  );
}

interface Reading {
  readonly found: boolean;
  readonly message: string | null;
  readonly bitErrorsCorrected: number | null;
  readonly payload: { readonly time: string; readonly place: number; readonly device: number } | null;
}

function Read() {
  const { t } = useLanguage();
  const [photographed, setPhotographed] = useState(true);
  const sending = useSending<Reading>('/v1/protect/watermark/read', (response) => response.json());
  const { answer } = sending;
  return (
    <Panel
      title={PROTECT.read}
      why={PROTECT.readWhy}
      go={PROTECT.readGo}
      sending={sending}
      outcome={
        answer &&
        (answer.found ? (
          <div className="outcome good">
            <strong>
              {t(PROTECT.found)} <code className="secret">{answer.message}</code>
            </strong>
            {answer.payload && (
              <span>
                {answer.payload.time} · {t(PROTECT.place)} {answer.payload.place} · {t(PROTECT.device)}{' '}
                {answer.payload.device}
              </span>
            )}
            <span className="quiet">
              {answer.bitErrorsCorrected} {t(PROTECT.corrected)}
            </span>
          </div>
        ) : (
          <div className="outcome">
            <strong>{t(PROTECT.notFound)}</strong>
            <span className="quiet">{t(PROTECT.notFoundWhy)}</span>
          </div>
        ))
      }
    >
      <FileField label={PROTECT.picture} optional />
      <FileField label={PROTECT.camera} camera />
      <Field label={PROTECT.key} name="key" required maxLength={1024} type="password" />
      <label className="tick">
        <input
          type="checkbox"
          checked={photographed}
          onChange={(event) => setPhotographed(event.target.checked)}
        />
        <span>{t(PROTECT.photographed)}</span>
      </label>
      <input type="hidden" name="fast" value={photographed ? 'false' : 'true'} />
    </Panel>
  );
}

interface Made {
  readonly url: string;
  readonly name: string;
  readonly says: string | null;
  readonly psnr: string | null;
}

async function made(response: Response): Promise<Made> {
  const named = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get('content-disposition') ?? '')?.[1];
  return {
    url: URL.createObjectURL(await response.blob()),
    name: decodeURIComponent(named ?? 'file'),
    says: response.headers.get('x-huoyan-message') ?? response.headers.get('x-huoyan-carrier'),
    psnr: response.headers.get('x-huoyan-psnr'),
  };
}

function Save({ made: { url, name, says, psnr }, done }: { readonly made: Made; readonly done: Text }) {
  const { t } = useLanguage();
  return (
    <div className="outcome good">
      <strong>
        {t(done)} <code className="secret">{says}</code>
      </strong>
      {psnr && <span className="quiet">PSNR {psnr} dB</span>}
      <a className="button" href={url} download={name}>
        {t(PROTECT.save)}
      </a>
    </div>
  );
}

function Mark() {
  const sending = useSending('/v1/protect/watermark', made);
  return (
    <Panel
      title={PROTECT.mark}
      why={PROTECT.markWhy}
      go={PROTECT.markGo}
      sending={sending}
      outcome={sending.answer && <Save made={sending.answer} done={PROTECT.marked} />}
    >
      <FileField label={PROTECT.picture} />
      <Field label={PROTECT.key} name="key" required maxLength={1024} type="password" />
      <Field label={PROTECT.message} name="message" pattern="[0-9a-fA-F]{1,16}" maxLength={16} required />
      <FormatField />
    </Panel>
  );
}

interface LabelAnswer {
  readonly verdict: keyof typeof PROTECT.verdict;
  readonly carrier: string;
  readonly label: string | null;
  readonly producer: string | null;
  readonly violations: readonly { readonly clause: string; readonly text: string }[];
}

function CheckLabel() {
  const { t } = useLanguage();
  const sending = useSending<LabelAnswer>('/v1/protect/label/check', (response) => response.json());
  const { answer } = sending;
  return (
    <Panel
      title={PROTECT.check}
      why={PROTECT.checkWhy}
      go={PROTECT.checkGo}
      sending={sending}
      outcome={
        answer && (
          <div className={`outcome ${answer.verdict === 'compliant' ? 'good' : ''}`}>
            <strong>
              {answer.carrier}: {t(PROTECT.verdict[answer.verdict])}
            </strong>
            {answer.label && (
              <span>
                Label {answer.label} · {answer.producer}
              </span>
            )}
            {answer.violations.length > 0 && (
              <ul>
                {answer.violations.map(({ clause, text }) => (
                  <li key={clause + text}>
                    {clause}: {text}
                  </li>
                ))}
              </ul>
            )}
          </div>
        )
      }
    >
      <FileField label={PROTECT.file} />
    </Panel>
  );
}

function WriteLabel() {
  const { t } = useLanguage();
  const sending = useSending('/v1/protect/label', made);
  return (
    <Panel
      title={PROTECT.label}
      why={PROTECT.labelWhy}
      go={PROTECT.labelGo}
      sending={sending}
      outcome={sending.answer && <Save made={sending.answer} done={PROTECT.labelled} />}
    >
      <FileField label={PROTECT.file} />
      <Field label={PROTECT.producer} name="producer" required maxLength={200} />
      <Field label={PROTECT.id} name="id" required maxLength={200} />
      <label>
        <span>{t(PROTECT.degree)}</span>
        <select name="label" defaultValue="1">
          {PROTECT.degrees.map((degree, i) => (
            <option key={degree.en} value={i + 1}>
              {t(degree)}
            </option>
          ))}
        </select>
      </label>
    </Panel>
  );
}
