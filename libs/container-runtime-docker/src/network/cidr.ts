/* IPv4 addresses as numbers, and ranges of them. Source: RFC 4632. */

export interface Ipv4Range {
  readonly first: number;
  readonly last: number;
}

const ADDRESS_BITS = 32;
const OCTET = /^(?:0|[1-9]\d{0,2})$/;

/** undefined: not four numbers of 0 to 255. */
export function ipv4Number(text: string): number | undefined {
  const octets = text.split('.');
  if (octets.length !== 4 || !octets.every((octet) => OCTET.test(octet) && Number(octet) <= 255)) return undefined;
  return octets.reduce((number, octet) => number * 256 + Number(octet), 0);
}

export function ipv4Text(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
}

/** `10.0.0.0/16`; undefined where it is none, or where the address has bits beside the prefix. */
export function ipv4Range(cidr: string): Ipv4Range | undefined {
  const [address = '', prefix = '', ...rest] = cidr.split('/');
  const first = ipv4Number(address);
  if (first === undefined || rest.length > 0 || !OCTET.test(prefix) || Number(prefix) > ADDRESS_BITS) return undefined;
  const size = 2 ** (ADDRESS_BITS - Number(prefix));
  return first % size === 0 ? { first, last: first + size - 1 } : undefined;
}

export function isWithin(inner: Ipv4Range, outer: Ipv4Range): boolean {
  return inner.first >= outer.first && inner.last <= outer.last;
}

export function overlap(one: Ipv4Range, other: Ipv4Range): boolean {
  return one.first <= other.last && other.first <= one.last;
}
