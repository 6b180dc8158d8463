/** Where files are given: dropped, pasted, chosen or photographed. */
import { type DragEvent, type ReactNode, useEffect, useState } from 'react';
import { useLanguage } from '../language.tsx';
import { ANALYSE } from '../words.ts';

export interface DropProps {
  readonly title: string;
  readonly lead: string;
  /** What stands before the button, on a wide screen. */
  readonly hint: string;
  /** Whether files are taken now. */
  readonly takes: boolean;
  readonly add: (files: Iterable<File>) => void;
  /** Of which type, as `accept` has it; any where absent. */
  readonly accept?: string;
  /** Further ways, and what is to be known. */
  readonly children?: ReactNode;
}

export function Drop({ title, lead, hint, takes, add, accept, children }: DropProps) {
  const { t } = useLanguage();
  const [over, setOver] = useState(false);
  useEffect(() => {
    if (!takes) return;
    const paste = (event: ClipboardEvent) => add([...(event.clipboardData?.files ?? [])]);
    addEventListener('paste', paste);
    return () => removeEventListener('paste', paste);
  }, [add, takes]);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    if (takes) add(event.dataTransfer.files);
  };
  return (
    <section
      className={`drop ${over ? 'over' : ''}`}
      aria-label={t(ANALYSE.choose)}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <h1>{title}</h1>
      <p className="lead">{lead}</p>
      {takes && (
        <p className="ways">
          <span className="wide-only">{hint}</span>
          <Chooser label={t(ANALYSE.choose)} add={add} accept={accept} />
          <Chooser label={t(ANALYSE.camera)} add={add} accept="image/*" camera />
        </p>
      )}
      {children}
    </section>
  );
}

function Chooser({
  label,
  add,
  accept,
  camera = false,
}: Pick<DropProps, 'add' | 'accept'> & { readonly label: string; readonly camera?: boolean }) {
  return (
    <label className={`button ${camera ? 'narrow-only' : 'primary'}`}>
      {label}
      <input
        type="file"
        accept={accept}
        multiple={!camera}
        capture={camera ? 'environment' : undefined}
        className="unseen"
        onChange={(event) => {
          add([...(event.target.files ?? [])]);
          event.target.value = '';
        }}
      />
    </label>
  );
}
