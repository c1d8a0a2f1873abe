import * as v from 'valibot';
import { graphql } from '#graph/graphql.ts';

/** Gives a device a name of its own, or its host name again. */
export const renameDeviceMutation = graphql(`
  mutation RenameDevice($deviceId: ID!, $displayName: String) {
    renameDevice(input: { deviceId: $deviceId, displayName: $displayName }) {
      device {
        id
        displayName
      }
    }
  }
`);

/** Takes a device to another site. */
export const moveDeviceMutation = graphql(`
  mutation MoveDevice($deviceId: ID!, $siteId: ID!) {
    moveDevice(input: { deviceId: $deviceId, siteId: $siteId }) {
      device {
        id
      }
    }
  }
`);

/** Replaces all tags of a device. */
export const setDeviceTagsMutation = graphql(`
  mutation SetDeviceTags($deviceId: ID!, $tags: [String!]!) {
    setDeviceTags(input: { deviceId: $deviceId, tags: $tags }) {
      device {
        id
        tags
      }
    }
  }
`);

/** Cuts a device off for good. */
export const revokeDeviceMutation = graphql(`
  mutation RevokeDevice($deviceId: ID!) {
    revokeDevice(input: { deviceId: $deviceId }) {
      device {
        id
        status
      }
    }
  }
`);

/** Refuses a device that waits for approval. */
export const rejectDeviceMutation = graphql(`
  mutation RejectDevice($deviceId: ID!) {
    rejectDevice(input: { deviceId: $deviceId }) {
      device {
        id
        status
      }
    }
  }
`);

/** Devices that wait for approval, longest waiting first. */
export const pendingDevicesQuery = graphql(`
  query PendingDevices {
    pendingDevices {
      id
      displayName
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
        name
        version
      }
      agent {
        version
        remoteAddress
      }
      possibleDuplicates {
        id
        displayName
      }
    }
  }
`);

/** The tags that a text holds: parted by commas or spaces, each once. */
export function tagsOfText(text: string): string[] {
  return [...new Set(text.split(/[\s,]+/).filter(Boolean))];
}

/** What the form for a device's own name must hold; empty means the host name. */
export const renameSchema = v.object({
  displayName: v.pipe(v.string(), v.trim(), v.maxLength(100, 'Use 100 characters at most.')),
});

/** What the form for a move must hold. */
export const moveSchema = v.object({ siteId: v.pipe(v.string(), v.nonEmpty('Choose a site.')) });

/** What the form for tags must hold. */
export const tagsSchema = v.object({ tags: v.pipe(v.string(), v.transform(tagsOfText)) });
