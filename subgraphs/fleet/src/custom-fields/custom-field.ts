import { Requires } from '@muster/kit/auth/access';
import { Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import { enumOf } from '../enum.ts';
import { CUSTOM_FIELD_KINDS, type CustomFieldKindName, type CustomFieldRow } from './custom-field.entity.ts';

/** CustomFieldKind as a GraphQL enum. */
export const CustomFieldKind = enumOf(CUSTOM_FIELD_KINDS);
registerEnumType(CustomFieldKind, { name: 'CustomFieldKind', description: 'Kind of a custom field’s values.' });

/** Something that people want to note about every device. */
@Requires('device:read')
@ObjectType({
  description: 'Something that people want to note about every device: a cost centre, the end of a lease.',
})
export class CustomField {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  name!: string;

  @Field(() => CustomFieldKind)
  kind!: CustomFieldKindName;

  @Field(() => String, { nullable: true })
  description!: string | null;
}

/** What is noted about one device. */
@ObjectType({ description: 'What is noted about one device.' })
export class CustomFieldValue {
  @Field(() => CustomField)
  field!: CustomFieldRow;

  @Field(() => String, { description: 'As text, whatever its kind: `4711`, `true`.' })
  value!: string;
}

/** A field to define. */
@InputType({ description: 'A field to define.' })
export class CreateCustomFieldInput {
  @Field(() => String, { description: '1 to 100 characters, of one field only.' })
  name!: string;

  @Field(() => CustomFieldKind)
  kind!: CustomFieldKindName;

  @Field(() => String, { nullable: true })
  description?: string | null;
}

/** Which field to delete. */
@InputType({ description: 'Which field to delete, with its values on all devices.' })
export class DeleteCustomFieldInput {
  @Field(() => ID)
  customFieldId!: string;
}

/** One value to note. */
@InputType({ description: 'One value to note.' })
export class CustomFieldValueInput {
  @Field(() => ID)
  customFieldId!: string;

  @Field(() => String, { nullable: true, description: 'As text; null removes the value.' })
  value?: string | null;
}

/** What to note about a device. */
@InputType({ description: 'What to note about a device; fields that are not listed stay.' })
export class SetDeviceCustomFieldsInput {
  @Field(() => ID)
  deviceId!: string;

  @Field(() => [CustomFieldValueInput])
  values!: CustomFieldValueInput[];
}

/** The defined field. */
@ObjectType({ description: 'The defined field.' })
export class CreateCustomFieldPayload {
  @Field(() => CustomField)
  customField!: CustomFieldRow;
}

/** The field that is no more. */
@ObjectType({ description: 'The field that is no more.' })
export class DeleteCustomFieldPayload {
  @Field(() => ID)
  customFieldId!: string;
}
