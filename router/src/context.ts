import type { RequestContext } from '@muster/kit/context';

/** A call as the router knows it: beside viewer and facts, what it was made with and whether a cookie can answer it. */
export interface RouterContext extends RequestContext {
  readonly credential?: string | undefined;
  readonly canKeepCookie: boolean;
}
