import type { WireInput } from '#libs/aws-wire';
import { accountShard, clusterShard } from '#libs/ecs/messages';
import type { AccountCommand, ClusterCommand, Rejection } from '#libs/ecs/messages';
import type { Locale, CommandAnswer, CommandRequest, DomainCommand } from '#libs/kernel';
import type { ViewDirectory } from '#libs/ecs/views';
import type { CommitFeed } from '../views/commit-feed.ts';
import { rejected, throttled, unavailable } from './api-problem.ts';
import type { Caller } from './caller.ts';

/** Serves one operation. The input was checked against the model; cross-field rules are the deciders'. @throws ApiProblem */
export type OperationHandler = (input: WireInput, caller: Caller, context: OperationContext) => Promise<object>;

/**
 * Types a handler by the members that it reads. The JSON Schema of the operation has been checked before, so the input
 * has the model's types.
 */
export function operation<Input extends object>(
  handle: (input: Input, caller: Caller, context: OperationContext) => Promise<object> | object,
): OperationHandler {
  return async (input, caller, context) => handle(input as Input, caller, context);
}

/** Where commands go: the process that writes the shard, here or elsewhere. */
export interface ShardDoor {
  submitToAccount(request: CommandRequest<AccountCommand>): Promise<CommandAnswer<Rejection>>;
  submitToCluster(
    cluster: string,
    shard: string,
    request: CommandRequest<ClusterCommand>,
  ): Promise<CommandAnswer<Rejection>>;
}

/** What a handler works with. */
export class OperationContext {
  readonly views: ViewDirectory;
  readonly locale: Locale;
  readonly #door: ShardDoor;
  readonly #feed: CommitFeed;

  constructor(options: { views: ViewDirectory; locale: Locale; door: ShardDoor; feed: CommitFeed }) {
    this.views = options.views;
    this.locale = options.locale;
    this.#door = options.door;
    this.#feed = options.feed;
  }

  /**
   * Sends a command to a cluster's shard and waits until it is durable and this process's views have it, so that the
   * caller reads its own write. `Answer` is what the decider's `answer` gives for this command. @throws ApiProblem
   */
  async commandCluster<Answer>(
    cluster: string,
    command: ClusterCommand,
    caller: Caller,
    clientToken?: string,
  ): Promise<Answer> {
    const shard = clusterShard(this.locale.account, cluster);
    return this.#settle(
      shard,
      await this.#door.submitToCluster(cluster, shard, requestOf(command, caller, clientToken)),
    );
  }

  /** A request that makes several commands names the part of it that each one does. */
  async commandAccount<Answer>(command: AccountCommand, caller: Caller, part?: string): Promise<Answer> {
    const shard = accountShard(this.locale.account);
    const { callId } = caller;
    const partCaller = part === undefined ? caller : { ...caller, callId: `${callId}/${part}` };
    return this.#settle(shard, await this.#door.submitToAccount(requestOf(command, partCaller)));
  }

  async #settle<Answer>(shard: string, answer: CommandAnswer<Rejection>): Promise<Answer> {
    switch (answer.kind) {
      case 'accepted':
        await this.#feed.reached(shard, answer.revision);
        return answer.answer as Answer;
      case 'rejected':
        throw rejected(answer.rejection);
      case 'throttled':
        throw throttled();
      case 'unavailable':
      case 'indeterminate':
      case 'failed':
        throw unavailable();
    }
  }
}

function requestOf<Command extends DomainCommand>(
  command: Command,
  caller: Caller,
  clientToken?: string,
): CommandRequest<Command> {
  return {
    commandId: caller.callId,
    command,
    principal: caller.principal,
    source: caller.source,
    correlationId: caller.correlationId ?? caller.traceId ?? caller.requestId,
    ...(caller.traceId === undefined ? {} : { traceId: caller.traceId }),
    causationId: caller.requestId,
    ...(clientToken === undefined ? {} : { clientToken }),
  };
}
