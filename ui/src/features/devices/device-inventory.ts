import { graphql, type ResultOf } from '#graph/graphql.ts';

/** The services of a device. */
export const deviceServicesQuery = graphql(`
  query DeviceServices($id: ID!, $search: String) {
    device(id: $id) {
      id
      services(search: $search) {
        name
        displayName
        state
        isEnabled
        description
      }
    }
  }
`);

/** The states of a service. */
export type ServiceState = NonNullable<ResultOf<typeof deviceServicesQuery>['device']>['services'][number]['state'];

/** The processes of a device when it last reported them. */
export const deviceProcessesQuery = graphql(`
  query DeviceProcesses($id: ID!) {
    device(id: $id) {
      id
      processes {
        at
        processes {
          pid
          name
          user
          cpuPercent
          memoryBytes
          command
          startedAt
        }
      }
    }
  }
`);

/** What changed on a device, newest first. */
export const deviceChangesQuery = graphql(`
  query DeviceChanges($id: ID!, $first: Int!, $after: String) {
    device(id: $id) {
      id
      inventoryChanges(first: $first, after: $after) {
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
        nodes {
          id
          at
          section
          kind
          name
          before
          after
          omittedCount
        }
      }
    }
  }
`);
