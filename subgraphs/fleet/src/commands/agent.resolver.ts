import { Requires } from '@muster/kit/auth/access';
import type { RequestContext } from '@muster/kit/context';
import { wiredSource } from '@muster/kit/federation';
import { Arg, Ctx, Mutation, Resolver, Root, Subscription } from 'type-graphql';
import { AGENT_PERMISSION } from '../identity/device-credential.ts';
import { DeviceSignal } from '../presence/device-signal.ts';
import type { Presence } from '../presence/presence.ts';
import { ReportPresenceInput, ReportPresencePayload } from '../presence/report-presence.ts';
import {
  LeaseCommandsInput,
  LeaseCommandsPayload,
  ReportCommandsInput,
  ReportCommandsPayload,
} from './agent-operations.ts';
import type { Leases } from './leases.ts';
import { checkReports } from './report-input.ts';
import type { CommandReports } from './reports.ts';

/** The door for agents: a device speaks of itself only. */
@Resolver()
export class AgentResolver {
  readonly #leases: Leases;
  readonly #reports: CommandReports;
  readonly #presence: Presence;

  constructor(parts: { leases: Leases; reports: CommandReports; presence: Presence }) {
    this.#leases = parts.leases;
    this.#reports = parts.reports;
    this.#presence = parts.presence;
  }

  @Requires(AGENT_PERMISSION)
  @Mutation(() => LeaseCommandsPayload, {
    description: 'Signed orders for the calling device; each comes again until it is reported as started.',
  })
  async leaseCommands(
    @Ctx() context: RequestContext,
    @Arg('input', () => LeaseCommandsInput) input: LeaseCommandsInput,
  ): Promise<LeaseCommandsPayload> {
    return { commands: await this.#leases.lease(context.viewer.id, input.max ?? 16) };
  }

  @Requires(AGENT_PERMISSION)
  @Mutation(() => ReportCommandsPayload, {
    description: 'News of the calling device’s commands; what is acknowledged is committed.',
  })
  async reportCommands(
    @Ctx() context: RequestContext,
    @Arg('input', () => ReportCommandsInput) input: ReportCommandsInput,
  ): Promise<ReportCommandsPayload> {
    return { acknowledged: await this.#reports.report(context.viewer.id, checkReports(input)) };
  }

  @Requires(AGENT_PERMISSION)
  @Mutation(() => ReportPresencePayload, {
    description: 'A sign of life with the device’s own clock, by which its skew is measured.',
  })
  async reportPresence(
    @Ctx() context: RequestContext,
    @Arg('input', () => ReportPresenceInput) input: ReportPresenceInput,
  ): Promise<ReportPresencePayload> {
    const { agentTime, bootedAt = null, agentVersion = null } = input;
    await this.#presence.report(context.viewer.id, { agentTime, bootedAt, agentVersion });
    return { serverTime: new Date() };
  }

  @Requires(AGENT_PERMISSION)
  @Subscription(() => DeviceSignal, {
    ...wiredSource,
    description: 'Wake-ups for the calling device; while it is open the device is online.',
  })
  deviceSignals(@Root() signal: DeviceSignal): DeviceSignal {
    return signal;
  }
}
