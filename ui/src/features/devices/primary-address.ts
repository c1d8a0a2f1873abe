interface Interface {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly isUp: boolean | null;
}

// Bridges of containers and virtual machines carry addresses that lead nowhere from outside.
const isInner = (name: string) => /^(lo|docker|br-|veth|virbr|cni|flannel|cali|tap|vnet)/.test(name);

function withoutPrefix(address: string): string {
  return address.split('/')[0] ?? address;
}

function isReachable(address: string): boolean {
  return !/^(127\.|::1$|fe80:|169\.254\.)/i.test(address);
}

function addressesOf(interfaces: readonly Interface[]): readonly string[] {
  const addresses = interfaces.flatMap(each => each.addresses.map(withoutPrefix)).filter(isReachable);
  return [
    ...addresses.filter(address => !address.includes(':')),
    ...addresses.filter(address => address.includes(':')),
  ];
}

/** Addresses under which others reach the device, IPv4 first; those of inner interfaces only where there are no others. */
export function reachableAddresses(interfaces: readonly Interface[]): readonly string[] {
  const up = interfaces.filter(({ isUp }) => isUp !== false);
  const outer = addressesOf(up.filter(({ name }) => !isInner(name)));
  return outer.length > 0 ? outer : addressesOf(up);
}

/** The address that a person would connect to, if the device has reported one. */
export function primaryAddress(interfaces: readonly Interface[]): string | undefined {
  return reachableAddresses(interfaces)[0];
}
