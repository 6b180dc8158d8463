/**
 * What a page of ours has within its frame: for a page that brings its own frame, style sheet and script, and shows the
 * very document that it hands out, without having it made twice.
 */

/** Where the frame ends and begins again (frame.ts). Nothing that comes from a file can hold them: `<` is escaped. */
export const TOP = '<header class="top">';
export const MAIN = '<main id="results">';
export const FOOT = '</main>\n<footer class="foot">';
const STORE = '<svg class="store"';

/** The drawings that `page` refers to, and all that its `main` holds. Takes pages that `opening` and `ending` frame. */
export function withinFrame(page: string): string {
  const top = page.indexOf(TOP);
  const store = page.slice(0, top).indexOf(STORE);
  const drawings = store < 0 ? '' : page.slice(store, top);
  return drawings + page.slice(page.indexOf(MAIN, top) + MAIN.length, page.lastIndexOf(FOOT));
}
