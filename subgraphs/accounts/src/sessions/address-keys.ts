import { networkOf } from './network-of.ts';

/** What a call's address is throttled by: its network, or nothing where the address is not known. */
export function addressKeys({ remoteAddress }: { readonly remoteAddress?: string | undefined }): string[] {
  return remoteAddress ? [`address ${networkOf(remoteAddress)}`] : [];
}
