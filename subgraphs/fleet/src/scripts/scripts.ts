import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { hasPermission } from '@muster/kit/auth/viewer';
import { type Connection, type PageArguments } from '@muster/kit/connection';
import type { RequestContext } from '@muster/kit/context';
import { audit, type Database } from '@muster/kit/database/database';
import { AppError, badInput } from '@muster/kit/errors';
import { isId, newId } from '@muster/kit/ids';
import type { ShellName } from '../commands/command.entity.ts';
import { checkArguments, checkScript, checkTimeout } from '../commands/command-request.ts';
import type { OrdersInput } from '../commands/orders.input.ts';
import { pageOfList } from '../inventory/page-of-list.ts';
import { ScriptEntity, type ScriptRow, ScriptVersionEntity, type ScriptVersionRow } from './script.entity.ts';
import type { CreateScriptInput, UpdateScriptInput } from './script.ts';

/** The version of a stored script that a run names. */
export interface ScriptText {
  readonly scriptId: string;
  readonly version: number;
  readonly shell: ShellName;
  readonly text: string;
  readonly arguments: readonly string[];
  readonly timeoutSeconds: number;
}

type Text = Pick<ScriptVersionRow, 'shell' | 'text' | 'arguments' | 'timeoutSeconds'>;

const MAX_NAME = 100;
const MAX_WORDS = 2_000;
const MAX_SCRIPTS = 10_000;

/** The rules of the script library: a version never changes, and who made it stays on record. */
export class Scripts {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The script, or null. */
  async find(id: string): Promise<ScriptRow | null> {
    return isId(id) ? this.#database.fork().findOne(ScriptEntity, { id }) : null;
  }

  /** Scripts by name, those whose name or description holds the words. */
  async page(page: PageArguments, search: string): Promise<Connection<ScriptRow>> {
    const all = await this.#database.fork().find(ScriptEntity, {}, { orderBy: { name: 'asc' }, limit: MAX_SCRIPTS });
    const wanted = search.toLowerCase();
    return pageOfList(
      all.filter(({ name, description }) => `${name}\n${description ?? ''}`.toLowerCase().includes(wanted)),
      page,
    );
  }

  /** All versions of a script, newest first. */
  versions(scriptId: string): Promise<ScriptVersionRow[]> {
    return this.#database.fork().find(ScriptVersionEntity, { scriptId }, { orderBy: { version: 'desc' } });
  }

  /** What a run names, null where it names no stored script; NOT_FOUND where there is none, or the caller may not read it. */
  async textFor({ viewer }: RequestContext, input: OrdersInput): Promise<ScriptText | null> {
    const { scriptId, scriptVersion } = input;
    if (!scriptId) return null;
    if (!hasPermission(viewer, 'script:read'))
      throw new AppError('FORBIDDEN', 'To run a stored script needs script:read.');
    const script = await this.#require(scriptId);
    const version = scriptVersion ?? script.latestVersion;
    const row = await this.#database.fork().findOne(ScriptVersionEntity, { scriptId: script.id, version });
    if (!row) throw new AppError('NOT_FOUND', 'The script has no such version.');
    return row;
  }

  /** Stores a script with its first version. */
  async create(context: RequestContext, input: CreateScriptInput): Promise<ScriptRow> {
    const name = parseName(input.name);
    const text = {
      shell: input.shell,
      text: checkScript('input.text', input.text),
      arguments: checkArguments('input.arguments', input.arguments),
      timeoutSeconds: checkTimeout('input.timeoutSeconds', input.timeoutSeconds),
    };
    const [id, now] = [newId(), new Date()];
    const description = parseWords('input.description', input.description);
    const comment = parseWords('input.comment', input.comment);
    return this.#unlessNameIsTaken(async em => {
      const script = em.create(ScriptEntity, {
        id,
        name,
        description,
        createdAt: now,
        updatedAt: now,
        latestVersion: 1,
      });
      // the row that versions refer to comes first
      await em.flush();
      addVersion(em, context, { script, text, comment });
      return { script, action: 'script.created', context };
    });
  }

  /** Changes a script; another text is another version. */
  async update(context: RequestContext, input: UpdateScriptInput): Promise<ScriptRow> {
    await this.#require(input.scriptId);
    const comment = parseWords('input.comment', input.comment);
    return this.#unlessNameIsTaken(async em => {
      const locked = { lockMode: LockMode.PESSIMISTIC_WRITE };
      const script = await em.findOneOrFail(ScriptEntity, { id: input.scriptId }, locked);
      if (input.baseVersion && input.baseVersion !== script.latestVersion)
        throw new AppError('CONFLICT', `Version ${script.latestVersion} of this script is newer.`);
      const latest = { scriptId: script.id, version: script.latestVersion };
      const before = await em.findOneOrFail(ScriptVersionEntity, latest);
      const text = changedText(before, input);
      if (typeof input.name === 'string') script.name = parseName(input.name);
      if (input.description !== undefined) script.description = parseWords('input.description', input.description);
      script.updatedAt = new Date();
      if (JSON.stringify(text) !== JSON.stringify(textOf(before))) {
        script.latestVersion += 1;
        addVersion(em, context, { script, text, comment });
      }
      return { script, action: 'script.updated', context };
    });
  }

  /** Deletes a script with its versions. */
  async delete(context: RequestContext, id: string): Promise<void> {
    const { name } = await this.#require(id);
    await this.#database.fork().transactional(async em => {
      await em.nativeDelete(ScriptEntity, { id });
      await audit(em, context, { action: 'script.deleted', target: { type: 'Script', id }, details: { name } });
    });
  }

  async #require(id: string): Promise<ScriptRow> {
    const script = await this.find(id);
    if (!script) throw new AppError('NOT_FOUND', 'There is no such script.');
    return script;
  }

  async #unlessNameIsTaken(work: (em: EntityManager) => Promise<Change>): Promise<ScriptRow> {
    const stored = this.#database.fork().transactional(async em => {
      const { script, action, context } = await work(em);
      await em.flush();
      const { id, name, latestVersion: version } = script;
      await audit(em, context, { action, target: { type: 'Script', id }, details: { name, version } });
      return script;
    });
    return stored.catch(error => {
      throw (error as { code?: unknown }).code === '23505'
        ? badInput('input.name', 'is the name of another script')
        : error;
    });
  }
}

interface Change {
  readonly script: ScriptRow;
  readonly action: string;
  readonly context: RequestContext;
}

function addVersion(
  em: EntityManager,
  { viewer }: RequestContext,
  { script, text, comment }: { script: ScriptRow; text: Text; comment: string | null },
): void {
  em.create(ScriptVersionEntity, {
    scriptId: script.id,
    version: script.latestVersion,
    ...text,
    comment,
    authorKind: viewer.kind,
    authorId: viewer.id,
    authorName: viewer.name,
    createdAt: script.updatedAt,
  });
}

const textOf = ({ shell, text, arguments: list, timeoutSeconds }: Text): Text => ({
  shell,
  text,
  arguments: [...list],
  timeoutSeconds,
});

function changedText(before: Text, input: UpdateScriptInput): Text {
  return {
    shell: input.shell ?? before.shell,
    text: typeof input.text === 'string' ? checkScript('input.text', input.text) : before.text,
    arguments: input.arguments ? checkArguments('input.arguments', input.arguments) : [...before.arguments],
    timeoutSeconds: input.timeoutSeconds
      ? checkTimeout('input.timeoutSeconds', input.timeoutSeconds)
      : before.timeoutSeconds,
  };
}

function parseName(text: string): string {
  const name = text.trim();
  if (name.length < 1 || name.length > MAX_NAME) throw badInput('input.name', `has 1 to ${MAX_NAME} characters`);
  if (/\p{Cc}/u.test(name)) throw badInput('input.name', 'holds a control character');
  return name;
}

function parseWords(path: string, text: string | null | undefined): string | null {
  const words = (text ?? '').replaceAll('\0', '').trim();
  if (words.length > MAX_WORDS) throw badInput(path, `is longer than ${MAX_WORDS} characters`);
  return words === '' ? null : words;
}
