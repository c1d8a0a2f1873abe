import { type Client, createClient, type ExecutionResult } from 'graphql-ws';
import WebSocket from 'ws';

/** An answer of the public graph over HTTP. */
export interface Answer<T> {
  readonly status: number;
  readonly data?: T;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions: { readonly code: string; readonly fields?: unknown };
  }[];
}

/** A caller of the public graph, as a script outside would be. */
export class GraphCaller implements AsyncDisposable {
  readonly #url: string;
  readonly #token: string | undefined;
  readonly #socket: Client;

  constructor(url: string, token?: string) {
    this.#url = url;
    this.#token = token;
    this.#socket = createClient({
      url: `${url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: Number.POSITIVE_INFINITY,
      shouldRetry: () => true,
      retryWait: () => new Promise(resolve => setTimeout(resolve, 200)),
      ...(token && { connectionParams: { token } }),
    });
  }

  /** The answer to one operation over HTTP. */
  async ask<T = Record<string, unknown>>(query: string, variables?: object): Promise<Answer<T>> {
    const response = await fetch(`${this.#url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(this.#token && { authorization: `Bearer ${this.#token}` }) },
      body: JSON.stringify({ query, variables }),
    });
    return { status: response.status, ...((await response.json()) as object) };
  }

  /** The data of one operation, or throws the first error. */
  async data<T = Record<string, never>>(query: string, variables?: object): Promise<T> {
    const { data, errors } = await this.ask<T>(query, variables);
    if (errors?.[0]) throw Object.assign(new Error(errors[0].message), { code: errors[0].extensions.code });
    return data as T;
  }

  /** Events of a subscription; leave the loop to unsubscribe. */
  async *events<T>(query: string, variables?: Record<string, unknown>): AsyncGenerator<T, void, void> {
    for await (const { data, errors } of this.#socket.iterate({
      query,
      ...(variables && { variables }),
    }) as AsyncIterable<ExecutionResult<T>>) {
      if (errors?.[0]) throw Object.assign(new Error(errors[0].message), { extensions: errors[0].extensions });
      yield data as T;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#socket.dispose();
  }
}

const SETUP = 'mutation ($input: CompleteSetupInput!) { completeSetup(input: $input) { token } }';

/** The first administrator of a fresh stack. */
export const administrator = {
  email: 'ada@example.org',
  name: 'Ada Lovelace',
  password: 'correct horse battery staple',
  organizationName: 'Acme Dental',
};

/** Completes the set-up by script and answers a caller with the administrator's token. */
export async function setUp(stack: { readonly url: string; readonly secret: string }): Promise<GraphCaller> {
  await using anybody = new GraphCaller(stack.url);
  const input = { ...administrator, secret: stack.secret, clientKind: 'CLI' };
  const { completeSetup } = await anybody.data<{ completeSetup: { token: string } }>(SETUP, { input });
  return new GraphCaller(stack.url, completeSetup.token);
}
