import { graphql } from '#graph/graphql.ts';

/** Who is asking, and whether anybody can be asked for yet. */
export const openingQuery = graphql(`
  query Opening {
    viewer {
      kind
      user {
        id
        email
        name
      }
      permissions
    }
    setup {
      isComplete
    }
  }
`);

/** Ends the session of this browser. */
export const logOutMutation = graphql(`
  mutation LogOut {
    logOut {
      viewer {
        kind
      }
    }
  }
`);
