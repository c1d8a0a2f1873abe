import { createContext } from 'svelte';
import { clock } from '#design/clock.ts';
import { useQuery } from '#graph/query.svelte.ts';
import { useSubscription } from '#graph/subscription.svelte.ts';
import { type DeviceDetail, type DeviceRow, deviceChangedSubscription, deviceQuery } from './devices.ts';

const rereadMilliseconds = 500;

/** One device under live change: its state at once, everything else read again soon after it changed. */
export function useDevice(id: () => string) {
  const query = useQuery(deviceQuery, () => ({ id: id() }));
  let changed = $state.raw<DeviceRow>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  useSubscription(
    deviceChangedSubscription,
    () => ({ filter: { deviceIds: [id()] } }),
    ({ deviceChanged }) => {
      changed = deviceChanged.device;
      timer ??= setTimeout(() => {
        timer = undefined;
        query.refetch();
      }, rereadMilliseconds);
    },
  );
  $effect(() => () => clearTimeout(timer));
  // A fresh answer of the whole device is newer than the last change heard of.
  $effect(() => {
    void query.data;
    changed = undefined;
  });

  const device = $derived.by((): DeviceDetail | undefined => {
    const read = query.data?.device ?? undefined;
    if (!read || changed?.id !== read.id) return read;
    return { ...read, status: changed.status, lastSeenAt: changed.lastSeenAt, displayName: changed.displayName };
  });

  return {
    query,
    get device() {
      return device;
    },
    /** How long the device has been up, as far as it is known. */
    get uptime() {
      return device?.bootedAt && device.status === 'ONLINE' ? clock.now - Date.parse(device.bootedAt) : undefined;
    },
  };
}

/** The device whose pages are open; its layout provides it, its tabs read it. */
export const [getDevice, setDevice] = createContext<ReturnType<typeof useDevice>>();
