import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { TrustedProxies } from './trusted-proxies.ts';

const proxies = new TrustedProxies(['10.0.0.0/8', '192.0.2.7', 'fd00::/8']);

const request = (remoteAddress: string, forwardedFor?: string, proto?: string): IncomingMessage =>
  ({
    headers: { 'x-forwarded-for': forwardedFor, 'x-forwarded-proto': proto },
    socket: { remoteAddress },
  }) as unknown as IncomingMessage;

test.each([
  ['nobody else', request('203.0.113.9', '198.51.100.1', 'https'), '203.0.113.9', false],
  ['a network', request('10.1.2.3', '198.51.100.1', 'https'), '198.51.100.1', true],
  ['an address', request('192.0.2.7', '198.51.100.1'), '198.51.100.1', false],
  ['an IPv4 address on an IPv6 socket', request('::ffff:10.1.2.3', '198.51.100.1'), '198.51.100.1', false],
  ['an IPv6 network', request('fd00::1', '2001:db8::5'), '2001:db8::5', false],
  ['a proxy behind a proxy', request('10.1.2.3', '198.51.100.1, 10.9.9.9'), '198.51.100.1', false],
  ['a proxy that says nothing', request('10.1.2.3'), '10.1.2.3', false],
])('believes %s as it should', (_, from, ...[remoteAddress, isTls]) => {
  expect(proxies.originOf(from)).toEqual({ remoteAddress, isTls });
});

test('ignores what the caller itself wrote in front of what its proxy added', () => {
  expect(proxies.originOf(request('10.1.2.3', '127.0.0.1, 198.51.100.1')).remoteAddress).toBe('198.51.100.1');
  expect(proxies.originOf(request('10.1.2.3', '198.51.100.1, <script>')).remoteAddress).toBe('10.1.2.3');
});

test('believes nobody unless told', () => {
  expect(new TrustedProxies().originOf(request('127.0.0.1', '198.51.100.1', 'https'))).toEqual({
    remoteAddress: '127.0.0.1',
    isTls: false,
  });
});

test.each(['10.0.0.0/33', '10.0.0/8', 'proxy.example', '10.0.0.0/', '10.0.0.0/x', ''])('refuses %j', network => {
  expect(() => new TrustedProxies([network])).toThrow('is neither an address nor a network');
});
