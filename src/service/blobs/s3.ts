/** A shelf on an S3-compatible store: four requests (PUT, GET, HEAD, DELETE). */
import { createHash } from 'node:crypto';
import { createReadStream, openAsBlob } from 'node:fs';
import { rm } from 'node:fs/promises';
import { noBucket, s3Client } from '../s3/client.ts';
import type { S3Place } from '../s3/place.ts';
import type { Shelf } from './shelf.ts';

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** Opens the shelf; asks nothing yet. Rejects with HuoyanError `component-missing`. */
export async function s3Shelf(place: S3Place): Promise<Shelf> {
  const { bucket, prefix, ...access } = place;
  const { ask, download } = await s3Client(access);
  return {
    async put(name, path) {
      const headers = { 'x-amz-content-sha256': await sha256Of(path) };
      const body = await openAsBlob(path);
      const response = await ask(bucket, prefix + name, { method: 'PUT', headers, body });
      await response.body?.cancel();
      if (!response.ok) throw noBucket(bucket);
      await rm(path, { force: true });
    },
    take: async (name, to) => (await download(bucket, prefix + name, to)) !== null,
    async has(name) {
      return (await ask(bucket, prefix + name, { method: 'HEAD' })).ok;
    },
    async remove(name) {
      const response = await ask(bucket, prefix + name, { method: 'DELETE' });
      await response.body?.cancel();
    },
  };
}
