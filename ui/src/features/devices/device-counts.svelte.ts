import type { VariablesOf } from '#graph/graphql.ts';
import { useQuery } from '#graph/query.svelte.ts';
import { useSubscription } from '#graph/subscription.svelte.ts';
import { deviceChangedSubscription, deviceCountsQuery } from './devices.ts';

const recountMilliseconds = 1000;

/** How many devices are in each state, counted again soon after any of them changes. */
export function useDeviceCounts(place: () => VariablesOf<typeof deviceCountsQuery> = () => ({})) {
  const query = useQuery(deviceCountsQuery, place);
  let timer: ReturnType<typeof setTimeout> | undefined;

  useSubscription(
    deviceChangedSubscription,
    () => ({}),
    () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        query.refetch();
      }, recountMilliseconds);
    },
  );
  $effect(() => () => clearTimeout(timer));

  return query;
}
