/** The store of blobs that the options of a service name. */
import { join } from 'node:path';
import { s3PlaceOf } from '../s3/place.ts';
import type { Blobs } from './blobs.ts';
import { cipherOf, readKey } from './cipher.ts';
import { diskBlobs } from './disk.ts';
import { s3Shelf } from './s3.ts';
import { diskShelf } from './shelf.ts';
import { shelvedBlobs } from './shelved.ts';

export interface BlobOptions {
  readonly data: string;
  /** `s3://…`, see {@link s3PlaceOf}; the folder where absent. */
  readonly blobs?: string;
  /** File with the key that they are encrypted with; in the clear where absent. */
  readonly blobKey?: string;
}

/** Rejects with HuoyanError for an address, credentials or a key that are none. */
export async function openBlobs({ data, blobs: address, blobKey }: BlobOptions): Promise<Blobs> {
  const folder = join(data, 'blobs');
  const cipher = blobKey === undefined ? null : cipherOf(await readKey(blobKey));
  if (address !== undefined) {
    const place = s3PlaceOf(address, process.env);
    const part = (name: string) => s3Shelf({ ...place, prefix: `${place.prefix}${name}/` });
    return shelvedBlobs({ folder, content: await part('content'), derived: await part('derived'), cipher });
  }
  if (!cipher) return diskBlobs(folder);
  const part = (name: string) => diskShelf(join(folder, 'sealed', name));
  return shelvedBlobs({ folder, content: part('content'), derived: part('derived'), cipher });
}
