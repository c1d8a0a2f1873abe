import { defineEntity } from '@mikro-orm/core';
import { withinScope } from '../scope-filter.ts';
import { OrganizationRecord } from './organization.entity.ts';

const SiteSchema = defineEntity({
  name: 'Site',
  tableName: 'site',
  properties: p => ({
    id: p.uuid().primary(),
    organization: p.manyToOne(OrganizationRecord).mapToPk().deleteRule('cascade'),
    name: p.text(),
    timeZone: p.text(),
    createdAt: p.datetime().columnType('timestamptz'),
  }),
  uniques: [
    {
      name: 'site_organization_id_name_unique',
      expression:
        'create unique index "site_organization_id_name_unique" on "accounts"."site" ("organization_id", lower("name"))',
    },
  ],
  filters: withinScope(({ ids, siteIds }) => ({
    $or: [{ organization: { $in: [...ids] } }, { id: { $in: [...siteIds] } }],
  })),
});

/** A stored site; queries see it within the viewer's scope only. */
export class SiteRecord extends SiteSchema.class {}
SiteSchema.setClass(SiteRecord);
