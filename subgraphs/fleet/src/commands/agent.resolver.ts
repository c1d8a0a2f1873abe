import { Requires } from '@muster/kit/auth/access';
import type { RequestContext } from '@muster/kit/context';
import { wiredSource } from '@muster/kit/federation';
import { Arg, Ctx, Mutation, Resolver, Root, Subscription } from 'type-graphql';
import { AGENT_PERMISSION } from '../identity/device-credential.ts';
import { DeviceSignal } from '../presence/device-signal.ts';
import {
  LeaseCommandsInput,
  LeaseCommandsPayload,
  ReportCommandsInput,
  ReportCommandsPayload,
} from './agent-operations.ts';
import { type LeaseParts, leaseCommands } from './leases.ts';
import { checkReports } from './report-input.ts';
import type { CommandReports } from './reports.ts';

/** The door for agents: a device speaks of itself only. */
@Resolver()
export class AgentResolver {
  readonly #leases: LeaseParts;
  readonly #reports: CommandReports;

  constructor(leases: LeaseParts, reports: CommandReports) {
    this.#leases = leases;
    this.#reports = reports;
  }

  @Requires(AGENT_PERMISSION)
  @Mutation(() => LeaseCommandsPayload, {
    description: 'Signed orders for the calling device; each comes again until it is reported as started.',
  })
  async leaseCommands(
    @Ctx() context: RequestContext,
    @Arg('input', () => LeaseCommandsInput) input: LeaseCommandsInput,
  ): Promise<LeaseCommandsPayload> {
    return { commands: await leaseCommands(this.#leases, context.viewer.id, input.max ?? 16) };
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
  @Subscription(() => DeviceSignal, {
    ...wiredSource,
    description: 'Wake-ups for the calling device; while it is open the device is online.',
  })
  deviceSignals(@Root() signal: DeviceSignal): DeviceSignal {
    return signal;
  }
}
