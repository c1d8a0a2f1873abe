import { Requires } from '@muster/kit/auth/access';
import type { RequestContext } from '@muster/kit/context';
import { Arg, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { DeviceRow } from '../devices/device.entity.ts';
import { Device } from '../devices/device.ts';
import { SetDeviceCustomFieldsPayload } from '../devices/device-change.ts';
import type { CustomFieldRow } from './custom-field.entity.ts';
import {
  CreateCustomFieldInput,
  CreateCustomFieldPayload,
  CustomField,
  CustomFieldValue,
  DeleteCustomFieldInput,
  DeleteCustomFieldPayload,
  SetDeviceCustomFieldsInput,
} from './custom-field.ts';
import type { CustomFields } from './custom-fields.ts';

/** The door to custom fields. */
@Resolver()
export class CustomFieldsResolver {
  readonly #fields: CustomFields;

  constructor(fields: CustomFields) {
    this.#fields = fields;
  }

  @Requires('device:read')
  @Query(() => [CustomField], { description: 'Fields that people have defined for devices, by name; at most 200.' })
  customFields(): Promise<CustomFieldRow[]> {
    return this.#fields.list();
  }

  @Requires('settings:write')
  @Mutation(() => CreateCustomFieldPayload, { description: 'Defines a field for all devices.' })
  async createCustomField(
    @Ctx() context: RequestContext,
    @Arg('input', () => CreateCustomFieldInput) input: CreateCustomFieldInput,
  ): Promise<CreateCustomFieldPayload> {
    return { customField: await this.#fields.create(context, input) };
  }

  @Requires('settings:write')
  @Mutation(() => DeleteCustomFieldPayload, { description: 'Deletes a field with its values on all devices.' })
  async deleteCustomField(
    @Ctx() context: RequestContext,
    @Arg('input', () => DeleteCustomFieldInput) input: DeleteCustomFieldInput,
  ): Promise<DeleteCustomFieldPayload> {
    await this.#fields.delete(context, input.customFieldId);
    return { customFieldId: input.customFieldId };
  }

  @Requires('device:write')
  @Mutation(() => SetDeviceCustomFieldsPayload, { description: 'Notes values of custom fields about a device.' })
  async setDeviceCustomFields(
    @Ctx() context: RequestContext,
    @Arg('input', () => SetDeviceCustomFieldsInput) input: SetDeviceCustomFieldsInput,
  ): Promise<{ device: DeviceRow }> {
    return { device: await this.#fields.set(context, input) };
  }
}

/** What custom fields add to a device. */
@Resolver(() => Device)
export class DeviceCustomFieldsResolver {
  readonly #fields: CustomFields;

  constructor(fields: CustomFields) {
    this.#fields = fields;
  }

  @FieldResolver(() => [CustomFieldValue], { description: 'What is noted about it, by the names of the fields.' })
  customFields(@Root() device: DeviceRow): Promise<CustomFieldValue[]> {
    return this.#fields.valuesOf(device);
  }
}
