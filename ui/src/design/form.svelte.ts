import { tick } from 'svelte';
import type { GenericSchema, InferInput, InferOutput } from 'valibot';
import { stillTrue, validate } from './validate.ts';

/** What the server had against the values: sentences by field. */
export type Rejection = Readonly<Record<string, string>> | undefined;

interface FormOptions<Schema extends GenericSchema> {
  readonly schema: Schema;
  readonly initial: InferInput<Schema> & object;
  /** Does the work; answers with the server's problems by field, or nothing. */
  submit(output: InferOutput<Schema>): Promise<Rejection>;
}

/** A form's values, problems and busy state; `onsubmit` checks, submits once at a time, and moves the focus to the first wrong field. */
export function useForm<Schema extends GenericSchema>({ schema, initial, submit }: FormOptions<Schema>) {
  const values = $state({ ...initial });
  let found = $state.raw<Readonly<Record<string, string>>>({});
  let judged = $state.raw<Readonly<Record<string, unknown>>>({});
  let isBusy = $state(false);
  // A problem is one of the value that was judged: it goes when the value changes.
  const errors = $derived(stillTrue(found, { judged, values: values as Record<string, unknown> }));

  async function showErrors(form: HTMLFormElement, problems: Readonly<Record<string, string>>) {
    judged = $state.snapshot(values) as Record<string, unknown>;
    found = problems;
    await tick();
    form.querySelector<HTMLElement>('[aria-invalid]')?.focus();
  }

  async function onsubmit(event: SubmitEvent) {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    if (isBusy) return;
    const result = validate(schema, $state.snapshot(values));
    if (!result.isValid) return showErrors(form, result.errors);
    found = {};
    isBusy = true;
    try {
      const rejection = await submit(result.output);
      if (rejection && Object.keys(rejection).length > 0) await showErrors(form, rejection);
    } finally {
      isBusy = false;
    }
  }

  return {
    values: values as InferInput<Schema> & object,
    get errors() {
      return errors;
    },
    get isBusy() {
      return isBusy;
    },
    onsubmit,
  };
}
