import LayoutDashboard from '@lucide/svelte/icons/layout-dashboard';
import ScrollText from '@lucide/svelte/icons/scroll-text';
import Server from '@lucide/svelte/icons/server';
import Settings from '@lucide/svelte/icons/settings';
import Users from '@lucide/svelte/icons/users';
import { paths } from '#session/paths.ts';

/** A place in the navigation. */
export interface NavEntry {
  readonly title: string;
  readonly href: string;
  readonly icon: typeof Server;
  /** Who lacks all of these never sees it; empty means everybody. */
  readonly permissions: readonly string[];
  isCurrent(path: string): boolean;
}

/** What one works with, at the top. */
export const workEntries: readonly NavEntry[] = [
  { title: 'Overview', href: paths.overview, icon: LayoutDashboard, permissions: [], isCurrent: path => path === '/' },
  {
    title: 'Devices',
    href: paths.devices,
    icon: Server,
    permissions: [],
    isCurrent: path => /^\/(devices|commands)/.test(path),
  },
];

/** What is looked after now and then, at the bottom. */
export const careEntries: readonly NavEntry[] = [
  {
    title: 'Access',
    href: paths.access,
    icon: Users,
    permissions: ['user:read', 'role:read'],
    isCurrent: path => path.startsWith(paths.access),
  },
  {
    title: 'Audit',
    href: paths.audit,
    icon: ScrollText,
    permissions: ['audit:read'],
    isCurrent: path => path.startsWith(paths.audit),
  },
  {
    title: 'Settings',
    href: paths.settings,
    icon: Settings,
    permissions: [],
    isCurrent: path => path.startsWith(paths.settings),
  },
];
