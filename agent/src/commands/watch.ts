import { watch } from 'node:fs';

/** Ends the watching. */
export interface FolderWatch {
  /** False when the kernel has no watch left to give and the folder is polled. */
  readonly isNotified: boolean;
  close(): void;
}

const pollMs = 50;
const safetyPollMs = 500;

/** Calls back when something in a folder may have changed: at once where the kernel tells, else every 50 ms. */
export function watchFolder(folder: string, onChange: () => void, watcher: typeof watch = watch): FolderWatch {
  let timer: NodeJS.Timeout;
  const poll = (ms: number) => {
    clearInterval(timer);
    timer = setInterval(onChange, ms);
  };
  poll(pollMs);
  try {
    const notifier = watcher(folder, onChange);
    notifier.on('error', () => poll(pollMs));
    poll(safetyPollMs);
    const close = () => {
      clearInterval(timer);
      notifier.close();
    };
    return { isNotified: true, close };
  } catch {
    // EMFILE, ENOSPC: inotify instances are few and shared with every other program of the user.
    return { isNotified: false, close: () => clearInterval(timer) };
  }
}
