import { Requires } from '@muster/kit/auth/access';
import type { Connection } from '@muster/kit/connection';
import type { RequestContext } from '@muster/kit/context';
import { Arg, Args, ArgsType, Ctx, Field, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Actor } from '../commands/command.ts';
import { PageArguments } from '../devices/device.input.ts';
import type { ScriptRow, ScriptVersionRow } from './script.entity.ts';
import {
  CreateScriptInput,
  CreateScriptPayload,
  DeleteScriptInput,
  DeleteScriptPayload,
  Script,
  ScriptConnection,
  ScriptVersion,
  UpdateScriptInput,
  UpdateScriptPayload,
} from './script.ts';
import type { Scripts } from './scripts.ts';

/** Which page of which scripts. */
@ArgsType()
export class ScriptPageArguments extends PageArguments {
  @Field(() => String, { nullable: true, description: 'Part of a name or description.' })
  search?: string | null;
}

/** The door to the script library. */
@Resolver(() => Script)
export class ScriptsResolver {
  readonly #scripts: Scripts;

  constructor(scripts: Scripts) {
    this.#scripts = scripts;
  }

  @Requires('script:read')
  @Query(() => Script, { nullable: true, description: 'One stored script, or null where it does not exist.' })
  script(@Arg('id', () => ID) id: string): Promise<ScriptRow | null> {
    return this.#scripts.find(id);
  }

  @Requires('script:read')
  @Query(() => ScriptConnection, { description: 'Stored scripts by name.' })
  scripts(@Args(() => ScriptPageArguments) { search, ...page }: ScriptPageArguments): Promise<Connection<ScriptRow>> {
    return this.#scripts.page(page, search ?? '');
  }

  @Requires('script:write')
  @Mutation(() => CreateScriptPayload, { description: 'Stores a script.' })
  async createScript(
    @Ctx() context: RequestContext,
    @Arg('input', () => CreateScriptInput) input: CreateScriptInput,
  ): Promise<CreateScriptPayload> {
    return { script: await this.#scripts.create(context, input) };
  }

  @Requires('script:write')
  @Mutation(() => UpdateScriptPayload, { description: 'Changes a script; another text is another version.' })
  async updateScript(
    @Ctx() context: RequestContext,
    @Arg('input', () => UpdateScriptInput) input: UpdateScriptInput,
  ): Promise<UpdateScriptPayload> {
    return { script: await this.#scripts.update(context, input) };
  }

  @Requires('script:write')
  @Mutation(() => DeleteScriptPayload, { description: 'Deletes a script with its versions.' })
  async deleteScript(
    @Ctx() context: RequestContext,
    @Arg('input', () => DeleteScriptInput) input: DeleteScriptInput,
  ): Promise<DeleteScriptPayload> {
    await this.#scripts.delete(context, input.scriptId);
    return { scriptId: input.scriptId };
  }

  @FieldResolver(() => [ScriptVersion], { description: 'Newest first.' })
  versions(@Root() { id }: ScriptRow): Promise<ScriptVersionRow[]> {
    return this.#scripts.versions(id);
  }
}

/** Fields of a version that are not in its own row. */
@Resolver(() => ScriptVersion)
export class ScriptVersionResolver {
  @FieldResolver(() => Actor)
  author(@Root() { authorKind, authorId, authorName }: ScriptVersionRow): Actor {
    return {
      kind: authorKind as Actor['kind'],
      name: authorName,
      user: authorKind === 'USER' ? { id: authorId } : null,
    };
  }
}
