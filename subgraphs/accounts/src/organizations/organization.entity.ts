import { defineEntity, type Opt } from '@mikro-orm/core';
import { sqlCondition, withinScope } from '../scope-filter.ts';

const OrganizationSchema = defineEntity({
  name: 'Organization',
  tableName: 'organization',
  properties: p => ({
    id: p.uuid().primary(),
    name: p.text(),
    slug: p.text().unique('organization_slug_unique'),
    /** The name as lists order it, made by the database. */
    sortName: p.text().generated('lower("name") stored').$type<Opt<string>>(),
    createdAt: p.datetime().columnType('timestamptz'),
  }),
  indexes: [{ name: 'organization_sort_name_id_index', properties: ['sortName', 'id'] }],
  filters: withinScope(({ ids, siteIds }) => ({
    $or: [
      { id: { $in: [...ids] } },
      sqlCondition('row.id in (select organization_id from accounts.site where id = any ?)', [siteIds]),
    ],
  })),
});

/** A stored organization; queries see it within the viewer's scope and around sites of it only. */
export class OrganizationRecord extends OrganizationSchema.class {}
OrganizationSchema.setClass(OrganizationRecord);
