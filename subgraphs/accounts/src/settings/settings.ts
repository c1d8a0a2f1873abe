import type { RequestContext } from '@muster/kit/context';
import { audit } from '@muster/kit/database/database';
import { requireEverywhere, requirePerson } from '../roles/authority.ts';
import type { Store } from '../store.ts';
import { SETTINGS_ID, SettingsRecord } from './settings.entity.ts';

/** What can be set. */
export interface SettingsFacts {
  readonly acceptsAccessRequests: boolean;
}

/** Settings of the installation that are about people. */
export class Settings {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** The settings as they are now. */
  async read(): Promise<SettingsFacts> {
    return this.#store.asService().findOneOrFail(SettingsRecord, SETTINGS_ID);
  }

  /** Changes what is given; only who holds the right everywhere may. */
  async update(changes: Partial<SettingsFacts>, context: RequestContext): Promise<SettingsFacts> {
    requirePerson(context.viewer);
    requireEverywhere(context.viewer, 'settings:write');
    return this.#store.as(context.viewer, 'settings:write').transactional(async em => {
      const row = await em.findOneOrFail(SettingsRecord, SETTINGS_ID);
      em.assign(row, changes);
      await em.flush();
      const target = { type: 'Settings', id: 'accounts' };
      await audit(em, context, { action: 'settings.updated', target, details: { ...changes } });
      return row;
    });
  }
}
