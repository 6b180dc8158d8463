/** Work on one item while the next is being made: what waits for another thread (a decoder) waits no longer. */

/**
 * The items of `source`, each asked for while the one before is still being looked at. What `source` throws is thrown
 * where its item would have been. Whoever stops early leaves at most one item unseen, and does not wait for it.
 */
export async function* oneAhead<T>(source: AsyncGenerator<T>): AsyncGenerator<T> {
  const ask = () => {
    const next = source.next();
    // It is looked at below; until then a failure is nobody's.
    next.catch(() => {});
    return next;
  };
  let coming = ask();
  try {
    for (;;) {
      const { done, value } = await coming;
      if (done) return;
      coming = ask();
      yield value;
    }
  } finally {
    source.return(undefined).catch(() => {});
  }
}
