import { Requires } from '@muster/kit/auth/access';
import { DateTime } from '@muster/kit/scalars';
import { Arg, Directive, Field, ObjectType, Query, Resolver } from 'type-graphql';
import type { DeviceCredentials } from './device-credential.ts';

/** Who a device credential belongs to; for the router only. */
@Directive('@inaccessible')
@ObjectType({ description: 'Who a device credential belongs to.' })
export class DeviceAuthentication {
  @Field(() => String, { description: 'The viewer as JSON.' })
  viewer!: string;

  @Field(() => DateTime)
  expiresAt!: Date;
}

/** The router's question. */
@Resolver()
export class AuthenticationResolver {
  readonly #credentials: DeviceCredentials;

  constructor(credentials: DeviceCredentials) {
    this.#credentials = credentials;
  }

  @Directive('@inaccessible')
  @Requires('internal:router')
  @Query(() => DeviceAuthentication, {
    nullable: true,
    description: 'Resolves a token that a device has signed; only the router asks.',
  })
  async deviceAuthentication(
    @Arg('credential', () => String) credential: string,
  ): Promise<DeviceAuthentication | null> {
    const result = await this.#credentials.verify(credential);
    return result && { viewer: JSON.stringify(result.viewer), expiresAt: result.expiresAt };
  }
}
