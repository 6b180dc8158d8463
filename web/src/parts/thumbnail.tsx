/** A small square of the picture: of the file itself while it is here, else of what the service kept. */
import { useEffect, useState } from 'react';
import type { Analysis } from '../api.ts';

export function Thumbnail({
  file,
  analysis,
}: {
  readonly file: File | null;
  readonly analysis: Pick<Analysis, 'id' | 'status' | 'summary'> | null;
}) {
  const [broken, setBroken] = useState(false);
  const [own, setOwn] = useState<string | null>(null);
  useEffect(() => {
    if (!file?.type.startsWith('image/')) return;
    const url = URL.createObjectURL(file);
    setOwn(url);
    return () => URL.revokeObjectURL(url);
  }, [file]);
  const pictured = analysis?.status === 'succeeded' && analysis.summary?.kind !== 'audio';
  const source = own ?? (analysis && pictured ? `/v1/analyses/${analysis.id}/preview` : null);
  if (!source || broken) return <span className="thumb empty" aria-hidden="true" />;
  return <img className="thumb" src={source} alt="" loading="lazy" onError={() => setBroken(true)} />;
}
