/** The report's style sheets, put together by vite.config.ts. */
declare module 'virtual:report.css';
