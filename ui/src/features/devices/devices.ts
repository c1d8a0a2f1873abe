import { type FragmentOf, graphql, type ResultOf } from '#graph/graphql.ts';

/** What a row of a device table shows. */
export const deviceRow = graphql(`
  fragment DeviceRow on Device @_unmask {
    id
    hostname
    displayName
    status
    lastSeenAt
    enrolledAt
    site {
      id
      name
    }
    organization {
      id
      name
    }
    os {
      family
      name
      version
      architecture
    }
    networkInterfaces {
      name
      addresses
      isUp
    }
    agent {
      version
    }
  }
`);

/** A device as a row. */
export type DeviceRow = FragmentOf<typeof deviceRow>;

/** The states of a device. */
export type DeviceStatusName = DeviceRow['status'];

/** One page of devices. */
export const devicesQuery = graphql(
  `
    query Devices($first: Int!, $after: String, $filter: DeviceFilter, $orderBy: DeviceOrder) {
      devices(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
        nodes {
          ...DeviceRow
        }
      }
    }
  `,
  [deviceRow],
);

/** Every change of a device that the person may see. */
export const deviceChangedSubscription = graphql(
  `
    subscription DeviceChanged($filter: DeviceFilter) {
      deviceChanged(filter: $filter) {
        kind
        device {
          ...DeviceRow
        }
      }
    }
  `,
  [deviceRow],
);

/** A change as it arrives. */
export type DeviceChange = ResultOf<typeof deviceChangedSubscription>['deviceChanged'];

/** How many devices are in each state, among those that the rest of the filter lets through. */
export const deviceCountsQuery = graphql(`
  query DeviceCounts($search: String, $organizationId: ID, $siteId: ID) {
    all: devices(first: 1, filter: { search: $search, organizationId: $organizationId, siteId: $siteId }) {
      totalCount
    }
    online: devices(first: 1, filter: { search: $search, organizationId: $organizationId, siteId: $siteId, statuses: [ONLINE] }) {
      totalCount
    }
    offline: devices(first: 1, filter: { search: $search, organizationId: $organizationId, siteId: $siteId, statuses: [OFFLINE] }) {
      totalCount
    }
    overdue: devices(first: 1, filter: { search: $search, organizationId: $organizationId, siteId: $siteId, statuses: [OVERDUE] }) {
      totalCount
    }
    pending: devices(first: 1, filter: { search: $search, organizationId: $organizationId, siteId: $siteId, statuses: [PENDING] }) {
      totalCount
    }
    revoked: devices(first: 1, filter: { search: $search, organizationId: $organizationId, siteId: $siteId, statuses: [REVOKED] }) {
      totalCount
    }
  }
`);

/** Everything that a device's pages show besides software and commands. */
export const deviceQuery = graphql(
  `
    query Device($id: ID!) {
      device(id: $id) {
        ...DeviceRow
        bootedAt
        inventoryAt
        tags
        site {
          id
          name
          timeZone
        }
        agent {
          version
          protocol
          connectedAt
          remoteAddress
          clockSkewSeconds
        }
        os {
          family
          name
          version
          kernel
          architecture
          needsReboot
        }
        hardware {
          manufacturer
          model
          serialNumber
          isVirtual
          memoryBytes
          cpu {
            model
            cores
            threads
            speedMhz
          }
        }
        fileSystems {
          mountPoint
          device
          type
          sizeBytes
          usedBytes
        }
        disks {
          name
          model
          serialNumber
          sizeBytes
          isRotational
        }
        networkInterfaces {
          name
          macAddress
          addresses
          isUp
          mtu
          speedMbps
        }
        loggedInUsers {
          name
          terminal
          host
          since
        }
        viewerCan {
          runCommand
          approve
          edit
          move
          revoke
        }
      }
    }
  `,
  [deviceRow],
);

/** A device in full. */
export type DeviceDetail = NonNullable<ResultOf<typeof deviceQuery>['device']>;

/** One page of the software of a device. */
export const deviceSoftwareQuery = graphql(`
  query DeviceSoftware($id: ID!, $first: Int!, $after: String, $search: String) {
    device(id: $id) {
      id
      software(first: $first, after: $after, search: $search) {
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
        nodes {
          name
          version
          architecture
          publisher
          installedSizeBytes
        }
      }
    }
  }
`);

/** Asks a device to report its inventory again. */
export const refreshInventoryMutation = graphql(`
  mutation RefreshInventory($deviceId: ID!) {
    refreshInventory(input: { deviceId: $deviceId }) {
      device {
        id
      }
    }
  }
`);

/** Lets a device in that waits for approval. */
export const approveDeviceMutation = graphql(`
  mutation ApproveDevice($deviceId: ID!) {
    approveDevice(input: { deviceId: $deviceId }) {
      device {
        id
        status
      }
    }
  }
`);
