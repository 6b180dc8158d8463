/** Where a user's own things live: `HUOYAN_HOME`, or the place each system keeps such data. */
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The folder; not made here. */
export function huoyanHome(env: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  if (env.HUOYAN_HOME) return env.HUOYAN_HOME;
  if (platform === 'win32') return join(env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'huoyan');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'huoyan');
  return join(env.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'huoyan');
}
