import { type GenericSchema, getDotPath, type InferOutput, safeParse } from 'valibot';

/** What a form's values turned out to be: a clean output, or one sentence per wrong field. */
export type Validation<Output> =
  | { readonly isValid: true; readonly output: Output }
  | { readonly isValid: false; readonly errors: Readonly<Record<string, string>> };

// A list in a form's state is another object than its copy: what counts is what is in it.
function isSame(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

/** The problems of fields that still hold the value they were found in. */
export function stillTrue(
  found: Readonly<Record<string, string>>,
  { judged, values }: { judged: Readonly<Record<string, unknown>>; values: Readonly<Record<string, unknown>> },
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(found).filter(([field]) => isSame(judged[field], values[field])));
}

/** Checks values against a schema; the first problem of each field counts. */
export function validate<Schema extends GenericSchema>(
  schema: Schema,
  values: unknown,
): Validation<InferOutput<Schema>> {
  const result = safeParse(schema, values);
  if (result.success) return { isValid: true, output: result.output };
  const errors: Record<string, string> = {};
  for (const issue of result.issues) errors[getDotPath(issue) ?? ''] ??= issue.message;
  return { isValid: false, errors };
}
