/**
 * Keeps the page, and what it needs to analyse on this device, for when there is no network. The network is always asked
 * first, so that nobody is left with an old page; what the service knows of files (`/v1/`) is never kept.
 */

/** What a service worker's own global scope has beyond a page's. */
interface Scope {
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', listener: (event: Lasting) => void): void;
  addEventListener(type: 'fetch', listener: (event: Fetching) => void): void;
}
interface Lasting extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetching extends Lasting {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

const scope = self as unknown as Scope;
const KEPT = 'huoyan';

/** Fetches the files of the current page, and lets go of those of earlier ones. */
async function keepPage(): Promise<void> {
  const listed = await fetch('/offline.json', { cache: 'no-cache' });
  if (!listed.ok) return;
  const wanted: string[] = await listed.json();
  const cache = await caches.open(KEPT);
  const there = (await cache.keys()).map(({ url }) => new URL(url).pathname);
  await cache.addAll(wanted.filter((path) => path === '/' || !there.includes(path)));
  const stale = there.filter((path) => path.startsWith('/assets/') && !wanted.includes(path));
  await Promise.all(stale.map((path) => cache.delete(path)));
}

scope.addEventListener('install', (event) => {
  event.waitUntil(keepPage().then(() => scope.skipWaiting()));
});
scope.addEventListener('activate', (event) => {
  event.waitUntil(scope.clients.claim());
});

async function fromNetwork(request: Request, key: string): Promise<Response> {
  const cache = await caches.open(KEPT);
  try {
    const response = await fetch(request);
    if (response.ok && key.startsWith('/device/')) await cache.put(key, response.clone());
    return response;
  } catch (offline) {
    const kept = await cache.match(key);
    if (kept) return kept;
    throw offline;
  }
}

/** Named by its content: as kept it is as good as new. */
async function fromStore(request: Request, key: string): Promise<Response> {
  return (await (await caches.open(KEPT)).match(key)) ?? fetch(request);
}

scope.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin || pathname.startsWith('/v1/')) return;
  if (request.mode === 'navigate') {
    event.respondWith(fromNetwork(request, '/'));
    event.waitUntil(keepPage().catch(() => {}));
  } else if (pathname.startsWith('/assets/')) event.respondWith(fromStore(request, pathname));
  else event.respondWith(fromNetwork(request, pathname));
});
