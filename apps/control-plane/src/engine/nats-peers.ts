import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import type { Engine, Peers, Reply } from '#libs/engine';
import type { AnyShardKind, CommandAnswer, CommandRequest, ContextRejection, DomainCommand } from '#libs/kernel';
import { MESSAGE_BYTES_MAX, shards } from '#libs/subjects';
import type { Logger } from 'pino';
import { boundedPayload } from '../nats/bounded-payload.ts';
import { jsonOf } from '../nats/json-of.ts';
import { isPeerCommand } from './peer-command.schema.ts';

/** How long a gateway waits for the writer in another process. */
const REMOTE_TIMEOUT_MS = 10_000;

/** Commands to the process that writes, over NATS. */
export class NatsPeers implements Peers {
  readonly #nc: NatsConnection;
  readonly #kindOf: (shard: string) => AnyShardKind | undefined;

  constructor(nc: NatsConnection, kindOf: (shard: string) => AnyShardKind | undefined) {
    this.#nc = nc;
    this.#kindOf = kindOf;
  }

  submit(shard: string, request: CommandRequest<DomainCommand>, reply: Reply): void {
    void this.#answer(shard, request).then(reply);
  }

  async #answer(shard: string, request: CommandRequest<DomainCommand>): Promise<CommandAnswer<ContextRejection>> {
    const kind = this.#kindOf(shard);
    if (kind === undefined) return { kind: 'unavailable', reason: `${shard} is not a shard of this installation` };
    const payload = Buffer.from(JSON.stringify(request));
    if (payload.length > MESSAGE_BYTES_MAX) {
      const rejection = kind.decider.tooLarge(payload.length, MESSAGE_BYTES_MAX);
      return { kind: 'rejected', revision: 0, rejection };
    }
    try {
      const reply = await this.#nc.request(shards.command(shard), payload, { timeout: REMOTE_TIMEOUT_MS });
      return reply.json<CommandAnswer<ContextRejection>>();
    } catch (error) {
      // The request may have reached the writer; only the same command id shows it.
      return { kind: 'indeterminate', reason: `no answer from the writer of ${shard}: ${String(error)}` };
    }
  }
}

/** The other side: commands that gateways in other processes send to this one. Answered only while this process writes. */
export class PeerCommands {
  readonly #nc: NatsConnection;
  readonly #engine: Engine;
  readonly #log: Logger;
  #subscription: Subscription | null = null;

  constructor(nc: NatsConnection, engine: Engine, log: Logger) {
    this.#nc = nc;
    this.#engine = engine;
    this.#log = log;
  }

  open(): void {
    this.#subscription = this.#nc.subscribe(shards.everyCommand, {
      callback: (error, message) => {
        if (error !== null) this.#log.error({ err: error }, 'the subscription to shard commands failed');
        else if (this.#engine.host.isLeading) this.#serve(message);
      },
    });
  }

  close(): void {
    this.#subscription?.unsubscribe();
  }

  #serve(message: Msg): void {
    const request = jsonOf(message);
    if (!isPeerCommand(request)) {
      this.#log.error({ subject: message.subject }, 'a shard command is not one');
      return;
    }
    this.#engine.host.submit(shards.shardOf(message.subject), request, (answer) => {
      const payload = boundedPayload(JSON.stringify(answer), message.subject, this.#log);
      if (payload !== null) message.respond(payload);
    });
  }
}
