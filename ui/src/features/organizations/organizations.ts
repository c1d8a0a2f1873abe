import * as v from 'valibot';
import { graphql } from '#graph/graphql.ts';

const organizationRow = graphql(`
  fragment OrganizationRow on Organization @_unmask {
    id
    name
    slug
    createdAt
    sites {
      id
      name
      timeZone
    }
  }
`);

/** One page of organizations. */
export const organizationsQuery = graphql(
  `
    query Organizations($first: Int!, $after: String, $search: String) {
      organizations(first: $first, after: $after, search: $search) {
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
        nodes {
          ...OrganizationRow
        }
      }
    }
  `,
  [organizationRow],
);

/** Adds an organization with a first site. */
export const createOrganizationMutation = graphql(`
  mutation CreateOrganization($input: CreateOrganizationInput!) {
    createOrganization(input: $input) {
      organization {
        id
      }
    }
  }
`);

/** Adds a site. */
export const createSiteMutation = graphql(`
  mutation CreateSite($input: CreateSiteInput!) {
    createSite(input: $input) {
      site {
        id
      }
    }
  }
`);

const name = v.pipe(v.string(), v.trim(), v.nonEmpty('Enter a name.'), v.maxLength(100, 'Use 100 characters at most.'));

/** What the form for an organization must hold. */
export const organizationSchema = v.object({ name, siteName: name });

/** What the form for a site must hold. */
export const siteSchema = v.object({ name, timeZone: v.pipe(v.string(), v.nonEmpty('Choose a time zone.')) });
