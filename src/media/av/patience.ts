/** Waiting for a native codec: one that was given damaged data may never answer. */
import { timedOut } from '../failures.ts';

/** What `work` gives. Throws HuoyanError `timeout` when it has given nothing after so many milliseconds. */
export async function withTimeout<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(timedOut(milliseconds)), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
