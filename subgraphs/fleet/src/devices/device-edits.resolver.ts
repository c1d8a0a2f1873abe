import { Requires } from '@muster/kit/auth/access';
import type { RequestContext } from '@muster/kit/context';
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { DeviceRow } from './device.entity.ts';
import {
  ApproveDevicePayload,
  MoveDevicePayload,
  RefreshInventoryPayload,
  RejectDevicePayload,
  RenameDevicePayload,
  RevokeDevicePayload,
  SetDeviceNotesPayload,
  SetDeviceTagsPayload,
} from './device-change.ts';
import {
  ApproveDeviceInput,
  MoveDeviceInput,
  RefreshInventoryInput,
  RejectDeviceInput,
  RenameDeviceInput,
  RevokeDeviceInput,
  SetDeviceNotesInput,
  SetDeviceTagsInput,
} from './device-edit.input.ts';
import type { DeviceEdits } from './device-edits.ts';

type Edited = Promise<{ device: DeviceRow }>;

/** The door to changing devices. */
@Resolver()
export class DeviceEditsResolver {
  readonly #edits: DeviceEdits;

  constructor(edits: DeviceEdits) {
    this.#edits = edits;
  }

  @Requires('device:revoke')
  @Mutation(() => RevokeDevicePayload, { description: 'Cuts a device off for good.' })
  async revokeDevice(
    @Ctx() context: RequestContext,
    @Arg('input', () => RevokeDeviceInput) input: RevokeDeviceInput,
  ): Edited {
    return { device: await this.#edits.revoke(context, input.deviceId) };
  }

  @Requires('device:enroll')
  @Mutation(() => ApproveDevicePayload, { description: 'Lets in a device that waits for approval.' })
  async approveDevice(
    @Ctx() context: RequestContext,
    @Arg('input', () => ApproveDeviceInput) input: ApproveDeviceInput,
  ): Edited {
    return { device: await this.#edits.approve(context, input.deviceId) };
  }

  @Requires('device:enroll')
  @Mutation(() => RejectDevicePayload, { description: 'Refuses a device that waits for approval; its key is cut off.' })
  async rejectDevice(
    @Ctx() context: RequestContext,
    @Arg('input', () => RejectDeviceInput) input: RejectDeviceInput,
  ): Edited {
    return { device: await this.#edits.reject(context, input.deviceId) };
  }

  @Requires('device:move')
  @Mutation(() => MoveDevicePayload, { description: 'Takes a device to another site, of its organization or another.' })
  async moveDevice(
    @Ctx() context: RequestContext,
    @Arg('input', () => MoveDeviceInput) input: MoveDeviceInput,
  ): Edited {
    return { device: await this.#edits.move(context, input) };
  }

  @Requires('device:write')
  @Mutation(() => RenameDevicePayload, { description: 'Gives a device a name of its own.' })
  async renameDevice(
    @Ctx() context: RequestContext,
    @Arg('input', () => RenameDeviceInput) input: RenameDeviceInput,
  ): Edited {
    return { device: await this.#edits.rename(context, input) };
  }

  @Requires('device:write')
  @Mutation(() => SetDeviceTagsPayload, { description: 'Replaces all tags of a device.' })
  async setDeviceTags(
    @Ctx() context: RequestContext,
    @Arg('input', () => SetDeviceTagsInput) input: SetDeviceTagsInput,
  ): Edited {
    return { device: await this.#edits.setTags(context, input) };
  }

  @Requires('device:write')
  @Mutation(() => SetDeviceNotesPayload, { description: 'Replaces the notes about a device.' })
  async setDeviceNotes(
    @Ctx() context: RequestContext,
    @Arg('input', () => SetDeviceNotesInput) input: SetDeviceNotesInput,
  ): Edited {
    return { device: await this.#edits.setNotes(context, input) };
  }

  @Requires('device:read')
  @Mutation(() => RefreshInventoryPayload, { description: 'Asks a connected device to report its inventory again.' })
  async refreshInventory(
    @Ctx() context: RequestContext,
    @Arg('input', () => RefreshInventoryInput) input: RefreshInventoryInput,
  ): Edited {
    return { device: await this.#edits.refreshInventory(context, input.deviceId) };
  }
}
