import { GraphQLError } from 'graphql';
import { expect, test, vi } from 'vitest';
import { AppError, badInput, errorCatalogue } from './errors.ts';
import { maskError, maskFormatted } from './masking.ts';

test('an error of the catalogue reaches the caller with its code and fields', () => {
  expect(maskError(badInput('input.name', 'is empty'))).toEqual({
    message: 'input.name: is empty',
    extensions: { code: 'BAD_USER_INPUT', isRetriable: false, fields: [{ path: 'input.name', problem: 'is empty' }] },
  });
});

test('an error that time heals says how much, also when another service said it', () => {
  const error = new AppError('RATE_LIMITED', 'Too many calls.', { retryAfterSeconds: 3 });
  const extensions = { code: 'RATE_LIMITED', isRetriable: true, retryAfterSeconds: 3 };

  expect(maskError(error)).toEqual({ message: 'Too many calls.', extensions });
  expect(maskFormatted({ message: 'Too many calls.', extensions })).toEqual({ message: 'Too many calls.', extensions });
});

test('an error inside a resolver keeps its path', () => {
  const wrapped = new GraphQLError('x', {
    path: ['device'],
    originalError: new AppError('NOT_FOUND', 'There is no such device.'),
  });

  expect(maskError(wrapped)).toMatchObject({ path: ['device'], extensions: { code: 'NOT_FOUND' } });
});

test.each([
  ['a plain error', new Error('boom at 10.0.0.7:5432')],
  [
    'an error of a library in a resolver',
    new GraphQLError('select * from secret', { originalError: new Error('boom') }),
  ],
  [
    'an unknown code',
    new GraphQLError('10.0.0.7', {
      extensions: { code: 'DOWNSTREAM', response: { url: 'http://10.0.0.7' } },
      originalError: new Error(),
    }),
  ],
  ['no error at all', 'text'],
])('%s becomes INTERNAL without a word of its own, and is told to the log', (_what, error) => {
  const onDefect = vi.fn();

  const masked = maskError(error, onDefect);

  expect(masked.extensions?.code).toBe('INTERNAL');
  expect(JSON.stringify(masked)).not.toMatch(/10\.0\.0\.7|select|boom|at /);
  expect(onDefect).toHaveBeenCalledWith(error);
});

test('a mistake in the document is the caller’s own and says what is wrong', () => {
  const problem = new GraphQLError('Cannot query field "x"', { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } });

  expect(maskError(problem)).toMatchObject({
    message: 'Cannot query field "x"',
    extensions: { code: 'BAD_USER_INPUT' },
  });
});

test('what another service answered keeps the catalogue’s part of its extensions only', () => {
  const answered = { message: 'no', extensions: { code: 'FORBIDDEN', stacktrace: ['secret'], fields: [] } };

  expect(maskFormatted(answered)).toEqual({
    message: 'no',
    extensions: { code: 'FORBIDDEN', isRetriable: false, fields: [] },
  });
  expect(maskFormatted({ message: 'stack', extensions: {} }).extensions?.code).toBe('INTERNAL');
});

test('every code says what it means and with which status it goes', () => {
  for (const { meaning, status } of Object.values(errorCatalogue)) {
    expect(meaning).toMatch(/^[A-Z].*\.$|`\.$/);
    expect(status).toBeGreaterThanOrEqual(200);
  }
});

test.each([
  ['a refused connection', Object.assign(new Error('connect ECONNREFUSED 10.0.0.7:5432'), { code: 'ECONNREFUSED' })],
  [
    'a server that stops',
    new Error('query failed', { cause: Object.assign(new Error('terminating'), { code: '57P01' }) }),
  ],
  [
    'a connection cut in a query',
    new GraphQLError('x', { originalError: new Error('Connection terminated unexpectedly') }),
  ],
])('%s is SERVICE_UNAVAILABLE, and worth another try', (_what, error) => {
  expect(maskError(error)).toMatchObject({
    message: 'The database does not answer.',
    extensions: { code: 'SERVICE_UNAVAILABLE', isRetriable: true },
  });
});
