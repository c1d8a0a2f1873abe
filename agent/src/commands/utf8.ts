const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Text of output bytes: what is not UTF-8 becomes U+FFFD, as does NUL, which many stores cannot keep. */
export function decode(bytes: Uint8Array): string {
  return decoder.decode(bytes).replaceAll('\0', '\uFFFD');
}

/** How many leading bytes end with a whole character, so that none is split between two chunks. */
export function wholeLength(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (isContinuation(byte)) continue;
    return sequenceLength(byte) > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

/** How many leading bytes belong to a character that began before, where reading starts in the middle of a stream. */
export function partialStart(bytes: Uint8Array): number {
  let skip = 0;
  while (skip < Math.min(3, bytes.length) && isContinuation(bytes[skip] ?? 0)) skip++;
  return skip;
}

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}

function sequenceLength(lead: number): number {
  if (lead >= 0xf0 && lead < 0xf8) return 4;
  if (lead >= 0xe0) return lead < 0xf0 ? 3 : 1;
  return lead >= 0xc0 ? 2 : 1;
}
