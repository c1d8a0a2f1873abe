import type { RequestContext } from '@muster/kit/context';
import { audit, type Database } from '@muster/kit/database/database';
import { AppError, badInput } from '@muster/kit/errors';
import { isId, newId } from '@muster/kit/ids';
import DataLoader from 'dataloader';
import type { CustomValues, DeviceRow } from '../devices/device.entity.ts';
import type { DeviceEdits } from '../devices/device-edits.ts';
import { CustomFieldEntity, type CustomFieldRow } from './custom-field.entity.ts';
import type { CreateCustomFieldInput, CustomFieldValue, SetDeviceCustomFieldsInput } from './custom-field.ts';

const MAX_FIELDS = 200;
const MAX_NAME = 100;
const MAX_VALUE = 1_000;

/** The rules of custom fields: definitions are of the installation, values of each device and of their field's kind. */
export class CustomFields {
  readonly #database: Database;
  readonly #edits: DeviceEdits;
  /** Definitions are few: whoever asks in one turn gets them from one statement. */
  readonly #all: DataLoader<'all', CustomFieldRow[]>;

  constructor(database: Database, edits: DeviceEdits) {
    this.#database = database;
    this.#edits = edits;
    this.#all = new DataLoader(
      async keys => {
        const rows = await database.fork().find(CustomFieldEntity, {}, { orderBy: { name: 'asc' } });
        return keys.map(() => rows);
      },
      { cache: false },
    );
  }

  /** Every definition by name. */
  list(): Promise<CustomFieldRow[]> {
    return this.#all.load('all');
  }

  /** What is noted about the device, by the names of the fields. */
  async valuesOf({ customFields }: DeviceRow): Promise<CustomFieldValue[]> {
    if (Object.keys(customFields).length === 0) return [];
    return (await this.list()).flatMap(field => {
      const value = customFields[field.id];
      return value === undefined ? [] : [{ field, value: String(value) }];
    });
  }

  /** Defines a field. */
  async create(context: RequestContext, input: CreateCustomFieldInput): Promise<CustomFieldRow> {
    const name = input.name.trim();
    if (name.length < 1 || name.length > MAX_NAME) throw badInput('input.name', `has 1 to ${MAX_NAME} characters`);
    if (/\p{Cc}/u.test(name)) throw badInput('input.name', 'holds a control character');
    const description = input.description?.replaceAll('\0', '').slice(0, MAX_VALUE).trim() || null;
    const fields = await this.list();
    if (fields.length >= MAX_FIELDS)
      throw new AppError('LIMIT_EXCEEDED', `There are ${MAX_FIELDS} custom fields already.`);
    const stored = this.#database.fork().transactional(async em => {
      const row = em.create(CustomFieldEntity, {
        id: newId(),
        name,
        kind: input.kind,
        description,
        createdAt: new Date(),
      });
      await em.flush();
      const target = { type: 'CustomField', id: row.id };
      await audit(em, context, { action: 'customField.created', target, details: { name, kind: row.kind } });
      return row;
    });
    return stored.catch(error => {
      throw (error as { code?: unknown }).code === '23505'
        ? badInput('input.name', 'is the name of another field')
        : error;
    });
  }

  /** Deletes a field with its values. */
  async delete(context: RequestContext, id: string): Promise<void> {
    const field = isId(id) ? (await this.list()).find(one => one.id === id.toLowerCase()) : undefined;
    if (!field) throw new AppError('NOT_FOUND', 'There is no such custom field.');
    await this.#database.fork().transactional(async em => {
      await em.nativeDelete(CustomFieldEntity, { id: field.id });
      await em.execute(
        'update device set custom_fields = custom_fields - ?::text where jsonb_exists(custom_fields, ?)',
        [field.id, field.id],
      );
      const target = { type: 'CustomField', id: field.id };
      await audit(em, context, { action: 'customField.deleted', target, details: { name: field.name } });
    });
  }

  /** Notes values about a device; those that are null are taken away. */
  async set(context: RequestContext, input: SetDeviceCustomFieldsInput): Promise<DeviceRow> {
    const fields = new Map((await this.list()).map(field => [field.id, field]));
    const changes = input.values.map(({ customFieldId, value }, index) => {
      const path = `input.values.${index}`;
      const field = fields.get(customFieldId.toLowerCase());
      if (!field) throw badInput(`${path}.customFieldId`, 'is no custom field');
      return [field, typeof value === 'string' ? parseValue(`${path}.value`, field, value) : undefined] as const;
    });
    return this.#edits.change(context, input.deviceId, {
      action: 'device.customFieldsSet',
      details: { fields: changes.map(([{ name }]) => name) },
      set: row => Object.assign(row, { customFields: merge(row.customFields, changes) }),
    });
  }
}

type Change = readonly [CustomFieldRow, string | number | boolean | undefined];

function merge(before: CustomValues, changes: readonly Change[]): CustomValues {
  const values = new Map(Object.entries(before));
  for (const [{ id }, value] of changes) {
    if (value === undefined) values.delete(id);
    else values.set(id, value);
  }
  return Object.fromEntries(values);
}

function parseValue(path: string, { kind }: CustomFieldRow, text: string): string | number | boolean {
  if (text.length > MAX_VALUE) throw badInput(path, `is longer than ${MAX_VALUE} characters`);
  if (kind === 'TEXT') return text.replaceAll('\0', '');
  if (kind === 'BOOLEAN') {
    if (text !== 'true' && text !== 'false') throw badInput(path, 'is true or false');
    return text === 'true';
  }
  const number = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(number)) throw badInput(path, 'is not a number');
  return number;
}
