import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { type ApolloServer, HeaderMap } from '@apollo/server';
import { AppError, errorCatalogue, findAppError } from './errors.ts';

/** What stands around GraphQL on an HTTP server. */
export interface HttpListenerOptions<C extends object> {
  readonly maxBodyBytes: number;
  /** The call's context; what it throws is answered as a GraphQL error. */
  readonly context: (request: IncomingMessage, response: ServerResponse, body: unknown) => Promise<C>;
  /** Adds headers once the context has collected its effects. */
  readonly decorate?: (context: C, response: ServerResponse, request: IncomingMessage) => void;
  /** Any path but /graphql; answers true where it took the request. */
  readonly route?: (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>;
  readonly onDefect: (error: unknown) => void;
}

/** Apollo Server on bare node:http through its public integration API, with every failure a catalogue error in JSON. */
export function createHttpListener<C extends object>(
  apollo: ApolloServer<C>,
  options: HttpListenerOptions<C>,
): RequestListener {
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [pathname = '/', search = ''] = splitUrl(request.url);
    if (pathname !== '/graphql') {
      if (!(await options.route?.(request, response)))
        sendError(response, new AppError('NOT_FOUND', 'There is nothing here.'), 404);
      return;
    }
    const body = request.method === 'POST' ? await readJson(request, options.maxBodyBytes) : undefined;
    const context = await options.context(request, response, body);
    const result = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method: request.method ?? 'GET', headers: headersOf(request), search, body },
      context: async () => context,
    });
    options.decorate?.(context, response, request);
    for (const [name, value] of result.headers) response.setHeader(name, value);
    response.writeHead(result.status ?? 200);
    if (result.body.kind === 'complete') return void response.end(result.body.string);
    for await (const chunk of result.body.asyncIterator) response.write(chunk);
    response.end();
  };
  return (request, response) => {
    answer(request, response).catch(error => {
      const known = findAppError(error);
      if (!known) options.onDefect(error);
      sendError(response, known ?? new AppError('INTERNAL', 'Something went wrong inside Muster.'));
    });
  };
}

/** Answers one catalogue error as a GraphQL response. */
export function sendError(
  response: ServerResponse,
  error: AppError,
  status: number = errorCatalogue[error.code].status,
): void {
  if (response.headersSent) return void response.destroy();
  const { retryAfterSeconds } = error.extensions;
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    ...(status === 413 && { connection: 'close' }),
    ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
  });
  response.end(JSON.stringify({ errors: [{ message: error.message, extensions: error.extensions }] }));
}

async function readJson(request: IncomingMessage, maxBytes: number): Promise<unknown> {
  const text = await readBody(request, maxBytes);
  if (!/^application\/(graphql-response\+)?json\b/i.test(request.headers['content-type'] ?? '')) return text;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError('BAD_USER_INPUT', 'The request body is not valid JSON.', { cause });
  }
}

async function readBody(request: IncomingMessage, maxBytes: number): Promise<string> {
  const encoding = request.headers['content-encoding'] ?? 'identity';
  // unpacked it could be a thousand times as large
  if (encoding !== 'identity') throw new AppError('BAD_USER_INPUT', 'Send the body without a content-encoding.');
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size > maxBytes) throw new AppError('LIMIT_EXCEEDED', `The request body is larger than ${maxBytes} bytes.`);
    parts.push(part);
  }
  return decode(Buffer.concat(parts));
}

function decode(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new AppError('BAD_USER_INPUT', 'The request body is not valid UTF-8.');
  return bytes.toString('utf8');
}

function headersOf(request: IncomingMessage): HeaderMap {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return headers;
}

function splitUrl(url = '/'): [string, string] {
  const query = url.indexOf('?');
  return query < 0 ? [url, ''] : [url.slice(0, query), url.slice(query)];
}
