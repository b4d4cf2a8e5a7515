import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import { accountShard, parseShard } from '#libs/ecs/messages';
import { MESSAGE_BYTES_MAX, shards } from '#libs/subjects';
import type { AccountCommand, ClusterCommand, Rejection } from '#libs/ecs/messages';
import { requestTooLarge } from '#libs/ecs/deciders';
import type { CommandAnswer, CommandRequest, DomainCommand } from '#libs/kernel';
import type { Logger } from 'pino';
import { boundedPayload } from '../connections/bounded-payload.ts';
import type { ShardDoor } from '../gateway/operation.ts';
import type { ShardHost } from './shard-host.ts';

/** How long a gateway waits for the writer in another process. */
const REMOTE_TIMEOUT_MS = 10_000;

/** Sends commands to the process that writes: this one by a call, another one over NATS. */
export class RoutingShardDoor implements ShardDoor {
  readonly #nc: NatsConnection;
  readonly #host: ShardHost;
  readonly #account: string;

  constructor(nc: NatsConnection, host: ShardHost, account: string) {
    this.#nc = nc;
    this.#host = host;
    this.#account = account;
  }

  submitToAccount(request: CommandRequest<AccountCommand>): Promise<CommandAnswer<Rejection>> {
    if (this.#host.isLeading) return this.#host.submitToAccount(request);
    return this.#remote(accountShard(this.#account), request);
  }

  submitToCluster(
    cluster: string,
    shard: string,
    request: CommandRequest<ClusterCommand>,
  ): Promise<CommandAnswer<Rejection>> {
    if (this.#host.isLeading) return this.#host.submitToCluster(cluster, shard, request);
    return this.#remote(shard, request);
  }

  async #remote(shard: string, request: CommandRequest<DomainCommand>): Promise<CommandAnswer<Rejection>> {
    const payload = Buffer.from(JSON.stringify(request));
    if (payload.length > MESSAGE_BYTES_MAX) {
      return { kind: 'rejected', revision: 0, rejection: requestTooLarge(payload.length, MESSAGE_BYTES_MAX) };
    }
    try {
      const reply = await this.#nc.request(shards.command(shard), payload, { timeout: REMOTE_TIMEOUT_MS });
      return reply.json<CommandAnswer<Rejection>>();
    } catch (error) {
      // The request may have reached the writer; only the same command id tells.
      return { kind: 'indeterminate', reason: `no answer from the writer of ${shard}: ${String(error)}` };
    }
  }
}

/** The other side: commands that gateways in other processes send to this one. Answered only while this process writes. */
export class ShardCommandListener {
  readonly #nc: NatsConnection;
  readonly #host: ShardHost;
  readonly #log: Logger;
  #subscription: Subscription | null = null;

  constructor(nc: NatsConnection, host: ShardHost, log: Logger) {
    this.#nc = nc;
    this.#host = host;
    this.#log = log;
  }

  open(): void {
    this.#subscription = this.#nc.subscribe(shards.everyCommand, {
      callback: (error, message) => {
        if (error !== null) this.#log.error({ err: error }, 'the subscription to shard commands failed');
        else if (this.#host.isLeading) {
          this.#serve(message).catch((failure: unknown) =>
            this.#log.error({ err: failure, subject: message.subject }, 'a shard command failed'),
          );
        }
      },
    });
  }

  close(): void {
    this.#subscription?.unsubscribe();
  }

  async #serve(message: Msg): Promise<void> {
    const shard = shards.shardOf(message.subject);
    const cluster = parseShard(shard)?.cluster ?? null;
    const answer: CommandAnswer<Rejection> =
      cluster === null
        ? await this.#host.submitToAccount(message.json<CommandRequest<AccountCommand>>())
        : await this.#host.submitToCluster(cluster, shard, message.json<CommandRequest<ClusterCommand>>());
    const payload = boundedPayload(JSON.stringify(answer), message.subject, this.#log);
    if (payload !== null) message.respond(payload);
  }
}
