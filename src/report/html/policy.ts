/**
 * The content security policy of the page: no request of any kind, pictures only from the file itself, exactly one
 * style sheet and one script, each pinned by its SHA-256. A test recomputes the two values; after a change of style.ts
 * or script.ts it names the new ones.
 */
export const STYLE_SHA256 = 'tfmI6UWDFBmbBbXJg9ftiPsDArFr6jctMCi00QsmGwQ=';
export const SCRIPT_SHA256 = 'dUYGnxe8bc3sGOXkkHdb41SL7TnD8wq1UOYxaTExVas=';

export const POLICY = [
  "default-src 'none'",
  'img-src data:',
  `style-src 'sha256-${STYLE_SHA256}'`,
  `script-src 'sha256-${SCRIPT_SHA256}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');
