import { createContext } from 'svelte';
import type { ResultOf } from '#graph/graphql.ts';
import type { QueryState } from '#graph/query.svelte.ts';
import type { rolesQuery } from './roles.ts';

/** All roles; the matrix's layout provides them, the dialogs over it have them read again. */
export const [getRoleList, setRoleList] = createContext<QueryState<ResultOf<typeof rolesQuery>>>();
