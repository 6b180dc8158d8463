/** Something went wrong: what, and what to do about it. */
import { Refused } from '../api.ts';

export function Complaint({ refused }: { readonly refused: unknown }) {
  const [text, hint] = refused instanceof Refused ? [refused.message, refused.hint] : [String(refused), ''];
  return (
    <div className="complaint" role="alert">
      <strong>{text}</strong>
      {hint && <span>{hint}</span>}
    </div>
  );
}
