import LayoutDashboard from '@lucide/svelte/icons/layout-dashboard';
import LogOut from '@lucide/svelte/icons/log-out';
import Plus from '@lucide/svelte/icons/plus';
import Server from '@lucide/svelte/icons/server';
import SunMoon from '@lucide/svelte/icons/sun-moon';
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
  addDevice,
  { id: 'theme.next', title: 'Change theme', icon: SunMoon, keywords: 'dark light system', run: () => theme.next() },
  { id: 'session.end', title: 'Sign out', icon: LogOut, keywords: 'log out', run: () => session.end() },
];
