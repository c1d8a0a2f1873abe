import { redirect } from '@sveltejs/kit';
import { logInPath } from '#features/accounts/next-path.ts';
import { session } from '#session/session.svelte.ts';

/** Lets nobody in whom the server does not know; an unreachable server is the layout's matter. */
export async function load({ url }: { url: URL }): Promise<void> {
  if (session.state === 'unknown') await session.load();
  if (session.state === 'anonymous') redirect(307, logInPath(url));
}
