/** Whether the page will work without a network: its service worker, where the browser allows one. */

const PATIENCE_MS = 30_000;

/** Resolves true once a service worker keeps what is fetched from now on; false where there can be none. */
export async function keepForOffline(): Promise<boolean> {
  if (!('serviceWorker' in navigator) || !isSecureContext) return false;
  try {
    await navigator.serviceWorker.register('/sw.js');
    if (navigator.serviceWorker.controller) return true;
    return await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), PATIENCE_MS);
      navigator.serviceWorker.addEventListener(
        'controllerchange',
        () => {
          clearTimeout(timer);
          resolve(true);
        },
        { once: true },
      );
    });
  } catch {
    return false;
  }
}
