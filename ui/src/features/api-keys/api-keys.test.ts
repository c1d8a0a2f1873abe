import { describe, expect, it } from 'vitest';
import { curlExample, expiryAfter } from './api-keys.ts';

describe('expiryAfter', () => {
  it('counts whole days from now', () => {
    expect(expiryAfter('30', Date.parse('2026-03-01T12:00:00Z'))).toBe('2026-03-31T12:00:00.000Z');
  });
});

describe('curlExample', () => {
  it('carries the address, the key and a JSON body', () => {
    const text = curlExample('https://muster.example', 'muster_key_abc');
    expect(text).toContain('https://muster.example/graphql');
    expect(text).toContain("'Authorization: Bearer muster_key_abc'");
    expect(JSON.parse(/-d '(.*)'/.exec(text)?.[1] ?? '')).toHaveProperty('query');
  });
});
