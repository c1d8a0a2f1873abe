import LayoutDashboard from '@lucide/svelte/icons/layout-dashboard';
import LogOut from '@lucide/svelte/icons/log-out';
import Plus from '@lucide/svelte/icons/plus';
import ScrollText from '@lucide/svelte/icons/scroll-text';
import Server from '@lucide/svelte/icons/server';
import Settings from '@lucide/svelte/icons/settings';
import SunMoon from '@lucide/svelte/icons/sun-moon';
import Users from '@lucide/svelte/icons/users';
import type { Action } from '#design/action.ts';
import { theme } from '#design/theme.svelte.ts';
import { paths } from '#session/paths.ts';
import { session } from '#session/session.svelte.ts';

/** Adds a device; the header shows it as its one primary button. */
export const addDevice: Action = {
  id: 'device.add',
  title: 'Add device',
  icon: Plus,
  href: paths.addDevice,
  permission: 'device:enroll',
  shortcut: 'N',
  keywords: 'enrol enroll install agent new',
};

/** The verbs that are possible everywhere. */
export const commonActions: readonly Action[] = [
  { id: 'go.overview', title: 'Overview', icon: LayoutDashboard, href: paths.overview, keywords: 'home start go' },
  {
    id: 'go.devices',
    title: 'Devices',
    icon: Server,
    href: paths.devices,
    permission: 'device:read',
    keywords: 'machines fleet list go',
  },
  {
    id: 'go.users',
    title: 'Users',
    icon: Users,
    href: paths.users,
    permission: 'user:read',
    keywords: 'access people go',
  },
  {
    id: 'go.roles',
    title: 'Roles',
    icon: Users,
    href: paths.roles,
    permission: 'role:read',
    keywords: 'access permissions go',
  },
  {
    id: 'go.explain',
    title: 'Explain access',
    icon: Users,
    href: paths.explainAccess,
    permission: 'role:read',
    keywords: 'why may permission go',
  },
  {
    id: 'go.audit',
    title: 'Audit',
    icon: ScrollText,
    href: paths.audit,
    permission: 'audit:read',
    keywords: 'trail log go',
  },
  {
    id: 'go.account',
    title: 'Account',
    icon: Settings,
    href: paths.account,
    keywords: 'settings password sessions go',
  },
  { id: 'go.api-keys', title: 'API keys', icon: Settings, href: paths.apiKeys, keywords: 'settings tokens go' },
  {
    id: 'go.organizations',
    title: 'Organizations',
    icon: Settings,
    href: paths.organizations,
    permission: 'organization:read',
    keywords: 'settings sites clients go',
  },
  addDevice,
  { id: 'theme.next', title: 'Change theme', icon: SunMoon, keywords: 'dark light system', run: () => theme.next() },
  { id: 'session.end', title: 'Sign out', icon: LogOut, keywords: 'log out', run: () => session.end() },
];
