/** Puts an analysis into a case, an old or a new one. */
import { type FormEvent, useState } from 'react';
import { asJson, ask, askJson } from '../api.ts';
import { useLanguage } from '../language.tsx';
import { go } from '../router.ts';
import { ANALYSE, CASES } from '../words.ts';
import { Complaint } from './complaint.tsx';

export function AddToCase({ analysis }: { readonly analysis: string }) {
  const { t } = useLanguage();
  const [cases, setCases] = useState<readonly { id: string; title: string }[] | null>(null);
  const [refused, setRefused] = useState<unknown>(null);
  const open = () =>
    askJson<{ items: { id: string; title: string }[] }>('/v1/cases').then(
      ({ items }) => setCases(items),
      setRefused,
    );
  const add = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    try {
      let id = String(data.get('case') ?? '');
      const title = String(data.get('title') ?? '').trim();
      if (title) id = (await askJson<{ id: string }>('/v1/cases', asJson('POST', { title }))).id;
      if (!id) return;
      await ask(`/v1/cases/${id}/files`, asJson('POST', { analysis }));
      go(`/cases/${id}`);
    } catch (thrown) {
      setRefused(thrown);
    }
  };
  if (!cases) {
    return (
      <>
        <button type="button" onClick={open}>
          {t(ANALYSE.addToCase)}
        </button>
        {refused !== null && <Complaint refused={refused} />}
      </>
    );
  }
  return (
    <form className="inline-form" onSubmit={add}>
      {cases.length > 0 && (
        <select name="case" aria-label={t(CASES.title)} defaultValue={cases[0].id}>
          {cases.map(({ id, title }) => (
            <option key={id} value={id}>
              {title}
            </option>
          ))}
        </select>
      )}
      <input
        name="title"
        placeholder={t(CASES.fresh)}
        aria-label={t(CASES.fresh)}
        maxLength={200}
        required={cases.length === 0}
      />
      <button type="submit" className="primary">
        {t(ANALYSE.addToCase)}
      </button>
      {refused !== null && <Complaint refused={refused} />}
    </form>
  );
}
