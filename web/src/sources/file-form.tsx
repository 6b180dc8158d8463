/** A form with files whose answer is awaited. */
import { type FormEvent, type ReactNode, useState } from 'react';
import { useLanguage } from '../language.tsx';
import { Complaint } from '../parts/complaint.tsx';
import { SOURCES } from '../words.ts';

export function FileForm({
  send,
  label = '',
  action,
  several = false,
  files: asked = true,
  ready = true,
  children,
}: {
  readonly send: (form: FormData, files: readonly File[]) => Promise<void>;
  /** Of the field for files. */
  readonly label?: string;
  readonly action: string;
  readonly several?: boolean;
  /** False where the files are known already. */
  readonly files?: boolean;
  readonly ready?: boolean;
  readonly children?: ReactNode;
}) {
  const { t } = useLanguage();
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<unknown>(null);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const files = data.getAll('file').filter((one): one is File => one instanceof File && one.size > 0);
    setBusy(true);
    setRefused(null);
    send(data, files)
      .catch(setRefused)
      .finally(() => setBusy(false));
  };
  return (
    <form onSubmit={submit} className="file-form">
      {children}
      {asked && (
        <label>
          <span>{label}</span>
          <input type="file" name="file" accept="image/*" multiple={several} required />
        </label>
      )}
      <button type="submit" className="primary" disabled={busy || !ready}>
        {busy ? t(SOURCES.working) : action}
      </button>
      {refused !== null && <Complaint refused={refused} />}
    </form>
  );
}
