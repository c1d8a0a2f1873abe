import type { AnyVariables } from '@urql/core';
import type { TadaDocumentNode } from 'gql.tada';
import { announce } from '#design/announce.svelte.ts';
import { mutate } from './client.ts';
import type { Problem } from './errors.ts';

/** A change that a button makes: one at a time, with the problem of the last one; who listens is told when it is done. */
export function useDeed() {
  let isBusy = $state(false);
  let problem = $state.raw<Problem>();

  return {
    get isBusy() {
      return isBusy;
    },
    get problem() {
      return problem;
    },
    forget() {
      problem = undefined;
    },
    /** The answer, or undefined when it failed or another one is under way. */
    async run<Data, Variables extends AnyVariables>(
      document: TadaDocumentNode<Data, Variables>,
      variables: Variables,
      done?: string,
    ): Promise<Data | undefined> {
      if (isBusy) return undefined;
      isBusy = true;
      const outcome = await mutate(document, variables);
      isBusy = false;
      problem = outcome.problem;
      if (outcome.data !== undefined && done) announce(done);
      return outcome.data;
    },
  };
}
