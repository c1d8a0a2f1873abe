import type { Database } from '@muster/kit/database/database';

/** How long the fleet remembers. */
export interface Retention {
  readonly commandDays: number;
  readonly inventoryChangeDays: number;
}

const BATCH = 5_000;

/** Forgets ended commands with their output, empty jobs and changes of inventories that are older than allowed, in small bites. */
export async function forgetOld(database: Database, { commandDays, inventoryChangeDays }: Retention): Promise<number> {
  const commandsBefore = firstIdOf(daysAgo(commandDays));
  const changesBefore = firstIdOf(daysAgo(inventoryChangeDays));
  // chunks first: a command that drags a thousand of them along would hold its locks for long
  const output = await deleteInBatches(
    database,
    `delete from command_output where (command_id, sequence) in (select o.command_id, o.sequence from command_output o
      join command c on c.id = o.command_id where c.id < $1 and c.finished_at is not null limit ${BATCH})`,
    commandsBefore,
  );
  const commands = await deleteInBatches(
    database,
    `delete from command where id in (select id from command where id < $1 and finished_at is not null order by id limit ${BATCH})`,
    commandsBefore,
  );
  const jobs = await deleteInBatches(
    database,
    `delete from job where id in (select j.id from job j where j.id < $1 and not exists (select 1 from command c where c.job_id = j.id) limit ${BATCH})`,
    commandsBefore,
  );
  const changes = await deleteInBatches(
    database,
    `delete from inventory_change where id in (select id from inventory_change where id < $1 order by id limit ${BATCH})`,
    changesBefore,
  );
  return output + commands + jobs + changes;
}

async function deleteInBatches(database: Database, statement: string, before: string): Promise<number> {
  let deleted = 0;
  for (;;) {
    const { rowCount } = await database.pool.query(statement, [before]);
    deleted += rowCount ?? 0;
    if ((rowCount ?? 0) < BATCH) return deleted;
  }
}

const daysAgo = (days: number): number => Date.now() - days * 86_400_000;

/** The least id that can have been made at the time: ids begin with their milliseconds (UUIDv7). */
function firstIdOf(time: number): string {
  const milliseconds = Math.max(Math.floor(time), 0).toString(16).padStart(12, '0');
  return `${milliseconds.slice(0, 8)}-${milliseconds.slice(8)}-7000-8000-000000000000`;
}
