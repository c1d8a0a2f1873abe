import { describe, expect, test } from 'vitest';
import { logInPath, nextPath, secretOfFragment } from './next-path.ts';

const origin = 'https://muster.example.org';

describe('nextPath', () => {
  test('goes back to where the person was', () => {
    expect(nextPath('/devices?q=web&status=offline', origin)).toBe('/devices?q=web&status=offline');
  });

  test.each([
    null,
    '',
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    'javascript:alert(1)',
    '/login?next=/login',
  ])('does not follow %s', next => {
    expect(nextPath(next, origin)).toBe('/');
  });
});

test('logInPath and nextPath are each other’s way back', () => {
  const path = logInPath({ pathname: '/devices/a', search: '?q=1&b=2' });

  expect(nextPath(new URL(path, origin).searchParams.get('next'), origin)).toBe('/devices/a?q=1&b=2');
  expect(logInPath({ pathname: '/', search: '' })).toBe('/login');
});

test('finds the secret in the fragment', () => {
  expect(secretOfFragment('#secret=a%2Bb-_9')).toBe('a+b-_9');
  expect(secretOfFragment('#other=1')).toBe('');
  expect(secretOfFragment('')).toBe('');
});
