/**
 * A page of a listing (ListObjectsV2), read without an XML parser: of a store's answer only a handful of elements without
 * attributes matter, and whatever else an answer holds must not cost more than its length.
 */

export interface ListedObject {
  readonly key: string;
  readonly bytes: number;
  /** Changes with the content; empty where the store gives none. */
  readonly etag: string;
}

export interface ListedPage {
  readonly objects: readonly ListedObject[];
  /** Continuation token of the next page; null on the last. */
  readonly next: string | null;
}

/** The page, or null when the text is no listing. Objects without a usable key are left out. */
export function parseListing(xml: string): ListedPage | null {
  if (!xml.includes('<ListBucketResult')) return null;
  // Not every store encodes keys when asked; those that do say so. A space is then a plus.
  const encoded = textIn(xml, 'EncodingType') === 'url';
  const objects: ListedObject[] = [];
  for (let at = xml.indexOf('<Contents>'); at !== -1; ) {
    const end = xml.indexOf('</Contents>', at);
    if (end === -1) return null;
    const object = objectIn(xml.slice(at, end), encoded);
    if (object) objects.push(object);
    at = xml.indexOf('<Contents>', end);
  }
  const rest = xml.slice(0, xml.indexOf('<Contents>') >>> 0) + xml.slice(xml.lastIndexOf('</Contents>') + 1);
  const more = textIn(rest, 'IsTruncated') === 'true';
  const next = textIn(rest, 'NextContinuationToken');
  if (more && !next) return null;
  return { objects, next: more ? (next ?? null) : null };
}

function objectIn(xml: string, encoded: boolean): ListedObject | null {
  const name = textIn(xml, 'Key');
  const bytes = Number(textIn(xml, 'Size'));
  if (!name || !Number.isSafeInteger(bytes) || bytes < 0) return null;
  try {
    const key = encoded ? decodeURIComponent(name.replaceAll('+', ' ')) : name;
    return { key, bytes, etag: (textIn(xml, 'ETag') ?? '').replaceAll('"', '') };
  } catch {
    return null;
  }
}

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** The text of the first element of that name; undefined when there is none. */
export function textIn(xml: string, element: string): string | undefined {
  const start = xml.indexOf(`<${element}>`);
  const end = start === -1 ? -1 : xml.indexOf(`</${element}>`, start);
  if (end === -1) return undefined;
  return xml
    .slice(start + element.length + 2, end)
    .replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(lt|gt|amp|quot|apos));/gi, (all, decimal, hex, name) => {
      if (name) return NAMED[name.toLowerCase()];
      const code = Number.parseInt(decimal ?? hex, decimal ? 10 : 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : all;
    });
}
