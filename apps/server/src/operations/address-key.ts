import { isIP } from "node:net";

const GROUPS = 8;
/** Of the 64 bits that one customer is given. */
const NETWORK_GROUPS = 4;

/** What of an address is counted: IPv4 as it is, IPv6 by its /64, from which anyone can take any address. */
export function addressKey(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, "").replace(/%.*$/, "");
  if (isIP(plain) !== 6) return plain;
  const [head = "", tail] = plain.toLowerCase().split("::");
  const groups = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  // an IPv4 address at the end stands for two groups
  const written = groups.length + after.length + (plain.includes(".") ? 1 : 0);
  const between = tail === undefined ? [] : Array.from({ length: GROUPS - written }, () => "0");
  const network = [...groups, ...between, ...after].slice(0, NETWORK_GROUPS);
  return `${network.map((group) => group.replace(/^0+(?=.)/, "")).join(":")}::/64`;
}
