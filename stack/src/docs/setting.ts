import { z } from 'zod';

/** What a process can be told, by name. */
export type Settings = Readonly<Record<string, z.ZodType>>;

/** One setting in words. */
export interface Setting {
  readonly name: string;
  readonly meaning: string;
  /** What it takes, where that is not plain text. */
  readonly takes: string | undefined;
  readonly fallback: string | undefined;
  readonly isRequired: boolean;
  /** Better given by file, with `_FILE` after the name. */
  readonly isSecret: boolean;
}

const SECRET_NAME = /(SECRET|PASSWORD|PRIVATE_KEY|TOKEN|DATABASE_URL)(?!.*_(DIR|FILE)$)/;

/** The settings of a shape in their order there; throws for one without a description. */
export function settingsOf(shape: Settings): Setting[] {
  return Object.entries(shape).map(([name, schema]) => {
    if (!schema.description) throw new Error(`${name} has no description`);
    const untold = schema.safeParse(undefined);
    return {
      name,
      meaning: schema.description,
      takes: takenBy(schema),
      fallback: untold.success && untold.data !== undefined ? String(untold.data) : undefined,
      isRequired: !untold.success,
      isSecret: SECRET_NAME.test(name),
    };
  });
}

function takenBy(schema: z.ZodType): string | undefined {
  const read = (io: 'input' | 'output') => z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  const { enum: values, type, minimum, exclusiveMinimum, maximum, minLength } = read('input');
  if (values) return values.join(', ');
  if (read('output').type === 'boolean') return 'true, false';
  if (minLength) return `at least ${minLength} characters`;
  if (type !== 'integer') return undefined;
  const least = minimum ?? Number(exclusiveMinimum) + 1;
  return maximum === Number.MAX_SAFE_INTEGER ? `a whole number from ${least}` : `${least} to ${maximum}`;
}
