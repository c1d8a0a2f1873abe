import { isIPv6 } from 'node:net';
import type { CallFacts } from '@muster/kit/auth/identity';
import type { Viewer } from '@muster/kit/auth/viewer';
import { AppError } from '@muster/kit/errors';
import { type Rate, TokenBuckets } from './token-buckets.ts';

/** How often callers may call: people and keys each, devices each, addresses without a credential each. */
export interface RateTuning {
  readonly callers: Rate;
  readonly devices: Rate;
  readonly anonymous: Rate;
  /** Mutations that guess or make credentials, per address and for each time one stands in a document. */
  readonly doors: Readonly<Record<string, Rate>>;
}

/**
 * A person's console and scripts stay far below. A device sends some calls a minute; its bucket holds what it has saved
 * up while it was away. The doors let an office sign in at nine, and a roll-out of hundreds of machines enrol.
 */
export const defaultRates: RateTuning = {
  callers: { burst: 1_000, perSecond: 200 },
  devices: { burst: 1_000, perSecond: 100 },
  anonymous: { burst: 200, perSecond: 20 },
  doors: {
    logIn: { burst: 20, perSecond: 0.5 },
    completeSetup: { burst: 5, perSecond: 0.1 },
    enrollDevice: { burst: 200, perSecond: 10 },
  },
};

/** Who calls, from where. */
export type RatedCall = Pick<CallFacts, 'remoteAddress'> & { readonly viewer: Viewer };

/** Holds every caller to its rate; refuses with RATE_LIMITED and the seconds after which trying again helps. */
export class RateLimits {
  readonly #callers: TokenBuckets;
  readonly #devices: TokenBuckets;
  readonly #anonymous: TokenBuckets;
  readonly #doors: ReadonlyMap<string, TokenBuckets>;

  constructor(tuning: Partial<RateTuning> = {}) {
    const { callers, devices, anonymous, doors } = { ...defaultRates, ...tuning };
    this.#callers = new TokenBuckets(callers);
    this.#devices = new TokenBuckets(devices);
    this.#anonymous = new TokenBuckets(anonymous);
    this.#doors = new Map(Object.entries(doors).map(([name, rate]) => [name, new TokenBuckets(rate)]));
  }

  /** The refusal of one more call of this caller; undefined where it may call. */
  refusal({ viewer, remoteAddress }: RatedCall): AppError | undefined {
    return refusalOf(this.#bucketsOf(viewer).take(viewer.id || addressKey(remoteAddress)));
  }

  /** The refusal of a document with these root fields; undefined where each of them may be tried once more. */
  doorRefusal(rootFields: readonly string[], { remoteAddress }: RatedCall): AppError | undefined {
    const tries = Map.groupBy(rootFields, name => name);
    for (const [name, times] of tries) {
      const refusal = refusalOf(this.#doors.get(name)?.take(addressKey(remoteAddress), times.length) ?? 0);
      if (refusal) return refusal;
    }
    return undefined;
  }

  #bucketsOf({ kind, id }: Viewer): TokenBuckets {
    if (kind === 'DEVICE') return this.#devices;
    return id === '' ? this.#anonymous : this.#callers;
  }
}

function refusalOf(retryAfterSeconds: number): AppError | undefined {
  if (retryAfterSeconds === 0) return undefined;
  const message = `Too many calls. Try again in ${retryAfterSeconds} s.`;
  return new AppError('RATE_LIMITED', message, { retryAfterSeconds });
}

/** One IPv6 customer has at least the 2^64 addresses of a subnet, so the subnet is what is counted. */
function addressKey(address = ''): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  const rest = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - groups.length - rest.length;
  return [...groups, ...Array<string>(Math.max(0, zeros)).fill('0'), ...rest].slice(0, 4).join(':');
}
