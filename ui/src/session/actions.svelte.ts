import { untrack } from 'svelte';
import type { Action } from '#design/action.ts';
import { isSingleKey, isTyping, matchesShortcut } from '#design/shortcut.ts';
import { goto } from '$app/navigation';
import { preferences } from './preferences.svelte.ts';
import { session } from './session.svelte.ts';

type Provider = () => readonly Action[];

/** Every verb that is possible on the page in front of the person: the palette and the keyboard read it. */
class Actions {
  #providers = $state.raw<readonly Provider[]>([]);

  /** What the person may do here; what a page adds comes before what is everywhere. */
  readonly all = $derived(
    this.#providers.flatMap(provider => provider()).filter(action => session.may(action.permission)),
  );

  /** Adds verbs until the returned function is called. */
  provide(provider: Provider): () => void {
    this.#providers = [provider, ...this.#providers];
    return () => {
      this.#providers = this.#providers.filter(other => other !== provider);
    };
  }

  /** Runs an action, unless it is impossible just now. */
  async run(action: Action): Promise<void> {
    if (action.disabledReason) return;
    if (action.href) await goto(action.href);
    else await action.run?.();
  }

  /** Runs the action whose shortcut was pressed; true when there was one. */
  handleKey(event: KeyboardEvent): boolean {
    const action = this.all.find(({ shortcut }) => shortcut !== undefined && this.#isMeant(event, shortcut));
    if (!action || action.disabledReason) return false;
    event.preventDefault();
    void this.run(action);
    return true;
  }

  #isMeant(event: KeyboardEvent, shortcut: string): boolean {
    if (isSingleKey(shortcut) && (!preferences.hasSingleKeys || isTyping(event.target))) return false;
    return matchesShortcut(event, shortcut);
  }
}

/** The one registry of this page. */
export const actions = new Actions();

/** Offers the verbs while the component lives. */
export function useActions(provider: Provider): void {
  $effect(() => untrack(() => actions.provide(provider)));
}
