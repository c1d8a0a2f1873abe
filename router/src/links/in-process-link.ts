import { createContext } from '@muster/kit/context';
import { InProcessExecutor } from '@muster/kit/in-process';
import type { Log } from '@muster/kit/log';
import type { Service } from '@muster/kit/service';
import type { ServiceEvent, ServiceLink } from './service-link.ts';

/** A link to a service of this process: no wire, no identity token, the same masking. */
export function inProcessLink(service: Service, log: Log): ServiceLink {
  const executor = new InProcessExecutor(service.schema, error =>
    log.error({ err: error, service: service.name }, 'defect'),
  );
  return {
    name: service.name,
    execute: async (request, call) => {
      const context = createContext(call);
      const result = await executor.execute(request, context);
      return { result, session: context.effects.session };
    },
    subscribe: async (request, call) =>
      (await executor.subscribe(request, createContext(call))) as AsyncIterator<ServiceEvent, undefined>,
    checkReady: () => service.checkReady(),
    [Symbol.asyncDispose]: async () => {},
  };
}
