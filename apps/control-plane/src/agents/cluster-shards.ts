import type { Engine } from '#libs/engine';
import type { ClusterState } from '#libs/ecs/deciders';
import { clusterShard } from '#libs/ecs/messages';
import type { ClusterCommand, Rejection } from '#libs/ecs/messages';
import type { CommandAnswer, CommandRequest } from '#libs/kernel';

/** The writer of a cluster, as agents need it. */
export interface ClusterShell {
  readonly term: number;
  /** A copy of something in the state, once what it rests on is durable; null when the writer is gone. */
  inspect<Value>(read: (state: ClusterState) => Value): Promise<Value | null>;
}

/** The writers of clusters by name, while this process has them. */
export class ClusterShards {
  readonly #engine: Engine;
  readonly #account: string;

  constructor(engine: Engine, account: string) {
    this.#engine = engine;
    this.#account = account;
  }

  cluster(name: string): ClusterShell | undefined {
    const shell = this.#engine.host.shell(clusterShard(this.#account, name));
    if (shell === undefined) return undefined;
    return {
      term: shell.term,
      inspect: (read) => new Promise((resolve) => shell.inspect((state) => read(state as ClusterState), resolve)),
    };
  }

  submitToCluster(shard: string, request: CommandRequest<ClusterCommand>): Promise<CommandAnswer<Rejection>> {
    return new Promise((resolve) =>
      this.#engine.host.submit(shard, request, (answer) => resolve(answer as CommandAnswer<Rejection>)),
    );
  }
}
