/**
 * Shell-style patterns for file names: `*`, `?`, `[abc]`, `{a,b}` and `**` across folders. Node 20 has no stable
 * glob of its own. Matching is by backtracking on segments with memory, so no pattern is slow.
 */

/** Does `path` hold characters that make it a pattern? */
export function isPattern(path: string): boolean {
  return /[*?[{]/.test(path);
}

/** `a{b,c}d` as `abd`, `acd`, each once; nested braces too. At most 1,000 alternatives are expanded. */
export function expandBraces(pattern: string): string[] {
  const done = new Set<string>();
  const open = [pattern];
  while (open.length > 0 && done.size < 1000) {
    const next = open.shift() ?? '';
    const found = /\{([^{}]*,[^{}]*)\}/.exec(next);
    if (!found) {
      done.add(next);
      continue;
    }
    const before = next.slice(0, found.index);
    const after = next.slice(found.index + found[0].length);
    for (const choice of found[1].split(',')) if (open.length < 1000) open.push(before + choice + after);
  }
  return [...done];
}

/** One `[...]` class that starts at `at`: its end and a test; undefined when the bracket is never closed. */
function readClass(pattern: string, at: number): { end: number; test: (c: string) => boolean } | undefined {
  const close = pattern.indexOf(']', at + 2);
  if (close < 0) return undefined;
  let body = pattern.slice(at + 1, close);
  const negated = body.startsWith('!') || body.startsWith('^');
  if (negated) body = body.slice(1);
  const ranges: [string, string][] = [];
  for (let i = 0; i < body.length; i++) {
    if (body[i + 1] === '-' && i + 2 < body.length) {
      ranges.push([body[i], body[i + 2]]);
      i += 2;
    } else ranges.push([body[i], body[i]]);
  }
  return { end: close, test: (c) => ranges.some(([low, high]) => c >= low && c <= high) !== negated };
}

/** Does one path segment match one pattern segment? A leading dot is matched only by a leading dot. */
export function matchSegment(pattern: string, name: string): boolean {
  if (name.startsWith('.') && !pattern.startsWith('.')) return false;
  // The classic two-pointer walk: on failure go back to the last `*` and let it take one more character.
  let p = 0;
  let n = 0;
  let star = -1;
  let mark = 0;
  while (n < name.length) {
    const c = pattern[p];
    const set = c === '[' ? readClass(pattern, p) : undefined;
    if (c === '*') {
      star = p++;
      mark = n;
    } else if (set ? set.test(name[n]) : c === '?' || c === name[n]) {
      p = set ? set.end + 1 : p + 1;
      n++;
    } else if (star >= 0) {
      p = star + 1;
      n = ++mark;
    } else return false;
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}
