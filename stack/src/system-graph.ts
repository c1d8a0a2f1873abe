import type { Viewer } from '@muster/kit/auth/viewer';
import { createContext } from '@muster/kit/context';
import { InProcessExecutor } from '@muster/kit/in-process';
import type { Stack } from './stack.ts';

/** The installation acting on itself: it may see organizations and let its own machine enrol, nothing else. */
const system: Viewer = {
  kind: 'SYSTEM',
  id: 'local-agent',
  name: 'Muster',
  permissions: ['organization:read', 'device:enroll'],
  scope: { kind: 'ALL' },
};

/** Asks a service of this process as the installation itself; throws the first error of the answer. */
export async function askService<T>(
  stack: Stack,
  service: string,
  request: { query: string; variables?: Record<string, unknown> },
): Promise<T> {
  const target = stack.services.get(service);
  if (!target) throw new Error(`there is no service ${service}`);
  const { data, errors } = await new InProcessExecutor(target.schema, () => {}).execute(
    request,
    createContext({ viewer: system }),
  );
  if (errors?.[0]) throw new Error(errors[0].message);
  return data as T;
}
