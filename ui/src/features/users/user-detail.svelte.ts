import { createContext } from 'svelte';
import type { ResultOf } from '#graph/graphql.ts';
import type { QueryState } from '#graph/query.svelte.ts';
import type { userQuery } from './users.ts';

/** The person whose page is open; the dialog over it has it read again. */
export const [getUserDetail, setUserDetail] = createContext<QueryState<ResultOf<typeof userQuery>>>();
