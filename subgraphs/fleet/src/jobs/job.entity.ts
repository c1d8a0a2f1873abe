import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { StoredSpec } from '../commands/command.entity.ts';

/** Row of one order to many devices; its commands are rows of their own. */
export const JobEntity = defineEntity({
  name: 'Job',
  tableName: 'job',
  properties: {
    id: p.uuid().primary(),
    organizationIds: p.array(),
    requesterKind: p.string(),
    requesterId: p.string(),
    requesterName: p.string(),
    requestKey: p.string(),
    requestHash: p.blob(),
    spec: p.json<StoredSpec>(),
    environment: p.blob(),
    deviceCount: p.integer(),
    concurrency: p.integer().nullable(),
    requestedAt: p.datetime(),
    expiresAt: p.datetime(),
  },
});
export type JobRow = InferEntity<typeof JobEntity>;
