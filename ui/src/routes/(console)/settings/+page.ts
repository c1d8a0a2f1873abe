import { redirect } from '@sveltejs/kit';
import { paths } from '#session/paths.ts';

/** The first page of the settings. */
export function load() {
  redirect(307, paths.account);
}
