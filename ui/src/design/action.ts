import type { Component } from 'svelte';

/** One verb of the console, defined once and shown as button, palette entry and shortcut. */
export interface Action {
  readonly id: string;
  readonly title: string;
  readonly icon: Component<{ class?: string; 'aria-hidden'?: 'true' }>;
  /** Where the verb leads, if it is a page: it is then shown as a link. */
  readonly href?: string;
  /** `/`, `R` or `Ctrl+K`. */
  readonly shortcut?: string;
  /** `noun:verb`; who lacks it never sees the action. */
  readonly permission?: string;
  /** Why it is impossible just now; shown, but not run. */
  readonly disabledReason?: string | undefined;
  /** Words that find it in the palette besides its title. */
  readonly keywords?: string;
  run?(): void | Promise<void>;
}
