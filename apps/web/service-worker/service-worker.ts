declare const self: ServiceWorkerGlobalScope;

interface BuiltFile {
  readonly path: string;
  /** As for subresource integrity: what comes is of this very build, or nothing is kept. */
  readonly integrity: string;
}

/** All files of this version; the build puts them in. */
declare const __BUILT_FILES__: readonly BuiltFile[];
/** A digest of them. */
declare const __BUILD__: string;

const builtFiles = __BUILT_FILES__;
const prefix = "hubbub.page.";
const ownCache = prefix + __BUILD__;
const paths = new Set(builtFiles.map(({ path }) => path));
const page = "/index.html";
/** Addresses whose page starts without a network. What is the server's alone is never answered here, nor kept. */
const ownPages = /^\/($|login$|c\/|people($|\/)|invite\/)/;

/** All or none: a version is never kept in part, nor with a file of another one. */
async function keepFiles(): Promise<void> {
  const cache = await caches.open(ownCache);
  await cache.addAll(
    builtFiles.map(({ path, integrity }) => {
      const isNamedByContent = path.startsWith("/assets/");
      return new Request(path, { integrity, cache: isNamedByContent ? "default" : "no-cache" });
    }),
  );
}

/** The version before this one stays: a window that still shows it may ask for parts that it has not loaded yet. */
async function forgetOlder(): Promise<void> {
  const others = (await caches.keys()).filter((each) => each.startsWith(prefix) && each !== ownCache);
  await Promise.all(others.slice(0, -1).map((each) => caches.delete(each)));
  await self.clients.claim();
}

async function answer(request: Request, path: string): Promise<Response> {
  const own = await (await caches.open(ownCache)).match(path);
  return own ?? (await caches.match(path)) ?? (await fetch(request));
}

self.addEventListener("install", (installing) => installing.waitUntil(keepFiles()));
self.addEventListener("activate", (activating) => activating.waitUntil(forgetOlder()));
self.addEventListener("fetch", (fetching) => {
  const { request } = fetching;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (ownPages.test(pathname)) fetching.respondWith(answer(request, page));
  } else if (paths.has(pathname) || pathname.startsWith("/assets/")) fetching.respondWith(answer(request, pathname));
});
/** An alert leads to its conversation: in a window that is there, or in a new one. */
async function openPlace(path: string): Promise<void> {
  const [window] = await self.clients.matchAll({ type: "window" });
  if (window === undefined) return void (await self.clients.openWindow(path));
  window.postMessage(path);
  await window.focus().catch(() => undefined); // refused unless a person clicked
}

self.addEventListener("notificationclick", (clicked) => {
  const { notification } = clicked;
  notification.close();
  if (typeof notification.data === "string") clicked.waitUntil(openPlace(notification.data));
});
self.addEventListener("message", ({ data }) => {
  if (data === "takeOver") void self.skipWaiting();
});
