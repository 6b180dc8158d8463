/**
 * Which addresses a URL in a request may lead to. Everything that is not plainly the public internet is refused: private,
 * loopback, link-local (where clouds keep their secrets), shared, multicast, reserved, and IPv6 forms that hide an IPv4.
 */
import { BlockList, isIP, isIPv4 } from 'node:net';

const REFUSED = new BlockList();
for (const [address, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  REFUSED.addSubnet(address, bits, 'ipv4');
/** The public part of IPv6 is 2000::/3; of that, what tunnels, documents or benchmarks. */
for (const [address, bits] of [
  ['2001::', 32],
  ['2001:2::', 48],
  ['2001:10::', 28],
  ['2001:20::', 28],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  REFUSED.addSubnet(address, bits, 'ipv6');
const GLOBAL_V6 = new BlockList();
GLOBAL_V6.addSubnet('2000::', 3, 'ipv6');

/** Whether `address` (an IP address as text) is on the public internet. What is no address is not. */
export function isPublicAddress(address: string): boolean {
  const kind = isIP(address);
  if (kind === 0) return false;
  if (isIPv4(address)) return !REFUSED.check(address, 'ipv4');
  return GLOBAL_V6.check(address, 'ipv6') && !REFUSED.check(address, 'ipv6');
}
