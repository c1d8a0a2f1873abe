import { defineEntity, type Loaded } from '@mikro-orm/core';
import { OrganizationRecord } from '../organizations/organization.entity.ts';
import { SiteRecord } from '../organizations/site.entity.ts';
import { withinScope } from '../scope-filter.ts';
import { UserRecord } from '../users/user.entity.ts';
import { scopeKinds } from './grant-scope.ts';
import { RoleRecord } from './role.entity.ts';

const GrantSchema = defineEntity({
  name: 'Grant',
  tableName: 'grant',
  properties: p => ({
    id: p.uuid().primary(),
    user: p.manyToOne(UserRecord).mapToPk().deleteRule('cascade'),
    role: p.manyToOne(RoleRecord).ref().deleteRule('restrict').index('grant_role_id_index'),
    scopeKind: p.enum([...scopeKinds]),
    /** Of ORGANIZATION, and of SITE the organization that the site belongs to. */
    organization: p
      .manyToOne(OrganizationRecord)
      .mapToPk()
      .nullable()
      .deleteRule('cascade')
      .index('grant_organization_id_index'),
    site: p.manyToOne(SiteRecord).mapToPk().nullable().deleteRule('cascade').index('grant_site_id_index'),
    tag: p.text().nullable(),
    deviceId: p.uuid().nullable(),
    createdAt: p.datetime().columnType('timestamptz'),
  }),
  checks: [
    {
      name: 'grant_scope_check',
      expression:
        "((((organization_id is not null) = (scope_kind = any (array['ORGANIZATION'::text, 'SITE'::text]))) and ((site_id is not null) = (scope_kind = 'SITE'::text))) and ((tag is not null) = (scope_kind = 'TAG'::text)) and ((device_id is not null) = (scope_kind = 'DEVICE'::text)))",
    },
  ],
  uniques: [
    {
      name: 'grant_unique',
      expression: `create unique index "grant_unique" on "accounts"."grant" (user_id, role_id, scope_kind, organization_id, site_id, tag, device_id) nulls not distinct`,
    },
  ],
  filters: withinScope(({ ids, siteIds }) => ({
    $or: [{ organization: { $in: [...ids] } }, { site: { $in: [...siteIds] } }],
  })),
});

/** A stored grant: a user has a role in a place. Queries see it within the viewer's scope only. */
export class GrantRecord extends GrantSchema.class {}
GrantSchema.setClass(GrantRecord);

/** A grant that was read together with its role. */
export type LoadedGrant = Loaded<GrantRecord, 'role'>;
