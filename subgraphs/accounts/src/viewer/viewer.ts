import type { Viewer as Caller } from '@muster/kit/auth/viewer';
import { Directive, Field, ID, ObjectType, registerEnumType } from 'type-graphql';

/** What a caller can be in the graph. */
export const ViewerKind = { ANONYMOUS: 'ANONYMOUS', USER: 'USER', API_KEY: 'API_KEY', DEVICE: 'DEVICE' } as const;
registerEnumType(ViewerKind, { name: 'ViewerKind', description: 'What a caller can be.' });

/** The caller in the graph; made from what the router has verified. */
@ObjectType({ description: 'The caller.' })
export class Viewer implements Pick<Caller, 'id' | 'permissions'> {
  readonly id!: string;
  readonly kind!: Caller['kind'];

  @Field(() => [String], { description: 'Names of everything the caller may do, `noun:verb`.' })
  readonly permissions!: readonly string[];
}

/** A device, as far as accounts knows one: its id. */
@Directive('@key(fields: "id", resolvable: false)')
@ObjectType({ description: 'A machine that has enrolled.' })
export class Device {
  @Field(() => ID)
  readonly id!: string;
}
