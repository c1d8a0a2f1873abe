import { maySeeOrganization, type Viewer } from '@muster/kit/auth/viewer';
import { StepIterator } from '@muster/kit/step-iterator';
import { takeArrived } from '../event-reader.ts';
import type { DeviceChanged, Events } from '../events.ts';
import type { DeviceRow } from './device.entity.ts';
import type { DeviceFilter } from './device.input.ts';
import type { DeviceChange } from './device-change.ts';
import type { Devices } from './devices.ts';

/** Who follows which devices from where on. */
export interface DeviceStreamRequest {
  readonly viewer: Viewer;
  readonly filter: DeviceFilter | null;
  /** Sequence of the last change that the caller has seen; null begins now. */
  readonly after: number | null;
}

/** Numbers are given before a transaction commits: what was under way then is told again rather than missed. */
const OVERLAP = 200;

/** Changes of devices that the viewer may see, as they are stored; search, tags and states do not filter the stream. */
export function streamDeviceChanges(
  devices: Devices,
  events: Events,
  request: DeviceStreamRequest,
): AsyncGenerator<DeviceChange, undefined, undefined> {
  const stream = new DeviceStream(devices, events, request);
  return new StepIterator<DeviceChange>({ step: () => stream.next(), onReturn: () => stream.end() });
}

class DeviceStream {
  readonly #devices: Devices;
  readonly #request: DeviceStreamRequest;
  readonly #changes: ReturnType<Events['onDeviceChanged']>;
  #ready: DeviceChange[] = [];
  #lastSequence: number;
  #mustReplay: boolean;

  constructor(devices: Devices, events: Events, request: DeviceStreamRequest) {
    this.#devices = devices;
    this.#request = request;
    // listen before reading, so that nothing falls between
    this.#changes = events.onDeviceChanged();
    this.#lastSequence = request.after ?? 0;
    this.#mustReplay = request.after !== null;
  }

  async next(): Promise<DeviceChange | undefined> {
    for (;;) {
      const change = this.#ready.shift();
      if (change) {
        this.#lastSequence = Math.max(this.#lastSequence, change.sequence);
        return change;
      }
      if (this.#mustReplay) await this.#replay();
      else if (!(await this.#listen())) return undefined;
    }
  }

  end(): void {
    void this.#changes.return();
  }

  async #listen(): Promise<boolean> {
    const arrived = await takeArrived(this.#changes);
    if (!arrived) return false;
    const { viewer } = this.#request;
    const wanted = arrived.events.filter(event => this.#isWanted(event));
    const rows = await Promise.all(wanted.map(({ deviceId }) => this.#devices.find(viewer, deviceId)));
    this.#ready = wanted.flatMap(({ kind, sequence }, index) => {
      const device = rows[index];
      return device ? [{ kind, device, sequence }] : [];
    });
    // before the first event nothing is known that could be read again
    this.#mustReplay = arrived.mustReadAgain && this.#lastSequence > 0;
    return true;
  }

  async #replay(): Promise<void> {
    this.#mustReplay = false;
    const { viewer, filter } = this.#request;
    const revision = Math.max(this.#lastSequence - OVERLAP, 0);
    const rows = await this.#devices.changedAfter({ viewer, filter: placeOf(filter), revision });
    this.#ready = rows.map(toChange);
  }

  #isWanted(event: DeviceChanged): boolean {
    const { viewer, filter } = this.#request;
    return (
      maySeeOrganization(viewer, event.organizationId) &&
      (!filter?.organizationId || filter.organizationId === event.organizationId) &&
      (!filter?.siteId || filter.siteId === event.siteId) &&
      (!filter?.deviceIds || filter.deviceIds.includes(event.deviceId))
    );
  }
}

/** The part of a filter that a stream obeys. */
function placeOf(filter: DeviceFilter | null): DeviceFilter {
  const { organizationId, siteId, deviceIds } = filter ?? {};
  return {
    ...(organizationId && { organizationId }),
    ...(siteId && { siteId }),
    ...(deviceIds && { deviceIds }),
  };
}

function toChange(device: DeviceRow): DeviceChange {
  return { kind: device.status === 'REVOKED' ? 'REVOKED' : 'UPDATED', device, sequence: device.revision };
}
