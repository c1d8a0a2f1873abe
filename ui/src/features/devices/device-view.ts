import { deviceStatusLooks, isDeviceStatus } from './device-status.ts';
import type { DeviceRow, DeviceStatusName } from './devices.ts';

/** The orders that a person can ask for. */
export type DeviceSortKey = 'name' | 'status' | 'seen' | 'enrolled';

/** What a device list shows; it is the page's address and nothing else. */
export interface DeviceView {
  readonly search: string;
  readonly status: DeviceStatusName | undefined;
  readonly organizationId: string | undefined;
  readonly siteId: string | undefined;
  readonly sortKey: DeviceSortKey;
  readonly isDescending: boolean;
}

const orderFields = { name: 'HOSTNAME', status: 'STATUS', seen: 'LAST_SEEN_AT', enrolled: 'ENROLLED_AT' } as const;

/** Reads a view from `?q=&status=&organization=&site=&sort=`; what is not understood counts as absent. */
export function viewOfParams(params: Pick<URLSearchParams, 'get'>): DeviceView {
  const status = params.get('status')?.toUpperCase() ?? '';
  const sort = params.get('sort') ?? 'name';
  const key = sort.replace(/^-/, '');
  return {
    search: params.get('q')?.trim() ?? '',
    status: isDeviceStatus(status) ? status : undefined,
    organizationId: params.get('organization') || undefined,
    siteId: params.get('site') || undefined,
    sortKey: Object.hasOwn(orderFields, key) ? (key as DeviceSortKey) : 'name',
    isDescending: sort.startsWith('-'),
  };
}

/** The address of a view, with only what differs from the plain list. */
export function paramsOfView(view: DeviceView): string {
  const params = new URLSearchParams();
  if (view.search) params.set('q', view.search);
  if (view.status) params.set('status', view.status.toLowerCase());
  if (view.organizationId) params.set('organization', view.organizationId);
  if (view.siteId) params.set('site', view.siteId);
  if (view.sortKey !== 'name' || view.isDescending) params.set('sort', (view.isDescending ? '-' : '') + view.sortKey);
  const text = params.toString();
  return text && `?${text}`;
}

/** What the view asks for besides a status. */
export function placeOfView({ search, organizationId, siteId }: DeviceView) {
  return { ...(search && { search }), ...(organizationId && { organizationId }), ...(siteId && { siteId }) };
}

/** True for rows that the view shows, as far as the console can tell: the words of a search are the server's matter. */
export function isInView({ status, organizationId, siteId }: DeviceView, row: DeviceRow): boolean {
  return (
    (status === undefined || row.status === status) &&
    (organizationId === undefined || row.organization.id === organizationId) &&
    (siteId === undefined || row.site.id === siteId)
  );
}

/** The view as the graph takes it. */
export function variablesOfView(view: DeviceView) {
  const { status, sortKey, isDescending } = view;
  return {
    filter: { ...placeOfView(view), ...(status && { statuses: [status] }) },
    orderBy: { field: orderFields[sortKey], direction: isDescending ? ('DESC' as const) : ('ASC' as const) },
  };
}

const statusOrder = Object.keys(deviceStatusLooks);

const sortValues: Record<DeviceSortKey, (row: DeviceRow) => string | number> = {
  name: row => row.hostname.toLowerCase(),
  status: row => statusOrder.indexOf(row.status),
  seen: row => (row.lastSeenAt ? Date.parse(row.lastSeenAt) : 0),
  enrolled: row => Date.parse(row.enrolledAt),
};

/** Compares rows as the view orders them; only for placing a new row among those the server has ordered. */
export function compareInView({ sortKey, isDescending }: DeviceView): (first: DeviceRow, second: DeviceRow) => number {
  const value = sortValues[sortKey];
  const sign = isDescending ? -1 : 1;
  return (first, second) => {
    const [one, other] = [value(first), value(second)];
    if (one === other) return first.id < second.id ? -1 : 1;
    return one < other ? -sign : sign;
  };
}
