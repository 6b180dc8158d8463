/** `huoyan trace index add|search|remove`: pictures remembered by their fingerprints, over months and many folders. */
import { asHuoyanError } from '../../core/errors.ts';
import { plainLine } from '../../report/plain.ts';
import { Library, placeOf } from '../../trace/library.node.ts';
import type { Console } from '../console.ts';
import { EXIT } from '../exit.ts';
import { checkInputs, inputsOf } from '../inputs.ts';

export interface IndexFlags {
  /** A folder or `postgres://…`; the user's own by default. */
  readonly index?: string;
  readonly json?: boolean;
  readonly count?: number;
}

const MATCHES = 10;

/** Does `work` with every picture; the exit code says whether all of them could be used. */
async function each(
  paths: readonly string[],
  flags: IndexFlags,
  io: Console,
  work: (library: Library, name: string, bytes?: Uint8Array) => Promise<void>,
): Promise<number> {
  checkInputs(paths, {});
  const library = await Library.open(placeOf(flags.index));
  let [done, failed] = [0, 0];
  try {
    for await (const input of inputsOf(paths, {})) {
      try {
        if ('error' in input) throw input.error;
        await work(library, input.name, input.bytes);
        done++;
      } catch (thrown) {
        failed++;
        io.error(asHuoyanError(thrown), input.name);
      }
      io.status(() => ({ en: `${done} done`, zh: `已完成 ${done} 个` }));
    }
    if (!flags.json) {
      const remembered = await library.index.count();
      io.note({ en: `${remembered} pictures in the index`, zh: `索引中共 ${remembered} 张图片` });
    }
  } finally {
    await library.close();
  }
  if (done === 0) return EXIT.failure;
  return failed > 0 ? EXIT.partial : EXIT.ok;
}

/** Remembers pictures; those remembered already are passed over. */
export function indexAdd(paths: readonly string[], flags: IndexFlags, io: Console): Promise<number> {
  return each(paths, flags, io, async (library, name, bytes) => {
    await library.add(name, bytes);
  });
}

/** For each picture, the remembered ones most alike by source. */
export function indexSearch(paths: readonly string[], flags: IndexFlags, io: Console): Promise<number> {
  return each(paths, flags, io, async (library, name, bytes) => {
    const matches = await library.alike(name, flags.count ?? MATCHES, bytes);
    if (flags.json) {
      const found = matches.map(({ id, label, similarity }) => ({ sha256: id, file: label, similarity }));
      await io.write(`${JSON.stringify({ schema: 'huoyan.matches/1', file: name, matches: found })}\n`);
      return;
    }
    const lines = matches.map(({ label, similarity }) => `  ${similarity.toFixed(2)}  ${plainLine(label)}`);
    await io.write(`${[plainLine(name), ...lines].join('\n')}\n`);
  });
}

/** Forgets pictures by their content. */
export function indexRemove(paths: readonly string[], flags: IndexFlags, io: Console): Promise<number> {
  return each(paths, flags, io, async (library, name, bytes) => {
    const there = await library.remove(name, bytes);
    if (!there) io.note({ en: `${name} was not in the index`, zh: `${name} 不在索引中` });
  });
}
