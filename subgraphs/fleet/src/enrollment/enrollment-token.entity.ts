import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

/** Row of a token that lets devices enrol; only its hash is kept. */
export const EnrollmentTokenEntity = defineEntity({
  name: 'EnrollmentToken',
  tableName: 'enrollment_token',
  properties: {
    id: p.uuid().primary(),
    tokenHash: p.blob(),
    organizationId: p.uuid(),
    siteId: p.uuid(),
    needsApproval: p.boolean(),
    allowsReEnrollment: p.boolean(),
    maxUses: p.integer(),
    uses: p.integer(),
    createdAt: p.datetime(),
    expiresAt: p.datetime(),
    revokedAt: p.datetime().nullable(),
  },
});
export type EnrollmentTokenRow = InferEntity<typeof EnrollmentTokenEntity>;
