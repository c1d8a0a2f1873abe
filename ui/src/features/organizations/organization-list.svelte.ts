import { createContext } from 'svelte';
import { usePages } from '#graph/pages.svelte.ts';
import { organizationsQuery } from './organizations.ts';

/** The organizations that the words find, page by page. */
export function useOrganizationList(search: () => string) {
  return usePages({
    document: organizationsQuery,
    variables: () => ({ first: 50, search: search() || null }),
    connection: data => data.organizations,
  });
}

/** The list of organizations; its layout provides it, the dialogs over it have it read again. */
export const [getOrganizationList, setOrganizationList] = createContext<ReturnType<typeof useOrganizationList>>();
