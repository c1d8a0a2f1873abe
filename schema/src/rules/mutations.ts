import { print } from 'graphql';
import { type PlacedField, rootFieldsOf } from './fields.ts';
import type { Problem, Rule } from './rule.ts';

/** Answers that several ways of signing in share; every other mutation answers with a payload of its own. */
const SHARED_ANSWERS: Readonly<Record<string, string>> = {
  logIn: 'LogInResult!',
  completeSetup: 'LogInPayload!',
  acceptInvitation: 'LogInPayload!',
};

/** Mutations are `verbNoun(input: VerbNounInput!): VerbNounPayload!`; one without any input takes no argument. */
export const checkMutations: Rule = definitions =>
  rootFieldsOf(definitions)
    .filter(({ where }) => where.startsWith('Mutation.'))
    .flatMap(check);

function check({ where, field }: PlacedField): Problem[] {
  const name = field.name.value;
  const pascal = name.charAt(0).toUpperCase() + name.slice(1);
  const answer = SHARED_ANSWERS[name] ?? `${pascal}Payload!`;
  const given = (field.arguments ?? []).map(argument => `${argument.name.value}: ${print(argument.type)}`).join(', ');
  const wanted = `input: ${pascal}Input!`;
  const problems: Problem[] = [];
  if (!/^[a-z]+[A-Z]/.test(name)) problems.push({ where, problem: 'is not named by a verb and a noun' });
  if (given !== '' && given !== wanted) problems.push({ where, problem: `takes (${given}), not (${wanted})` });
  if (print(field.type) !== answer) problems.push({ where, problem: `answers ${print(field.type)}, not ${answer}` });
  return problems;
}
