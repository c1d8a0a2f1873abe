/** One message of the bus between processes: its topic and its payload. */
export type BusMessage = readonly [topic: string, payload: unknown];

/** Most bytes of one notification; PostgreSQL takes 7,999. */
const MAX_BYTES = 7_900;

/** The topic that stands for every topic: whoever listens reads again. */
export const EVERY_TOPIC = '*';

/** The messages as JSON arrays that each fit one notification; a payload that fits none becomes the wake-up null. */
export function packMessages(messages: readonly BusMessage[]): string[] {
  const packets: string[] = [];
  let packet: string[] = [];
  let bytes = 2;
  for (const text of messages.map(textOf)) {
    const size = Buffer.byteLength(text) + 1;
    if (packet.length > 0 && bytes + size > MAX_BYTES) {
      packets.push(`[${packet.join(',')}]`);
      [packet, bytes] = [[], 2];
    }
    packet.push(text);
    bytes += size;
  }
  if (packet.length > 0) packets.push(`[${packet.join(',')}]`);
  return packets;
}

/** The messages of a notification; nothing for one that is none of ours. */
export function unpackMessages(packet: string): BusMessage[] {
  try {
    const messages: unknown = JSON.parse(packet);
    return Array.isArray(messages) ? messages.filter(isMessage) : [];
  } catch {
    return [];
  }
}

function textOf([topic, payload]: BusMessage): string {
  const text = JSON.stringify([topic, payload ?? null]);
  return Buffer.byteLength(text) + 3 > MAX_BYTES ? JSON.stringify([topic, null]) : text;
}

const isMessage = (value: unknown): value is BusMessage =>
  Array.isArray(value) && value.length === 2 && typeof value[0] === 'string';
