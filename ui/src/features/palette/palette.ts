import type { Action } from '#design/action.ts';
import { graphql } from '#graph/graphql.ts';

/** Devices whose name, address or place matches the words. */
export const paletteDevicesQuery = graphql(`
  query PaletteDevices($search: String!) {
    devices(first: 8, filter: { search: $search }) {
      nodes {
        id
        displayName
        status
        site {
          name
        }
        organization {
          name
        }
      }
    }
  }
`);

/** The verbs that the words mean: each word must be found in the title or the keywords. */
export function matchingActions(all: readonly Action[], search: string): readonly Action[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return all.filter(({ title, keywords = '' }) => {
    const text = `${title} ${keywords}`.toLowerCase();
    return words.every(word => text.includes(word));
  });
}
