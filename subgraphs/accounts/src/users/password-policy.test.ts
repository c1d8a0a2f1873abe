import { expect, test } from 'vitest';
import { passwordProblems } from './password-policy.ts';

const problemsOf = (password: string, email = 'ada@example.com') => passwordProblems(password, email);

test.for(['correct horse battery staple', 'twelve chars', 'ÄÖÜäöüß€😀😀😀😀', 'a'.repeat(500) + 'b'.repeat(500)])(
  'accepts %s',
  password => {
    expect(problemsOf(password)).toEqual([]);
  },
);

test('says that a password is too short, counting characters and not bytes', () => {
  expect(problemsOf('eleven char')).toEqual(['is shorter than 12 characters']);
  expect(problemsOf('😀😁😂🤣😃😄')).toEqual(['is shorter than 12 characters']);
  expect(problemsOf('')).toEqual(['is shorter than 12 characters']);
});

test('says that a password is too long to be one', () => {
  expect(problemsOf('ab'.repeat(501))).toEqual(['is longer than 1000 characters']);
});

test('says that it is one character over and over', () => {
  expect(problemsOf('zzzzzzzzzzzzzzzz')).toEqual(['is one character over and over']);
  expect(problemsOf('😀'.repeat(12))).toEqual(['is one character over and over']);
});

test.for([
  'password1234',
  'Password2026!',
  '123password!!!',
  'passwordpassword',
  'administrator',
  'Administrator1',
  'qwertyuiop123',
  '123456789012',
  '1q2w3e4r5t6y',
  'abcdefghijkl',
  'letmeinletmein',
  'changemechangeme',
])('finds %s among the most common', password => {
  expect(problemsOf(password)).toEqual(['is one of the most common passwords']);
});

test('finds the name part of the e-mail in any case', () => {
  expect(problemsOf('my-Grace-notes', 'GRACE@example.com')).toEqual([
    'contains the part of the e-mail address before the @',
  ]);
});

test('does not mind a name part so short that it is everywhere', () => {
  expect(problemsOf('jolly good evening', 'jo@example.com')).toEqual([]);
  expect(problemsOf('jolly good evening', '@')).toEqual([]);
});

test('lists everything that is wrong', () => {
  expect(problemsOf('aaa', 'aaa@example.com')).toEqual([
    'is shorter than 12 characters',
    'is one character over and over',
    'contains the part of the e-mail address before the @',
  ]);
});
