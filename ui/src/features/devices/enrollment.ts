import * as v from 'valibot';
import { type FragmentOf, graphql, type ResultOf } from '#graph/graphql.ts';

const enrolledDevice = graphql(`
  fragment EnrolledDevice on Device @_unmask {
    id
    displayName
    status
    enrolledAt
    inventoryAt
  }
`);

/** A device that may have come by a token. */
export type EnrolledDevice = FragmentOf<typeof enrolledDevice>;

/** Makes a token and the command that uses it; the token is shown this once. */
export const createEnrollmentTokenMutation = graphql(`
  mutation CreateEnrollmentToken($input: CreateEnrollmentTokenInput!) {
    createEnrollmentToken(input: $input) {
      installCommand
      enrollmentToken {
        id
        siteId
        createdAt
        expiresAt
        maxUses
      }
    }
  }
`);

/** A token that was just made, with its command. */
export type MadeToken = ResultOf<typeof createEnrollmentTokenMutation>['createEnrollmentToken'];

/** The devices that enrolled last at a site. */
export const latestDevicesQuery = graphql(
  `
    query LatestDevices($siteId: ID!) {
      devices(first: 50, filter: { siteId: $siteId }, orderBy: { field: ENROLLED_AT, direction: DESC }) {
        nodes {
          ...EnrolledDevice
        }
      }
    }
  `,
  [enrolledDevice],
);

/** Devices of a site as they enrol, connect and report. */
export const siteDeviceChangedSubscription = graphql(
  `
    subscription SiteDeviceChanged($siteId: ID!) {
      deviceChanged(filter: { siteId: $siteId }) {
        kind
        device {
          ...EnrolledDevice
        }
      }
    }
  `,
  [enrolledDevice],
);

/** What the form for a new token must hold. */
export const tokenSchema = v.object({
  siteId: v.pipe(v.string(), v.nonEmpty('Choose the site where the device stands.')),
  maxUses: v.picklist(['1', '10', '100']),
});

/** A step of adding a device; what is waited for is the first that is not done. */
export interface EnrollmentStep {
  readonly title: string;
  readonly state: 'done' | 'waiting' | 'ahead';
}

/** How far the furthest device has come. */
export function enrollmentSteps(devices: readonly EnrolledDevice[]): readonly EnrollmentStep[] {
  const facts = [
    { title: 'Install command made', isDone: true },
    { title: 'Device enrolled', isDone: devices.length > 0 },
    { title: 'Agent online', isDone: devices.some(({ status }) => status === 'ONLINE') },
    { title: 'Inventory received', isDone: devices.some(({ inventoryAt }) => inventoryAt !== null) },
  ];
  const waiting = facts.findIndex(({ isDone }) => !isDone);
  return facts.map(({ title, isDone }, index) => ({
    title,
    state: isDone ? 'done' : index === waiting ? 'waiting' : 'ahead',
  }));
}

/** The devices with this one put in, the newest first. */
export function withDevice(devices: readonly EnrolledDevice[], device: EnrolledDevice): readonly EnrolledDevice[] {
  const others = devices.filter(({ id }) => id !== device.id);
  return [device, ...others].toSorted((first, second) => Date.parse(second.enrolledAt) - Date.parse(first.enrolledAt));
}
