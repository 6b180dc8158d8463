/** Where the service of these flags lives. */
import { join, resolve } from 'node:path';
import type { StorePlace } from '../service/store/store.ts';
import { huoyanHome } from '../trace/home.node.ts';

export interface PlaceFlags {
  readonly data?: string;
  readonly database?: string;
}

export function placeOf({ data, database }: PlaceFlags): StorePlace {
  return {
    data: resolve(data ?? join(huoyanHome(), 'service')),
    database: database ?? process.env.HUOYAN_DATABASE,
  };
}
