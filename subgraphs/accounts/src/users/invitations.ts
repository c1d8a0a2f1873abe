import { UniqueConstraintViolationException } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Viewer } from '@muster/kit/auth/viewer';
import type { RequestContext } from '@muster/kit/context';
import { audit } from '@muster/kit/database/database';
import { AppError } from '@muster/kit/errors';
import { newId } from '@muster/kit/ids';
import { requireAt, requireCovers, requireHeld, requirePerson } from '../roles/authority.ts';
import { permissionsOf } from '../roles/built-in-roles.ts';
import { type GrantScope, placeOf } from '../roles/grant-scope.ts';
import { addGrant, findRole } from '../roles/grants.ts';
import { type NamedScope, readScopes } from '../roles/named-scope.ts';
import { grantedTo } from '../roles/rights.ts';
import type { RoleRecord } from '../roles/role.entity.ts';
import type { ClientKind } from '../sessions/client-kind.ts';
import type { OpenedSession, Sessions } from '../sessions/sessions.ts';
import type { Store } from '../store.ts';
import { Problems } from '../validation/problems.ts';
import { nameProblems } from '../validation/text.ts';
import { emailProblems, normalizeEmail } from './email.ts';
import type { OneTimeLink, OneTimeLinks } from './one-time-links.ts';
import { passwordProblems } from './password-policy.ts';
import type { Passwords } from './passwords.ts';
import { UserRecord } from './user.entity.ts';
import type { Users } from './users.ts';

/** What invitations stand on. */
export interface InvitationsDeps {
  readonly store: Store;
  readonly users: Users;
  readonly sessions: Sessions;
  readonly passwords: Passwords;
  readonly links: OneTimeLinks;
  readonly now: () => Date;
}

/** Somebody to be let in, and to what. */
export interface NewPerson {
  readonly email: string;
  readonly name: string;
  readonly roleId: string;
  readonly scopes: readonly NamedScope[];
}

/** A role in some places, checked against what the inviter holds. */
export interface InitialRights {
  readonly role: RoleRecord;
  readonly scopes: readonly GrantScope[];
}

/** What somebody who was invited says. */
export interface Acceptance {
  readonly token: string;
  readonly name?: string | null | undefined;
  readonly password: string;
  readonly clientKind: ClientKind;
}

/** A person who is invited; the link is there only where no mail brought it. */
export interface Invited {
  readonly user: UserRecord;
  readonly link: string | null;
  readonly expiresAt: Date;
}

/** Letting people in: by a link that works once, with rights that the inviter holds too. */
export class Invitations {
  readonly #deps: InvitationsDeps;

  constructor(deps: InvitationsDeps) {
    this.#deps = deps;
  }

  async invite(person: NewPerson, context: RequestContext): Promise<Invited> {
    requirePerson(context.viewer);
    validate(person);
    const rights = await this.rightsFor(person, context.viewer);
    const { email, name } = person;
    const made = await this.#deps.store
      .asService()
      .transactional(em => this.add(em, { email, name, rights }, { context, action: 'user.invited' }));
    return this.handOver(made);
  }

  /** The rights that an inviter names, or refuses what the inviter does not hold. */
  async rightsFor(named: Pick<NewPerson, 'roleId' | 'scopes'>, viewer: Viewer): Promise<InitialRights> {
    const em = this.#deps.store.as(viewer, 'user:invite');
    const role = await findRole(em, named.roleId);
    const scopes = await readScopes(em, named.scopes);
    for (const scope of scopes) {
      requireAt(viewer, 'user:invite', placeOf(scope));
      requireHeld(viewer, permissionsOf(role), scope);
    }
    return { role, scopes: unique(scopes) };
  }

  /** Adds the person inside the caller's transaction, with one audit row for all of it. */
  async add(
    em: EntityManager,
    person: { readonly email: string; readonly name: string; readonly rights: InitialRights },
    call: { readonly context: RequestContext; readonly action: string },
  ): Promise<{ user: UserRecord; link: OneTimeLink }> {
    const { role, scopes } = person.rights;
    const user = await this.#insert(em, person);
    const link = await this.#deps.links.make(em, user, 'INVITATION');
    await audit(em, call.context, {
      action: call.action,
      organizationId: onlyOrganizationOf(scopes),
      target: { type: 'User', id: user.id },
      details: { email: user.email, name: user.name, role: role.name, scopes },
    });
    return { user, link };
  }

  /** Mails the link, or answers it to be handed over by who asked. */
  async handOver({ user, link }: { user: UserRecord; link: OneTimeLink }): Promise<Invited> {
    const isMailed = await this.#deps.links.mail({
      to: user.email,
      subject: 'You are invited to Muster',
      text: `Hello ${user.name},\n\nopen this link to choose a password and sign in:\n\n${link.url}\n\nIt works once, until ${link.expiresAt.toUTCString()}.\n`,
    });
    return { user, link: isMailed ? null : link.url, expiresAt: link.expiresAt };
  }

  /** A new link for somebody who has not accepted; the old one stops working. */
  async renew(userId: string, context: RequestContext): Promise<Invited> {
    const { store, users, links } = this.#deps;
    requirePerson(context.viewer);
    const { id } = await users.require(userId, context.viewer, 'user:invite');
    const made = await store.asService().transactional(async em => {
      const user = await em.findOneOrFail(UserRecord, id);
      requireCovers(context.viewer, await grantedTo(em, id));
      if (user.status !== 'INVITED')
        throw new AppError('PRECONDITION_FAILED', 'This person is not waiting for an invitation.');
      await audit(em, context, { action: 'invitation.renewed', target: { type: 'User', id } });
      return { user, link: await links.make(em, user, 'INVITATION') };
    });
    return this.handOver(made);
  }

  /** Makes who bears the token a person who can sign in, and signs them in. */
  async accept(input: Acceptance, context: RequestContext): Promise<OpenedSession> {
    const { store, links, passwords, sessions } = this.#deps;
    const em = store.asService();
    const invited = await links.bearerOf(em, input.token, 'INVITATION');
    const name = input.name ?? invited.name;
    const problems = new Problems();
    problems.add('input.name', nameProblems(name));
    problems.add('input.password', passwordProblems(input.password, invited.email));
    problems.throwIfAny();
    const passwordHash = await passwords.hash(input.password);
    return em.fork().transactional(async inner => {
      const user = await links.redeem(inner, input.token, 'INVITATION');
      inner.assign(user, { name: name.trim(), status: 'ACTIVE', passwordHash });
      await inner.flush();
      const { clientKind: kind } = input;
      const session = await sessions.open(inner, user, { kind, remoteAddress: context.remoteAddress });
      await audit(
        inner,
        { ...context, viewer: session.viewer },
        { action: 'invitation.accepted', target: { type: 'User', id: user.id }, details: { clientKind: kind } },
      );
      return session;
    });
  }

  async #insert(
    em: EntityManager,
    { email, name, rights }: { readonly email: string; readonly name: string; readonly rights: InitialRights },
  ): Promise<UserRecord> {
    const at = this.#deps.now();
    const id = newId();
    const facts = { id, email: normalizeEmail(email), name: name.trim(), createdAt: at, passwordHash: null };
    try {
      await em.insert(UserRecord, { ...facts, status: 'INVITED' });
    } catch (error) {
      if (!(error instanceof UniqueConstraintViolationException)) throw error;
      throw new AppError('CONFLICT', 'There is a person with this e-mail already.', { cause: error });
    }
    for (const scope of rights.scopes) await addGrant(em, { userId: id, role: rights.role, scope, at });
    return em.findOneOrFail(UserRecord, id);
  }
}

function validate({ email, name }: Pick<NewPerson, 'email' | 'name'>): void {
  const problems = new Problems();
  problems.add('input.email', emailProblems(email));
  problems.add('input.name', nameProblems(name));
  problems.throwIfAny();
}

function unique(scopes: readonly GrantScope[]): GrantScope[] {
  return [...new Map(scopes.map(scope => [JSON.stringify(scope), scope])).values()];
}

/** The tenant in whose trail the invitation stands; one into several is in everybody's who sees everything. */
function onlyOrganizationOf(scopes: readonly GrantScope[]): string | undefined {
  const ids = new Set(scopes.map(scope => ('organizationId' in scope ? scope.organizationId : undefined)));
  return ids.size === 1 ? [...ids][0] : undefined;
}
