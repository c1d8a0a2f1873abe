/** Where to go after signing in: a path of this console, never another site. */
export function nextPath(next: string | null, origin: string): string {
  if (!next?.startsWith('/')) return '/';
  const url = URL.parse(next, origin);
  if (!url || url.origin !== origin || url.pathname === '/login') return '/';
  return url.pathname + url.search;
}

/** The sign-in page's address that leads back to where the person was. */
export function logInPath(from: { readonly pathname: string; readonly search: string }): `/login${string}` {
  const next = from.pathname + from.search;
  return next === '/' ? '/login' : `/login?next=${encodeURIComponent(next)}`;
}

/** The one-time secret of a link's fragment (`#secret=…`, `#token=…`), which never reaches a server's log. */
export function secretOfFragment(hash: string, name = 'secret'): string {
  return new URLSearchParams(hash.replace(/^#/, '')).get(name) ?? '';
}
