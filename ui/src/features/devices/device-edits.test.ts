import { describe, expect, it } from 'vitest';
import { tagsOfText } from './device-edits.ts';

describe('tagsOfText', () => {
  it('parts tags by commas and spaces, each once', () => {
    expect(tagsOfText(' prod, web  prod,\ndb ')).toEqual(['prod', 'web', 'db']);
    expect(tagsOfText(' , ')).toEqual([]);
  });
});
