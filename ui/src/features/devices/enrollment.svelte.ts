import { fetchOnce } from '#graph/client.ts';
import { link } from '#graph/link.svelte.ts';
import { useSubscription } from '#graph/subscription.svelte.ts';
import {
  type EnrolledDevice,
  latestDevicesQuery,
  type MadeToken,
  siteDeviceChangedSubscription,
  withDevice,
} from './enrollment.ts';

/** Watches who comes by the token: by events, and by reading again after each reconnection. */
export function useEnrolledDevices(made: () => MadeToken | undefined) {
  let devices = $state.raw<readonly EnrolledDevice[]>([]);
  const token = $derived(made()?.enrollmentToken);

  function take(device: EnrolledDevice, isEnrolledNow: boolean) {
    const isKnown = devices.some(({ id }) => id === device.id);
    // A machine that is installed again keeps its record and its first date: then only the event tells.
    const isNew = isEnrolledNow || (token && Date.parse(device.enrolledAt) >= Date.parse(token.createdAt));
    if (isKnown || isNew) devices = withDevice(devices, device);
  }

  async function read(siteId: string) {
    const { data } = await fetchOnce(latestDevicesQuery, { siteId });
    for (const device of data?.devices.nodes ?? []) take(device, false);
  }

  useSubscription(
    siteDeviceChangedSubscription,
    () => (token ? { siteId: token.siteId } : null),
    ({ deviceChanged }) => take(deviceChanged.device, deviceChanged.kind === 'ENROLLED'),
  );
  $effect(() => {
    void link.epoch;
    if (token) void read(token.siteId);
  });

  return {
    get devices() {
      return devices;
    },
    forget() {
      devices = [];
    },
  };
}
