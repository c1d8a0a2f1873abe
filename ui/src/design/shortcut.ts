type KeyPress = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>;

/** True for a shortcut of one key without Ctrl, which a person may turn off. */
export function isSingleKey(shortcut: string): boolean {
  return !shortcut.startsWith('Ctrl+');
}

/** True when the key press means the shortcut; Ctrl and ⌘ are the same. */
export function matchesShortcut(press: KeyPress, shortcut: string): boolean {
  if (press.altKey) return false;
  const hasModifier = press.ctrlKey || press.metaKey;
  if (isSingleKey(shortcut)) return !hasModifier && press.key.toLowerCase() === shortcut.toLowerCase();
  return hasModifier && press.key.toLowerCase() === shortcut.slice('Ctrl+'.length).toLowerCase();
}

/** True where keys write text instead of meaning verbs. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName);
}
