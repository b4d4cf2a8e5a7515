import type { CommandRequest, DomainCommand } from '#libs/kernel';
import type { Peers } from './ports.ts';
import type { ShardHost } from './shard-host.ts';
import type { Reply } from './writer-shell.ts';

/** Sends a command to the process that writes its shard: this one by a call, another one over the wire. */
export class CommandRouter {
  readonly #host: ShardHost;
  readonly #peers: Peers;

  constructor(host: ShardHost, peers: Peers) {
    this.#host = host;
    this.#peers = peers;
  }

  submit(shard: string, request: CommandRequest<DomainCommand>, reply: Reply): void {
    if (this.#host.isLeading) this.#host.submit(shard, request, reply);
    else this.#peers.submit(shard, request, reply);
  }
}
