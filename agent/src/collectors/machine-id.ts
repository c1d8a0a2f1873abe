import { createHmac } from 'node:crypto';
import { readValue } from '../files.ts';

/** Any other program that derives an id from the same machine derives another one. */
const application = '4d757374-6572-4167-856e-740000000001';

/** An id of this installation, derived for Muster alone from the system's own, which is confidential; null where it has none. */
export function collectMachineId(root = ''): string | null {
  const id = readValue(`${root}/etc/machine-id`) ?? readValue(`${root}/var/lib/dbus/machine-id`);
  if (!id || !/^[0-9a-f]{32}$/.test(id)) return null;
  return createHmac('sha256', Buffer.from(id, 'hex')).update(application).digest('hex').slice(0, 32);
}
