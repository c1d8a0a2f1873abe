import { createContext } from 'svelte';
import type { ResultOf } from '#graph/graphql.ts';
import type { QueryState } from '#graph/query.svelte.ts';
import type { ownApiKeysQuery } from './api-keys.ts';

/** One's own keys; the list's layout provides them, the dialog over it has them read again. */
export const [getOwnApiKeys, setOwnApiKeys] = createContext<QueryState<ResultOf<typeof ownApiKeysQuery>>>();
