/** What tells a machine from others, whatever key its agent holds; all of it a claim of the device. */
export interface Fingerprint {
  readonly machineId: string | null;
  readonly serialNumber: string | null;
  readonly macAddresses: readonly string[];
}

const MAX_TEXT = 128;
const MAX_ADDRESSES = 64;
// what makers leave in the field, and what hypervisors give to every guest
const NO_SERIAL =
  /^(0+|1?2345678\d*|x+|none|n\/?a|unknown|invalid|empty|default( string)?|not (specified|applicable|available|present)|to be filled.*|system serial number|oem|o\.e\.m\.|[\W_]*)$/i;
const NO_MACHINE = /^(0+|f+|uninitialized|)$/i;
const MAC = /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/;
// nothing, everybody, and what Docker makes up
const NO_MAC = /^(00:00:00:00:00:00|ff:ff:ff:ff:ff:ff|02:42:.*)$/;

/** The usable part of what a device claims. */
export function toFingerprint(claim: {
  readonly machineId?: string | null | undefined;
  readonly serialNumber?: string | null | undefined;
  readonly macAddresses?: readonly string[] | null | undefined;
}): Fingerprint {
  const machineId = (claim.machineId ?? '').trim().toLowerCase();
  const macs = (claim.macAddresses ?? []).map(mac => mac.trim().toLowerCase().replaceAll('-', ':'));
  return {
    machineId: NO_MACHINE.test(machineId) || machineId.length > MAX_TEXT ? null : machineId,
    serialNumber: toSerialNumber(claim.serialNumber),
    macAddresses: [...new Set(macs)]
      .filter(mac => MAC.test(mac) && !NO_MAC.test(mac))
      .sort()
      .slice(0, MAX_ADDRESSES),
  };
}

/** A serial number that tells machines apart, or null. */
export function toSerialNumber(claim: string | null | undefined): string | null {
  const serial = (claim ?? '').trim();
  return NO_SERIAL.test(serial) || serial.length > MAX_TEXT ? null : serial;
}

/** True where both could be one machine: same machine id, or same serial number and a network card in common. */
export function looksLike(one: Fingerprint, other: Fingerprint): boolean {
  return hasSameMachineId(one, other) || hasSameHardware(one, other);
}

/**
 * The one candidate that is the same machine, or undefined: by machine id where one has it, else by serial number and
 * network card. Two that fit are none, and so is one whose serial number says that it is another machine.
 */
export function findSame<T extends Fingerprint>(candidates: readonly T[], claim: Fingerprint): T | undefined {
  const byMachine = candidates.filter(one => hasSameMachineId(one, claim));
  const fitting = byMachine.length > 0 ? byMachine : candidates.filter(one => hasSameHardware(one, claim));
  const [only, second] = fitting;
  return only && !second && !isContradicted(only, claim) ? only : undefined;
}

function hasSameMachineId(one: Fingerprint, other: Fingerprint): boolean {
  return one.machineId !== null && one.machineId === other.machineId;
}

function hasSameHardware(one: Fingerprint, other: Fingerprint): boolean {
  const isSameSerial = one.serialNumber !== null && one.serialNumber === other.serialNumber;
  return isSameSerial && one.macAddresses.some(mac => other.macAddresses.includes(mac));
}

/** A copied disk carries the machine id of its original, a copied machine never its serial number. */
function isContradicted(one: Fingerprint, other: Fingerprint): boolean {
  return one.serialNumber !== null && other.serialNumber !== null && one.serialNumber !== other.serialNumber;
}
