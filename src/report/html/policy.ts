/**
 * The content security policy of a page: no request of any kind, pictures and recordings only from the file itself,
 * exactly the style sheets and the one script named here, each pinned by its SHA-256. A test recomputes the values;
 * after a change of a style sheet or of script.ts it names the new ones.
 */
export const STYLE_SHA256 = 'GBtjD7pt/equt2yH1OpkskKj8yyyegbruBtl5GqtE5Y=';
export const CLUSTER_STYLE_SHA256 = 'eKr6P/D6TD8exniUTyfcgyGQ9+9Fwi05DUzl7bFSAx4=';
export const TRACE_STYLE_SHA256 = 'iFH2YwtzjkIYiXKNb6p5XvWi5DYL9YVyrNwrGbPuX70=';
export const AUDIT_STYLE_SHA256 = 'M7vEeDM4HVlgCC3yTCxbmDB/qnCnbBSwpI4RI5FD0BQ=';
export const SCRIPT_SHA256 = 'VcT3+Nyfq/bYoEo3CeF/XYH6GRghAnSOfJ8IW+J83ko=';

const policy = (styles: readonly string[]) =>
  [
    "default-src 'none'",
    'img-src data:',
    'media-src data:',
    `style-src ${styles.map((sha256) => `'sha256-${sha256}'`).join(' ')}`,
    `script-src 'sha256-${SCRIPT_SHA256}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');

export const POLICY = policy([STYLE_SHA256]);
export const CLUSTER_POLICY = policy([STYLE_SHA256, CLUSTER_STYLE_SHA256]);
export const TRACE_POLICY = policy([STYLE_SHA256, TRACE_STYLE_SHA256]);
export const AUDIT_POLICY = policy([STYLE_SHA256, AUDIT_STYLE_SHA256]);
