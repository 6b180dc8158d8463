/** `huoyan keys`: who may call the service. */
import { createKey, listKeys, type Role, revokeKey } from '../../service/keys/keys.ts';
import { scopesOf } from '../../service/keys/scopes.ts';
import { append } from '../../service/log/chain.ts';
import { openStore, type Store } from '../../service/store/store.ts';
import type { Console } from '../console.ts';
import { EXIT } from '../exit.ts';
import { usageError } from '../failure.ts';
import { type PlaceFlags, placeOf } from '../service-place.ts';

export interface KeyFlags extends PlaceFlags {
  readonly json?: boolean;
  readonly role?: Role;
  readonly daily?: number;
  /** Areas with commas. */
  readonly scopes?: string;
}

async function within<T>(flags: KeyFlags, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(placeOf(flags));
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** Makes a key and writes it to standard output. */
export function keysCreate(name: string, flags: KeyFlags, io: Console): Promise<number> {
  const { role = 'analyst', daily = null } = flags;
  const scopes = flags.scopes === undefined ? null : scopesOf(flags.scopes);
  return within(flags, async (store) => {
    const { id, key } = await store.transaction(async (sql) => {
      const made = await createKey(sql, { name, role, daily, scopes });
      const detail = { name, role, scopes: scopes && [...scopes] };
      await append(sql, { actor: 'console', action: 'key.create', subject: made.id, detail });
      return made;
    });
    await io.write(`${key}\n`);
    io.note({
      en: `${id}, role ${role}; keep the key now, it is not shown again`,
      zh: `${id}，角色 ${role}；请立即保存密钥，以后不再显示`,
    });
    return EXIT.ok;
  });
}

export function keysList(flags: KeyFlags, io: Console): Promise<number> {
  return within(flags, async (store) => {
    const keys = await listKeys(store);
    if (flags.json) await io.write(`${JSON.stringify({ keys })}\n`);
    else {
      for (const { id, name, role, revoked } of keys)
        await io.write(
          `${id}  ${role.padEnd(7)}  ${name}${revoked ? io.say({ en: '  (revoked)', zh: '  （已吊销）' }) : ''}\n`,
        );
      if (keys.length === 0) io.note({ en: 'there is no key yet', zh: '尚无密钥' });
    }
    return EXIT.ok;
  });
}

export function keysRevoke(id: string, flags: KeyFlags, io: Console): Promise<number> {
  return within(flags, async (store) => {
    const revoked = await store.transaction(async (sql) => {
      const done = await revokeKey(sql, id);
      if (done) await append(sql, { actor: 'console', action: 'key.revoke', subject: id });
      return done;
    });
    if (!revoked) {
      throw usageError(
        { en: `there is no key "${id}"`, zh: `没有密钥“${id}”` },
        { en: 'huoyan keys list', zh: 'huoyan keys list' },
      );
    }
    io.note({ en: `${id} is revoked`, zh: `${id} 已吊销` });
    return EXIT.ok;
  });
}
