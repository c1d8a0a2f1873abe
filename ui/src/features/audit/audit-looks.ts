import type { StatusLook } from '#design/status.ts';
import { paths } from '#session/paths.ts';
import type { AuditRow } from './audit.ts';

/** How each outcome is shown. */
export const outcomeLooks: Record<AuditRow['outcome'], StatusLook> = {
  SUCCEEDED: { word: 'Done', tone: 'ok', shape: 'check' },
  REFUSED: { word: 'Refused', tone: 'crit', shape: 'cross' },
};

/** Kinds of whoever acted, in words. */
export const actorKinds: Record<AuditRow['actor']['kind'], string> = {
  ANONYMOUS: 'not signed in',
  USER: 'user',
  API_KEY: 'API key',
  DEVICE: 'device',
  SYSTEM: 'Muster itself',
};

const pages: Readonly<Record<string, (id: string) => string>> = {
  Device: paths.device,
  Command: paths.command,
  User: paths.user,
  Role: paths.role,
};

/** The page of what was acted on, where there is one. */
export function targetPath(target: AuditRow['target']): string | undefined {
  return target ? pages[target.type]?.(target.id) : undefined;
}
