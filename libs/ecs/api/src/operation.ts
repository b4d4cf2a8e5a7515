import { accountShard, clusterShard } from '#libs/ecs/messages';
import type { AccountCommand, ClusterCommand, Rejection } from '#libs/ecs/messages';
import type { ViewDirectory } from '#libs/ecs/views';
import type { Caller, Operation, Plan, Result, ShardCommand } from '#libs/kernel';

/** An operation of the ECS API. */
export interface EcsOperation extends Operation<ViewDirectory> {
  readonly name: string;
}

/** Looks up names before values are looked at, see `Operation.lookups`. Members of the input may be of any type. */
export type Lookups = NonNullable<EcsOperation['lookups']>;

/** What an operation does with a request that fits its JSON Schema, which is the type of the input. */
interface OperationParts<Input> {
  /** ARNs of what the caller needs the permission for (AWS service authorization reference); left out: `*`. */
  readonly resources?: (views: ViewDirectory, input: Input) => readonly string[];
  readonly lookups?: Lookups;
}

interface QueryParts<Input> extends OperationParts<Input> {
  /** The output, from the views alone. */
  readonly answer: (views: ViewDirectory, input: Input) => Result<object, Rejection>;
}

interface CommandParts<Input> extends OperationParts<Input> {
  /** Resolves names and nothing else: rules about commands are the deciders'. */
  readonly plan: (views: ViewDirectory, input: Input, caller: Caller) => Result<PlannedCommand, Rejection>;
}

/** A command, and what the response is once the views have it. `answer` is the decider's. */
export interface PlannedCommand {
  readonly submit: ShardCommand;
  readonly output: (answer: never) => Result<object, Rejection>;
}

/** An operation that changes nothing. */
export function query<Input extends object>(name: string, parts: QueryParts<Input>): EcsOperation {
  return {
    ...commonParts(name, parts),
    isQuery: true,
    plan: (input, views) => {
      const result = parts.answer(views, input as Input);
      return 'rejection' in result ? rejected(result.rejection) : { kind: 'answer', output: result.value };
    },
  };
}

/** An operation that sends one command. */
export function command<Input extends object>(name: string, parts: CommandParts<Input>): EcsOperation {
  return {
    ...commonParts(name, parts),
    isQuery: false,
    plan: (input, views, caller) => {
      const result = parts.plan(views, input as Input, caller);
      if ('rejection' in result) return rejected(result.rejection);
      const { submit, output } = result.value;
      // The decider of the command gives what the operation expects of it.
      return { kind: 'command', submit, output: (answer) => output(answer as never) };
    },
  };
}

function commonParts<Input extends object>(name: string, { resources, lookups }: OperationParts<Input>) {
  const action = `ecs:${name}`;
  return {
    name,
    authorisation: (input: Readonly<Record<string, unknown>>, views: ViewDirectory) => ({
      action,
      resources: resources?.(views, input as Input) ?? ['*'],
    }),
    ...(lookups === undefined ? {} : { lookups }),
  };
}

export function rejected(rejection: Rejection): Extract<Plan, { readonly kind: 'rejected' }> {
  return { kind: 'rejected', rejection };
}

/** A command for a cluster's shard. */
export function toCluster(
  { locale }: ViewDirectory,
  clusterName: string,
  clusterCommand: ClusterCommand,
  clientToken?: string,
): ShardCommand {
  const shard = clusterShard(locale.account, clusterName);
  return { shard, command: clusterCommand, ...(clientToken === undefined ? {} : { clientToken }) };
}

/** A command for the account's shard. */
export function toAccount({ locale }: ViewDirectory, accountCommand: AccountCommand): ShardCommand {
  return { shard: accountShard(locale.account), command: accountCommand };
}
