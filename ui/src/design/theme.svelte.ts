/** What the person chose; `system` follows the operating system. */
export type ThemeChoice = 'system' | 'light' | 'dark';

const storageKey = 'muster.theme';
const order: readonly ThemeChoice[] = ['system', 'light', 'dark'];

function readChoice(): ThemeChoice {
  try {
    const stored = localStorage.getItem(storageKey);
    return stored === 'light' || stored === 'dark' ? stored : 'system';
  } catch {
    return 'system';
  }
}

/** The theme of the page; static/theme.js applies the stored choice before the first paint, this keeps it from then on. */
class Theme {
  choice = $state(readChoice());
  readonly #system = matchMedia('(prefers-color-scheme: dark)');

  constructor() {
    this.#system.addEventListener('change', () => this.#apply());
  }

  /** System, light, dark, and round again. */
  next(): void {
    this.choice = order[(order.indexOf(this.choice) + 1) % order.length] ?? 'system';
    try {
      localStorage.setItem(storageKey, this.choice);
    } catch {
      // Storage is blocked: the choice holds until the page is closed.
    }
    this.#apply();
  }

  #apply(): void {
    const isDark = this.choice === 'dark' || (this.choice === 'system' && this.#system.matches);
    document.documentElement.classList.toggle('dark', isDark);
  }
}

/** The one theme of this page. */
export const theme = new Theme();
