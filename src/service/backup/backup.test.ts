import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testService } from '../test-service.test-support.ts';
import { backup, restore } from './backup.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'huoyan-backup-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('backup and restore', () => {
  it('puts a service back as it was, elsewhere', { timeout: 180_000 }, async () => {
    const data = join(folder, 'data');
    const bytes = await readFile(
      fileURLToPath(new URL('../../../examples/drawing-of-a-window.png', import.meta.url)),
    );
    const first = await testService({ data, workers: 0 });
    const response = await fetch(`${first.url}/v1/analyses?name=window.png`, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: Uint8Array.from(bytes),
    });
    const { id, sha256 } = await response.json();
    await expect(backup(data, join(folder, 'early'))).rejects.toMatchObject({ code: 'permission-denied' });
    await first.service.stop(1000);

    const saved = join(folder, 'saved');
    const { files } = await backup(data, saved);
    expect(files).toBeGreaterThan(3);
    await expect(backup(data, saved)).rejects.toMatchObject({ code: 'bad-argument' });
    await expect(restore(saved, data)).rejects.toMatchObject({ code: 'bad-argument' });

    const elsewhere = join(folder, 'elsewhere');
    await restore(saved, elsewhere);
    const second = await testService({ data: elsewhere, workers: 0 });
    const found = await (await fetch(`${second.url}/v1/analyses/${id}`)).json();
    expect(found).toMatchObject({ sha256, status: 'queued', name: 'window.png' });
    const kept = await second.service.context.blobs.path(sha256);
    expect(Buffer.compare(await readFile(kept as string), bytes)).toBe(0);
    await second.stop();

    // One byte more in one blob, and nothing is put back.
    const { files: listed } = JSON.parse(await readFile(join(saved, 'backup.json'), 'utf8'));
    const blob = listed.find(({ path }: { path: string }) => path.includes(sha256)).path;
    await appendFile(join(saved, 'data', blob), 'x');
    await expect(restore(saved, join(folder, 'never'))).rejects.toMatchObject({ code: 'corrupt' });
    expect(await readdir(folder)).not.toContain('never');
  });

  it('follows no path out of its folder', async () => {
    const hostile = await mkdtemp(join(folder, 'hostile-'));
    for (const path of ['../x', 'a/../../x', '/etc/x', 'a\\..\\x', '']) {
      const files = [{ path, bytes: 0, sha256: '0'.repeat(64) }];
      await writeFile(
        join(hostile, 'backup.json'),
        JSON.stringify({ schema: 'huoyan.backup/1', made: '', folders: [], files }),
      );
      await expect(restore(hostile, join(folder, 'target'))).rejects.toMatchObject({ code: 'corrupt' });
    }
  });
});
