import { graphql } from './graphql.ts';

/** Organizations with their sites: where a device can stand, and what a grant can be for. */
export const sitesQuery = graphql(`
  query Sites {
    organizations(first: 100) {
      nodes {
        id
        name
        sites {
          id
          name
        }
      }
    }
  }
`);
