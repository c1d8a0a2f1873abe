/** The look of every text field and select. */
export const controlClass =
  'h-8 w-full min-w-0 rounded-md border border-line-strong bg-surface px-2.5 text-sm aria-invalid:border-crit disabled:opacity-55';
