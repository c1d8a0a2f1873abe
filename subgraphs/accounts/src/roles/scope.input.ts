import { Field, ID, InputType, registerEnumType } from 'type-graphql';
import { type GrantScope, scopeKinds } from './grant-scope.ts';

/** Kinds of scopes in the graph. */
export const ScopeKind = Object.fromEntries(scopeKinds.map(kind => [kind, kind])) as {
  readonly [K in GrantScope['kind']]: K;
};
registerEnumType(ScopeKind, {
  name: 'ScopeKind',
  description: 'What kind of place rights hold in.',
  valuesConfig: {
    ALL: { description: 'Every organization, and what belongs to none.' },
    ORGANIZATION: { description: 'One organization with everything in it.' },
    SITE: { description: 'One site and the devices that stand there.' },
    TAG: { description: 'Devices that carry the tag, in every organization.' },
    DEVICE: { description: 'One device.' },
  },
});

/** A place as callers name it. */
@InputType({ description: 'Where rights hold: the kind, and the one field that the kind asks for.' })
export class ScopeInput {
  @Field(() => ScopeKind)
  readonly kind!: GrantScope['kind'];

  @Field(() => ID, { nullable: true, description: 'Of kind ORGANIZATION.' })
  readonly organizationId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Of kind SITE.' })
  readonly siteId?: string | null;

  @Field(() => String, { nullable: true, description: 'Of kind TAG.' })
  readonly tag?: string | null;

  @Field(() => ID, { nullable: true, description: 'Of kind DEVICE.' })
  readonly deviceId?: string | null;
}
