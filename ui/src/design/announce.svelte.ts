let message = $state('');

/** Has a screen reader say one sentence when it is free to. */
export function announce(text: string): void {
  message = '';
  queueMicrotask(() => {
    message = text;
  });
}

/** The sentence to be said now. */
export function announcement(): string {
  return message;
}
