import { type FragmentOf, graphql, type ResultOf } from '#graph/graphql.ts';

const commandRow = graphql(`
  fragment CommandRow on Command @_unmask {
    id
    status
    queuedAt
    startedAt
    finishedAt
    exitCode
    spec {
      shell
      script
    }
    device {
      id
      displayName
    }
    requestedBy {
      kind
      name
    }
  }
`);

/** A command as a row of a list. */
export type CommandRow = FragmentOf<typeof commandRow>;

/** The states of a command. */
export type CommandStatusName = CommandRow['status'];

/** One page of commands, the newest first. */
export const commandsQuery = graphql(
  `
    query Commands($first: Int!, $after: String, $filter: CommandFilter) {
      commands(first: $first, after: $after, filter: $filter) {
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
        nodes {
          ...CommandRow
        }
      }
    }
  `,
  [commandRow],
);

/** Every change of commands, of one device or of all. */
export const commandsChangedSubscription = graphql(
  `
    subscription CommandsChanged($deviceId: ID) {
      commandChanged(deviceId: $deviceId) {
        ...CommandRow
      }
    }
  `,
  [commandRow],
);

const commandDetail = graphql(
  `
    fragment CommandDetail on Command @_unmask {
      ...CommandRow
      expiresAt
      signal
      reason
      outputBytes
      isOutputTruncated
      spec {
        arguments
        environmentNames
        workingDirectory
        runAs
        timeoutSeconds
      }
    }
  `,
  [commandRow],
);

/** A command in full, without its output. */
export type CommandDetail = FragmentOf<typeof commandDetail>;

/** One command. */
export const commandQuery = graphql(
  `
    query Command($id: ID!) {
      command(id: $id) {
        ...CommandDetail
        device {
          status
          viewerCan {
            runCommand
          }
        }
      }
    }
  `,
  [commandDetail],
);

/** Every change of one command. */
export const commandChangedSubscription = graphql(
  `
    subscription CommandChanged($commandId: ID!) {
      commandChanged(commandId: $commandId) {
        ...CommandDetail
      }
    }
  `,
  [commandDetail],
);

/** The output of a command from a chunk on: what there is, then what comes. */
export const commandOutputSubscription = graphql(`
  subscription CommandOutput($commandId: ID!, $after: Int!) {
    commandOutput(commandId: $commandId, after: $after) {
      sequence
      stream
      text
    }
  }
`);

/** A piece of output. */
export type OutputChunk = ResultOf<typeof commandOutputSubscription>['commandOutput'];

/** Output that is already committed, page by page. */
export const commandOutputQuery = graphql(`
  query CommittedOutput($id: ID!, $after: Int!) {
    command(id: $id) {
      id
      output(after: $after, first: 100) {
        pageInfo {
          hasNextPage
        }
        nodes {
          sequence
          stream
          text
        }
      }
    }
  }
`);

/** Queues a command; the same requestKey never queues a second one. */
export const runCommandMutation = graphql(`
  mutation RunCommand($input: RunCommandInput!) {
    runCommand(input: $input) {
      command {
        id
      }
    }
  }
`);

/** Ends a command, wherever it is. */
export const cancelCommandMutation = graphql(`
  mutation CancelCommand($commandId: ID!) {
    cancelCommand(input: { commandId: $commandId }) {
      command {
        id
        status
      }
    }
  }
`);
