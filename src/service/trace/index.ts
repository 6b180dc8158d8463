/** The index of fingerprints within the service's database, opened when it is first needed. */
import type { FingerprintIndex } from '../../trace/index/fingerprint.ts';
import { openIndexWithin } from '../../trace/index/open.node.ts';
import { Fingerprinter } from '../../trace/library.node.ts';
import type { Store } from '../store/store.ts';

export interface Index {
  /** The index itself. */
  open(): Promise<FingerprintIndex>;
  /** Takes a file out of it, if the index is in use at all. */
  readonly forget: (sha256: string) => Promise<void>;
  close(): Promise<void>;
}

const NAME = 'service';

export function lazyIndex(store: Store): Index {
  let opened: Promise<FingerprintIndex> | null = null;
  const open = () => {
    opened ??= (async () => {
      const { dimensions } = await Fingerprinter.open();
      return openIndexWithin(store, NAME, store.shared, { dimensions });
    })();
    opened.catch(() => {
      opened = null;
    });
    return opened;
  };
  return {
    open,
    forget: async (sha256) => {
      const [there] = await store.query<{ name: string | null }>(
        `select to_regclass('huoyan_${NAME}.about')::text as name`,
      );
      if (there.name) await (await open()).delete([sha256]);
    },
    close: async () => {
      await (await opened?.catch(() => null))?.close();
    },
  };
}
