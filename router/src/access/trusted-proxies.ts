import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import type { TLSSocket } from 'node:tls';

/** Where a request comes from, as far as it can be believed. */
export interface Origin {
  readonly remoteAddress: string | undefined;
  /** True where the caller's own connection is TLS, also one that a trusted proxy ends. */
  readonly isTls: boolean;
}

/** Addresses whose word on the caller is believed: everybody else's X-Forwarded-For and -Proto are ignored. */
export class TrustedProxies {
  readonly #networks = new BlockList();

  /** Takes networks (`10.0.0.0/8`) and single addresses; throws a TypeError that names what is neither. */
  constructor(networks: readonly string[] = []) {
    for (const network of networks) this.#add(network);
  }

  /** The caller behind the proxies: the last address that no trusted proxy vouches for. */
  originOf({ headers, socket }: IncomingMessage): Origin {
    const peer = plain(socket.remoteAddress);
    const isEncrypted = (socket as TLSSocket).encrypted === true;
    if (!this.#isTrusted(peer)) return { remoteAddress: peer, isTls: isEncrypted };
    const isTls = isEncrypted || /^https\b/i.test(String(headers['x-forwarded-proto'] ?? ''));
    return { remoteAddress: this.#callerOf(peer, String(headers['x-forwarded-for'] ?? '')), isTls };
  }

  #callerOf(peer: string | undefined, forwardedFor: string): string | undefined {
    let caller = peer;
    for (const said of forwardedFor.split(',').reverse()) {
      const address = plain(said.trim());
      // whoever says nonsense vouches for nobody
      if (!address || isIP(address) === 0) return caller;
      caller = address;
      if (!this.#isTrusted(address)) return caller;
    }
    return caller;
  }

  #add(network: string): void {
    const [address = '', prefix] = network.split('/');
    const version = isIP(address);
    const bits = prefix === undefined ? longest(version) : Number(prefix);
    const isUsable = version !== 0 && /^\d*$/.test(prefix ?? '') && prefix !== '' && bits <= longest(version);
    if (!isUsable) throw new TypeError(`${network} is neither an address nor a network like 10.0.0.0/8`);
    this.#networks.addSubnet(address, bits, version === 6 ? 'ipv6' : 'ipv4');
  }

  #isTrusted(address: string | undefined): boolean {
    const version = isIP(address ?? '');
    return version !== 0 && this.#networks.check(address as string, version === 6 ? 'ipv6' : 'ipv4');
  }
}

const longest = (version: number): number => (version === 6 ? 128 : 32);

/** An IPv4 address that arrives over an IPv6 socket is the IPv4 address. */
function plain(address: string | undefined): string | undefined {
  return address?.replace(/^::ffff:(?=\d+\.)/i, '');
}
