import { mayAt, type Place } from '@muster/kit/auth/scope';
import type { Viewer } from '@muster/kit/auth/viewer';
import { AppError } from '@muster/kit/errors';
import type { GrantedRole } from './effective-rights.ts';
import { type GrantScope, placeOf } from './grant-scope.ts';
import type { Permission } from './permissions.ts';

/** Throws FORBIDDEN unless the viewer holds the permission at the place. */
export function requireAt(viewer: Viewer, permission: Permission, place: Place): void {
  if (!mayAt(viewer, permission, place)) throw new AppError('FORBIDDEN', `You do not hold ${permission} there.`);
}

/** Throws FORBIDDEN unless the viewer holds the permission everywhere: for what belongs to no tenant. */
export function requireEverywhere(viewer: Viewer, permission: Permission): void {
  if (!mayAt(viewer, permission, {}))
    throw new AppError('FORBIDDEN', `This concerns every organization, and you do not hold ${permission} everywhere.`);
}

/** Throws FORBIDDEN unless a person, not a key or a machine, asks: who is let in, and to what, is for people to say. */
export function requirePerson(viewer: Viewer): void {
  if (viewer.kind !== 'USER') throw new AppError('FORBIDDEN', 'Only a person who is signed in may do this.');
}

/** Throws FORBIDDEN unless the viewer holds each of the permissions in the whole scope: nobody gives what they lack. */
export function requireHeld(viewer: Viewer, permissions: readonly Permission[], scope: GrantScope): void {
  const missing = permissions.filter(permission => !mayAt(viewer, permission, placeOf(scope)));
  if (missing.length > 0)
    throw new AppError('FORBIDDEN', `Nobody may give or take what they do not hold there: ${missing.join(', ')}.`);
}

/** Throws FORBIDDEN where somebody may do what the viewer may not: who could act for them could rise through them. */
export function requireCovers(viewer: Viewer, theirs: readonly GrantedRole[]): void {
  const isCovered = theirs.every(({ permissions, scope }) =>
    permissions.every(permission => mayAt(viewer, permission, placeOf(scope))),
  );
  if (!isCovered) throw new AppError('FORBIDDEN', 'This person may do things that you may not.');
}
