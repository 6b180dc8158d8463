/** A form with a file that sends itself and says what came of it: what the panels of the page share. */
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import type { Text } from '../../../src/core/text.ts';
import { ask } from '../api.ts';
import { useLanguage } from '../language.tsx';
import { Complaint } from '../parts/complaint.tsx';
import { PROTECT } from './words.ts';

export interface Sending<Answer> {
  readonly busy: boolean;
  readonly refused: unknown;
  readonly answer: Answer | null;
  readonly submit: (event: FormEvent<HTMLFormElement>) => void;
  /** Hangs up; the service stops what it does. */
  readonly stop: () => void;
}

/** What is under way is stopped when its form leaves the page. */
export function useSending<Answer>(
  path: string,
  answered: (response: Response, sent: FormData) => Promise<Answer>,
  headers: Readonly<Record<string, string>> = {},
): Sending<Answer> {
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<unknown>(null);
  const [answer, setAnswer] = useState<Answer | null>(null);
  const under = useRef<AbortController>(null);
  useEffect(() => () => under.current?.abort(), []);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const body = new FormData();
    for (const [name, value] of new FormData(event.currentTarget)) {
      // Fields first: the service reads a form as it comes, and an empty one says nothing.
      if (typeof value === 'string' ? value !== '' : value.size > 0) body.append(name, value);
    }
    const stop = new AbortController();
    under.current = stop;
    setBusy(true);
    setRefused(null);
    setAnswer(null);
    ask(path, { method: 'POST', body, headers, signal: stop.signal })
      .then((response) => answered(response, body))
      .then(setAnswer, (error) => {
        if (!stop.signal.aborted) setRefused(error);
      })
      .finally(() => setBusy(false));
  };
  return { busy, refused, answer, submit, stop: () => under.current?.abort() };
}

export function Panel({
  title,
  why,
  go,
  sending: { busy, refused, submit },
  children,
  outcome,
}: {
  readonly title: Text;
  readonly why: Text;
  readonly go: Text;
  readonly sending: Pick<Sending<unknown>, 'busy' | 'refused' | 'submit'>;
  readonly children: ReactNode;
  readonly outcome: ReactNode;
}) {
  const { t } = useLanguage();
  return (
    <section className="card">
      <h2>{t(title)}</h2>
      <p className="quiet">{t(why)}</p>
      <form className="file-form" onSubmit={submit}>
        {children}
        <button type="submit" className="primary" disabled={busy}>
          {t(busy ? PROTECT.working : go)}
        </button>
      </form>
      {refused !== null && <Complaint refused={refused} />}
      <div aria-live="polite">{outcome}</div>
    </section>
  );
}

export function FileField({
  label,
  camera = false,
  optional = false,
}: {
  readonly label: Text;
  readonly camera?: boolean;
  readonly optional?: boolean;
}) {
  const { t } = useLanguage();
  return (
    <label>
      <span>{t(label)}</span>
      <input
        type="file"
        name="file"
        required={!camera && !optional}
        accept={camera ? 'image/*' : undefined}
        capture={camera ? 'environment' : undefined}
      />
    </label>
  );
}

export function Field({
  label,
  name,
  ...more
}: {
  readonly label: Text;
  readonly name: string;
  readonly required?: boolean;
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly type?: string;
}) {
  const { t } = useLanguage();
  return (
    <label>
      <span>{t(label)}</span>
      <input name={name} autoComplete="off" spellCheck={false} {...more} />
    </label>
  );
}

/** As what a changed picture is to be written. */
export function FormatField() {
  const { t } = useLanguage();
  return (
    <label>
      <span>{t(PROTECT.format)}</span>
      <select name="format" defaultValue="png">
        <option value="png">PNG</option>
        <option value="jpeg">JPEG</option>
        <option value="webp">WebP</option>
      </select>
    </label>
  );
}
