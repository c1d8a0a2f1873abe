import { createContext } from 'svelte';
import { usePages } from '#graph/pages.svelte.ts';
import { session } from '#session/session.svelte.ts';
import { usersQuery } from './users.ts';

/** The people whom the words find, page by page. */
export function useUserList(search: () => string) {
  return usePages({
    document: usersQuery,
    variables: () => ({ first: 50, search: search() || null, hasGrants: session.may('role:read') }),
    connection: data => data.users,
  });
}

/** The list of people; its layout provides it, the dialog over it has it read again. */
export const [getUserList, setUserList] = createContext<ReturnType<typeof useUserList>>();
