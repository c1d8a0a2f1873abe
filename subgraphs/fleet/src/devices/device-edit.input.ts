import { Field, ID, InputType } from 'type-graphql';

/** Which device to cut off. */
@InputType({ description: 'Which device to cut off.' })
export class RevokeDeviceInput {
  @Field(() => ID)
  deviceId!: string;
}

/** Which device to let in. */
@InputType({ description: 'Which device to let in.' })
export class ApproveDeviceInput {
  @Field(() => ID)
  deviceId!: string;
}

/** Which device not to let in. */
@InputType({ description: 'Which device not to let in.' })
export class RejectDeviceInput {
  @Field(() => ID)
  deviceId!: string;
}

/** Which device goes where. */
@InputType({ description: 'Which device goes where.' })
export class MoveDeviceInput {
  @Field(() => ID)
  deviceId!: string;

  @Field(() => ID, { description: 'A site in sight; one of another organization takes the device there.' })
  siteId!: string;
}

/** How people call a device. */
@InputType({ description: 'How people call a device.' })
export class RenameDeviceInput {
  @Field(() => ID)
  deviceId!: string;

  @Field(() => String, { nullable: true, description: 'Up to 100 characters; null goes back to the hostname.' })
  displayName?: string | null;
}

/** All tags of a device. */
@InputType({ description: 'All tags of a device; what is not listed is taken off.' })
export class SetDeviceTagsInput {
  @Field(() => ID)
  deviceId!: string;

  @Field(() => [String], {
    description: 'Up to 50 of up to 64 characters; kept in lower case, once each, in order of the alphabet.',
  })
  tags!: string[];
}

/** What people note about a device. */
@InputType({ description: 'What people note about a device.' })
export class SetDeviceNotesInput {
  @Field(() => ID)
  deviceId!: string;

  @Field(() => String, { nullable: true, description: 'Up to 20,000 characters; null removes the notes.' })
  notes?: string | null;
}

/** Which device to ask. */
@InputType({ description: 'Which device to ask.' })
export class RefreshInventoryInput {
  @Field(() => ID)
  deviceId!: string;
}
