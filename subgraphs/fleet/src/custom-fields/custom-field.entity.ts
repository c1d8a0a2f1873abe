import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

/** Kinds of values. */
export const CUSTOM_FIELD_KINDS = ['TEXT', 'NUMBER', 'BOOLEAN'] as const;
export type CustomFieldKindName = (typeof CUSTOM_FIELD_KINDS)[number];

/** Row of a field that people have defined for devices. */
export const CustomFieldEntity = defineEntity({
  name: 'CustomField',
  tableName: 'custom_field',
  properties: {
    id: p.uuid().primary(),
    name: p.string(),
    kind: p.enum(CUSTOM_FIELD_KINDS),
    description: p.text().nullable(),
    createdAt: p.datetime(),
  },
});
export type CustomFieldRow = InferEntity<typeof CustomFieldEntity>;
