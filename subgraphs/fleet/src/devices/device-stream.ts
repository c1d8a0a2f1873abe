import { maySeeOrganization, type Viewer } from '@muster/kit/auth/viewer';
import type { Channel } from '@muster/kit/channel';
import { StepIterator } from '@muster/kit/step-iterator';
import type { DeviceChanged, Events } from '../events.ts';
import type { DeviceFilter } from './device.input.ts';
import type { DeviceChange } from './device-change.ts';
import type { Devices } from './devices.ts';

/** Changes of devices that the viewer may see, as they are stored; search and statuses do not filter the stream. */
export function streamDeviceChanges(
  devices: Devices,
  events: Events,
  request: { viewer: Viewer; filter: DeviceFilter | null },
): AsyncGenerator<DeviceChange, undefined, undefined> {
  const { viewer, filter } = request;
  const changes: Channel<DeviceChanged> = events.onDeviceChanged();
  const isWanted = (event: DeviceChanged): boolean =>
    maySeeOrganization(viewer, event.organizationId) &&
    (!filter?.organizationId || filter.organizationId === event.organizationId) &&
    (!filter?.siteId || filter.siteId === event.siteId) &&
    (!filter?.deviceIds || filter.deviceIds.includes(event.deviceId));
  return new StepIterator<DeviceChange>({
    step: async () => {
      for (;;) {
        const { done, value } = await changes.next();
        if (done) return undefined;
        const device = isWanted(value) ? await devices.find(viewer, value.deviceId) : null;
        if (device) return { kind: value.kind, device, sequence: value.sequence };
      }
    },
    onReturn: () => void changes.return(),
  });
}
