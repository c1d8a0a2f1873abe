import { Directive } from 'type-graphql';

type AnyDecorator = PropertyDecorator & MethodDecorator & ClassDecorator;

/** Marks a root field that anybody may call; the router lets no unmarked field through. */
export const Public = (): AnyDecorator => Directive('@tag(name: "public")') as AnyDecorator;

/** Demands any signed-in caller, in the router (directive) and in this service (enforceAccess reads the same directive). */
export const Authenticated = (): AnyDecorator => Directive('@authenticated') as AnyDecorator;

/** Demands the permission for a field, or for every way to objects of a type, in the router and in this service. */
export const Requires = (permission: string): AnyDecorator =>
  Directive(`@requiresScopes(scopes: [["${permission}"]])`) as AnyDecorator;
