import { ecs } from '#contexts/ecs';
import { modelledError } from '#libs/aws-wire';
import { parseShard } from '#libs/ecs/messages';
import type { AccountCommand, ClusterCommand, Rejection } from '#libs/ecs/messages';
import type { ViewDirectory } from '#libs/ecs/views';
import type {
  Caller,
  CommandAnswer,
  CommandRequest,
  ContextRejection,
  DomainCommand,
  Operation,
  Plan,
  ShardCommand,
} from '#libs/kernel';
import type { CommitFeed } from '../views/commit-feed.ts';
import { ApiProblem, throttled, unavailable } from './api-problem.ts';

export type EcsOperation = Operation<ViewDirectory>;
type Input = Readonly<Record<string, unknown>>;

/** Where commands go: the process that writes the shard, here or elsewhere. */
export interface ShardDoor {
  submitToAccount(request: CommandRequest<AccountCommand>): Promise<CommandAnswer<Rejection>>;
  submitToCluster(
    cluster: string,
    shard: string,
    request: CommandRequest<ClusterCommand>,
  ): Promise<CommandAnswer<Rejection>>;
}

/** Runs the plans of operations: submit, settle, answer. */
export class OperationRunner {
  readonly #views: ViewDirectory;
  readonly #door: ShardDoor;
  readonly #feed: CommitFeed;

  constructor(options: { views: ViewDirectory; door: ShardDoor; feed: CommitFeed }) {
    this.#views = options.views;
    this.#door = options.door;
    this.#feed = options.feed;
  }

  /** The input fits the model. @throws ApiProblem */
  async run(operation: EcsOperation, input: Input, caller: Caller): Promise<object> {
    const plan = operation.plan(input, this.#views, caller);
    return plan.kind === 'command' ? this.#command(plan, caller) : answerOf(plan);
  }

  /** What the service answers before it looks at values; undefined: it does look at them. @throws ApiProblem */
  lookUp(operation: EcsOperation, input: Input): object | undefined {
    const found = operation.lookups?.(input, this.#views) ?? null;
    return found === null ? undefined : answerOf(found);
  }

  /** The caller reads its own write: the response waits for this process's views. */
  async #command({ submit, output }: Extract<Plan, { kind: 'command' }>, caller: Caller): Promise<object> {
    const answer = await this.#submit(submit, caller);
    switch (answer.kind) {
      case 'accepted': {
        await this.#feed.reached(submit.shard, answer.revision);
        const result = output(answer.answer);
        if ('rejection' in result) throw problemOf(result.rejection);
        return result.value;
      }
      case 'rejected':
        throw problemOf(answer.rejection);
      case 'throttled':
        throw throttled();
      case 'unavailable':
      case 'indeterminate':
      case 'failed':
        throw unavailable();
    }
  }

  #submit({ shard, command, clientToken }: ShardCommand, caller: Caller): Promise<CommandAnswer<Rejection>> {
    const request = requestOf(command, caller, clientToken);
    const cluster = parseShard(shard)?.cluster ?? null;
    return cluster === null
      ? this.#door.submitToAccount(request as CommandRequest<AccountCommand>)
      : this.#door.submitToCluster(cluster, shard, request as CommandRequest<ClusterCommand>);
  }
}

function answerOf(plan: Exclude<Plan, { kind: 'command' }>): object {
  if (plan.kind === 'rejected') throw problemOf(plan.rejection);
  return plan.output;
}

function problemOf(rejection: ContextRejection): ApiProblem {
  const { type, message, members } = ecs.error(rejection);
  return new ApiProblem(modelledError(type, message, members));
}

function requestOf(
  command: DomainCommand,
  { callId, principal, source, requestId, correlationId, traceId }: Caller,
  clientToken?: string,
): CommandRequest<DomainCommand> {
  return {
    commandId: callId,
    command,
    principal,
    source,
    correlationId: correlationId ?? traceId ?? requestId,
    ...(traceId === undefined ? {} : { traceId }),
    causationId: requestId,
    ...(clientToken === undefined ? {} : { clientToken }),
  };
}
