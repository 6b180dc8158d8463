/** The report's style sheets, put together by vite.config.ts. */
declare module 'virtual:report.css';

/** Vite's way of taking in many files at once; only what is used of it. */
interface ImportMeta {
  glob<T>(
    patterns: readonly string[],
    options: { readonly query: string; readonly import: string },
  ): Record<string, () => Promise<T>>;
}
