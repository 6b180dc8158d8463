/**
 * The headers of a report shown as a page of its own. It brings its own policy (every style and script by its hash), and
 * the header's must not be weaker than what keeps it away from everything else of the service: no origin, no requests.
 */
export const REPORT_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'; frame-ancestors 'self'; sandbox allow-scripts allow-modals",
} as const;
