import { describe, expect, it } from 'vitest';
import { paramsOfQuestion, questionOfParams, variablesOfQuestion } from './explain.ts';

const question = { userId: 'u1', permission: 'device:read', where: 'SITE:s1' };

describe('a question and its address', () => {
  it('are the same thing', () => {
    expect(questionOfParams(new URLSearchParams(paramsOfQuestion(question)))).toEqual(question);
  });

  it('leave out what is plain', () => {
    expect(paramsOfQuestion({ userId: '', permission: '', where: 'ALL' })).toBe('');
  });
});

describe('variablesOfQuestion', () => {
  it('names the place as the graph does', () => {
    expect(variablesOfQuestion(question)).toEqual({ userId: 'u1', permission: 'device:read', siteId: 's1' });
    expect(variablesOfQuestion({ ...question, where: 'TAG:prod' })).toHaveProperty('tags', ['prod']);
    expect(variablesOfQuestion({ ...question, where: 'ALL' })).toEqual({ userId: 'u1', permission: 'device:read' });
  });

  it('waits for the whole question', () => {
    expect(variablesOfQuestion({ ...question, userId: '' })).toBeNull();
    expect(variablesOfQuestion({ ...question, where: 'TAG:' })).toBeNull();
  });
});
