/** `huoyan verify-log`: does the hash chain of the service's log hold? */
import { entries, verify } from '../../service/log/chain.ts';
import { openStore } from '../../service/store/store.ts';
import type { Console } from '../console.ts';
import { EXIT } from '../exit.ts';
import { type PlaceFlags, placeOf } from '../service-place.ts';

export async function verifyLog(
  flags: PlaceFlags & { readonly json?: boolean },
  io: Console,
): Promise<number> {
  const store = await openStore(placeOf(flags));
  try {
    const found = await verify(entries(store));
    if (flags.json) await io.write(`${JSON.stringify(found)}\n`);
    else if (found.whole) {
      await io.write(
        `${io.say({ en: `the log is whole: ${found.entries} lines, the last is ${found.last}`, zh: `日志完好：共 ${found.entries} 条，末条哈希为 ${found.last}` })}\n`,
      );
    } else {
      await io.write(
        `${io.say({ en: `the log is broken at line ${found.brokenAt}: ${found.why}`, zh: `日志自第 ${found.brokenAt} 条起不可信：${found.why}` })}\n`,
      );
    }
    return found.whole ? EXIT.ok : EXIT.contract;
  } finally {
    await store.close();
  }
}
