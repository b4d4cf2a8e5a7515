import { seededRandom, seedFromText } from '#libs/kernel';
import type { TaskNetworkInterface } from '#libs/ecs/messages';

/** The host part of an address: .0 is the network, .1 the host itself, .255 everybody. */
const NUMBER_MIN = 2;
const NUMBER_MAX = 254;
const OCTET_VALUES = 256;

/**
 * The addresses that tasks of one simulated host get: `10.<a>.<b>.2` and up, where a and b follow from the host's seed. An
 * address that was given back comes again only when all others have been given out.
 */
export class HostAddresses {
  readonly #prefix: readonly [number, number];
  readonly #taken = new Set<number>();
  #next = NUMBER_MIN;

  constructor(seed: string) {
    const random = seededRandom(seedFromText(`${seed}/addresses`));
    this.#prefix = [Math.floor(random() * OCTET_VALUES), Math.floor(random() * OCTET_VALUES)];
  }

  /** null: all are taken. */
  take(subnetId: string): TaskNetworkInterface | null {
    if (this.#taken.size > NUMBER_MAX - NUMBER_MIN) return null;
    let number = this.#next;
    while (this.#taken.has(number)) number = successor(number);
    this.#next = successor(number);
    this.#taken.add(number);
    const [a, b] = this.#prefix;
    const macAddress = [0x02, 0x42, 10, a, b, number].map((octet) => octet.toString(16).padStart(2, '0')).join(':');
    return { subnetId, macAddress, privateIpv4Address: `10.${a}.${b}.${number}` };
  }

  release({ privateIpv4Address }: TaskNetworkInterface): void {
    this.#taken.delete(Number(privateIpv4Address.split('.').at(-1)));
  }
}

function successor(number: number): number {
  return number === NUMBER_MAX ? NUMBER_MIN : number + 1;
}
