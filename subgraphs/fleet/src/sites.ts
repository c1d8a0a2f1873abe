import { maySeeOrganization, type Viewer } from '@muster/kit/auth/viewer';
import type { Database } from '@muster/kit/database/database';
import { AppError } from '@muster/kit/errors';
import { isId } from '@muster/kit/ids';

/** The organization of a site that the viewer may see, or NOT_FOUND; accounts publishes the function. */
export async function organizationOfSite(database: Database, viewer: Viewer, siteId: string): Promise<string> {
  const { rows } = isId(siteId)
    ? await database.pool.query<{ id: string | null }>('select directory.organization_of_site($1::uuid) as id', [
        siteId,
      ])
    : { rows: [] };
  const id = rows[0]?.id;
  if (!id || !maySeeOrganization(viewer, id)) throw new AppError('NOT_FOUND', 'There is no such site.');
  return id;
}
