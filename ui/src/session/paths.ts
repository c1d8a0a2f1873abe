/** The addresses of the console's pages; every link is made here. */
export const paths = {
  overview: '/',
  logIn: '/login',
  setUp: '/setup',
  devices: '/devices',
  addDevice: '/devices/new',
  device: (id: string) => `/devices/${encodeURIComponent(id)}`,
  runCommand: (deviceId: string) => `/devices/${encodeURIComponent(deviceId)}/run`,
  command: (id: string) => `/commands/${encodeURIComponent(id)}`,
} as const;
