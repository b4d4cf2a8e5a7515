import type { WriterShell } from '#libs/engine';
import { parseShard } from '#libs/ecs/messages';
import type { ClusterEffect } from '#libs/ecs/messages';
import type { Committed, DomainEvent, Effect } from '#libs/kernel';
import type { Logger } from 'pino';
import type { ProcessOutlet } from '../engine/outlets.ts';
import type { AgentDoor } from './agent-door.ts';

/** Directives go out after the ack. The door is open only while this process writes: an agent that finds none tries again. */
export class AgentsOutlet implements ProcessOutlet {
  readonly #door: AgentDoor;
  readonly #log: Logger;

  constructor(door: AgentDoor, log: Logger) {
    this.#door = door;
    this.#log = log;
  }

  open(): void {
    this.#door.open();
  }

  close(): void {
    this.#door.close();
  }

  shardOpened({ shard }: WriterShell): void {
    const cluster = parseShard(shard)?.cluster ?? null;
    if (cluster === null) return;
    this.#door
      .watch(cluster)
      .catch((error: unknown) => this.#log.error({ err: error, cluster }, 'the instances are not watched'));
  }

  committed({ commit, encoded, effects }: Committed<DomainEvent, Effect>): void {
    const cluster = parseShard(commit.shard)?.cluster ?? null;
    if (cluster !== null) this.#door.publish(cluster, effects as readonly ClusterEffect[], encoded.term);
  }
}
