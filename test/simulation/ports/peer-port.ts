import type { Peers, Reply } from '#libs/engine';
import type { CommandAnswer, CommandRequest, ContextRejection, DomainCommand } from '#libs/kernel';
import type { SimNetwork } from '../world/sim-network.ts';
import type { SimProcess } from '../world/sim-process.ts';

/** How long a process waits for the one that writes. */
const REMOTE_TIMEOUT_MS = 10_000;

/** Another process, as far as commands reach it. */
export interface Peer {
  readonly name: string;
  readonly process: SimProcess;
  /** Answered only if this process writes. */
  submit(shard: string, request: CommandRequest<DomainCommand>, reply: Reply): void;
}

/** Asks every other process; the first answer that arrives counts, as in a NATS request. */
export class PeerPort implements Peers {
  readonly #process: SimProcess;
  readonly #network: SimNetwork;
  readonly #peers: () => readonly Peer[];

  constructor(process: SimProcess, network: SimNetwork, peers: () => readonly Peer[]) {
    this.#process = process;
    this.#network = network;
    this.#peers = peers;
  }

  submit(shard: string, request: CommandRequest<DomainCommand>, reply: Reply): void {
    const here = this.#process;
    const network = this.#network;
    const answered = here.first<CommandAnswer<ContextRejection>>(reply);
    for (const there of this.#peers()) {
      if (there.process === here) continue;
      network.send(here.name, there.name, request, (received) =>
        there.process.run(() =>
          there.submit(shard, received, (answer) => network.send(there.name, here.name, answer, answered)),
        ),
      );
    }
    here.after(REMOTE_TIMEOUT_MS, () => answered({ kind: 'indeterminate', reason: 'no answer from the writer' }));
  }
}
