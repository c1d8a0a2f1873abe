import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { SHELLS } from '../commands/command.entity.ts';

/** Row of a stored script; what it does is in its versions. */
export const ScriptEntity = defineEntity({
  name: 'Script',
  tableName: 'script',
  properties: {
    id: p.uuid().primary(),
    name: p.string(),
    description: p.text().nullable(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
    latestVersion: p.integer(),
  },
});
export type ScriptRow = InferEntity<typeof ScriptEntity>;

/** Row of one version of a script; it never changes. */
export const ScriptVersionEntity = defineEntity({
  name: 'ScriptVersion',
  tableName: 'script_version',
  properties: {
    scriptId: p.uuid().primary(),
    version: p.integer().primary(),
    shell: p.enum(SHELLS),
    text: p.text(),
    arguments: p.json<readonly string[]>(),
    timeoutSeconds: p.integer(),
    comment: p.text().nullable(),
    authorKind: p.string(),
    authorId: p.string(),
    authorName: p.string(),
    createdAt: p.datetime(),
  },
});
export type ScriptVersionRow = InferEntity<typeof ScriptVersionEntity>;
