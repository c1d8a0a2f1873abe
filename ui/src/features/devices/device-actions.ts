import Ban from '@lucide/svelte/icons/ban';
import FolderInput from '@lucide/svelte/icons/folder-input';
import Pencil from '@lucide/svelte/icons/pencil';
import Tags from '@lucide/svelte/icons/tags';
import type { Action } from '#design/action.ts';
import { paths } from '#session/paths.ts';
import type { DeviceDetail } from './devices.ts';

/** The verbs that change what is noted about a device, or cut it off; each says why it is impossible here. */
export function deviceEditActions(device: DeviceDetail, revoke: () => void): readonly Action[] {
  const { viewerCan } = device;
  const isRevoked = device.status === 'REVOKED';
  const because = (isAllowed: boolean, verb: string) => (isAllowed ? undefined : `You may not ${verb} this device.`);
  return [
    {
      id: 'device.rename',
      title: 'Rename',
      icon: Pencil,
      href: paths.deviceDialog(device.id, 'rename'),
      permission: 'device:write',
      keywords: 'device name',
      disabledReason: because(viewerCan.edit, 'rename'),
    },
    {
      id: 'device.tags',
      title: 'Change tags',
      icon: Tags,
      href: paths.deviceDialog(device.id, 'tags'),
      permission: 'device:write',
      keywords: 'device labels',
      disabledReason: because(viewerCan.edit, 'change the tags of'),
    },
    {
      id: 'device.move',
      title: 'Move to another site',
      icon: FolderInput,
      href: paths.deviceDialog(device.id, 'move'),
      permission: 'device:move',
      keywords: 'device organization',
      disabledReason: because(viewerCan.move, 'move'),
    },
    {
      id: 'device.revoke',
      title: 'Revoke device',
      icon: Ban,
      permission: 'device:revoke',
      keywords: 'cut off remove delete',
      disabledReason: isRevoked ? 'The device is revoked already.' : because(viewerCan.revoke, 'revoke'),
      run: revoke,
    },
  ];
}
