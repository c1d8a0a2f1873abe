import { type ConstDirectiveNode, type ConstValueNode, Kind } from 'graphql';
import { AppError } from '../errors.ts';
import { hasPermission, type Viewer } from './viewer.ts';

/** What a field or type demands: nothing, any signed-in caller, or (outer list = or, inner list = and) permissions. */
export interface Requirement {
  readonly isAuthenticated: boolean;
  readonly scopes: readonly (readonly string[])[];
}

/** Reads `@authenticated` and `@requiresScopes` as Federation defines them; undefined where neither stands. */
export function requirementOf(directives: readonly ConstDirectiveNode[] = []): Requirement | undefined {
  const named = (name: string) => directives.find(directive => directive.name.value === name);
  const scopes = named('requiresScopes')?.arguments?.find(argument => argument.name.value === 'scopes')?.value;
  if (scopes) return { isAuthenticated: true, scopes: listOf(scopes).map(group => listOf(group).map(textOf)) };
  return named('authenticated') ? { isAuthenticated: true, scopes: [] } : undefined;
}

/** True where a field carries the mark for anybody. */
export function isPublic(directives: readonly ConstDirectiveNode[] = []): boolean {
  return directives.some(
    directive =>
      directive.name.value === 'tag' && directive.arguments?.some(argument => textOf(argument.value) === 'public'),
  );
}

/** The error for a viewer who does not meet the requirement, or undefined. */
export function denialOf(viewer: Viewer, requirement: Requirement, where: string): AppError | undefined {
  const isKnown = viewer.kind !== 'ANONYMOUS';
  if (!isKnown) return new AppError('UNAUTHENTICATED', `Sign in to use ${where}.`);
  const { scopes } = requirement;
  const isMet =
    scopes.length === 0 || scopes.some(group => group.every(permission => hasPermission(viewer, permission)));
  return isMet
    ? undefined
    : new AppError('FORBIDDEN', `${where} needs ${scopes.map(group => group.join(' and ')).join(' or ')}.`);
}

const listOf = (node: ConstValueNode): readonly ConstValueNode[] => (node.kind === Kind.LIST ? node.values : [node]);
const textOf = (node: ConstValueNode): string => (node.kind === Kind.STRING ? node.value : '');
