/** One promise for each name, so that what is slow to open is opened once however often it is asked for. */

/** Makes what `name` stands for, or gives what is being made; a failure is forgotten, so that it can be tried again. */
export function once<T>(cache: Map<string, Promise<T>>, name: string, make: () => Promise<T>): Promise<T> {
  const known = cache.get(name);
  if (known) return known;
  const made = make();
  cache.set(name, made);
  made.catch(() => cache.delete(name));
  return made;
}
