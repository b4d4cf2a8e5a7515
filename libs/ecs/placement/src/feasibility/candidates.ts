import type { HostTable } from '../engine/host-table.ts';
import type { Host } from '../engine/host.ts';

/**
 * The hosts that pass everything about a kind of request that tasks do not change: availability, attributes, expressions
 * over them. When hosts change, only those that changed are asked again.
 */
export class Candidates {
  /** Slots in the order of registration; the first `count` entries are valid. */
  slots = new Int32Array(0);
  count = 0;
  #madeAt = -1;
  /** By slot: the host's `changedAt` when it was asked, and what it answered. */
  #askedAt = new Int32Array(0);
  #passed = new Uint8Array(0);

  refresh(hosts: HostTable, passes: (host: Host) => boolean): void {
    if (this.#madeAt === hosts.epoch) return;
    const room = hosts.cpuFree.length;
    if (this.slots.length < room) {
      this.slots = new Int32Array(room);
      this.#askedAt = new Int32Array(room);
      this.#passed = new Uint8Array(room);
    }
    this.count = 0;
    for (const host of hosts.inOrder) {
      const { slot } = host;
      if (this.#askedAt[slot] !== host.changedAt) {
        this.#askedAt[slot] = host.changedAt;
        this.#passed[slot] = passes(host) ? 1 : 0;
      }
      if (this.#passed[slot] === 1) this.slots[this.count++] = slot;
    }
    this.#madeAt = hosts.epoch;
  }
}
