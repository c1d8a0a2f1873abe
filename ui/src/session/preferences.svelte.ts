const storageKey = 'muster.single-key-shortcuts';

function read(): boolean {
  try {
    return localStorage.getItem(storageKey) !== 'off';
  } catch {
    return true;
  }
}

/** What a person chose for this browser. */
class Preferences {
  /** Shortcuts of one key can be turned off: they get in the way of speech input (WCAG 2.1.4). */
  hasSingleKeys = $state(read());

  toggleSingleKeys(): void {
    this.hasSingleKeys = !this.hasSingleKeys;
    try {
      localStorage.setItem(storageKey, this.hasSingleKeys ? 'on' : 'off');
    } catch {
      // Storage is blocked: the choice holds until the page is closed.
    }
  }
}

/** The one set of preferences of this page. */
export const preferences = new Preferences();
