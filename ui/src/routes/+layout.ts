// A console behind a sign-in: nothing to render on a server, nothing to know before the session is known.
export const ssr = false;
export const prerender = false;
