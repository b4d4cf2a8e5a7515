import { accountDecider, clusterDecider } from '#libs/ecs/deciders';
import { accountShard, clusterShard, parseShard } from '#libs/ecs/messages';
import type { RegisterContainerInstance, TaskDefinitionInput } from '#libs/ecs/messages';
import { schedulerSaga, serviceControllerSaga } from '#libs/ecs/reconcile';
import { ViewDirectory } from '#libs/ecs/views';
import { decideWhole, GENESIS_HASH } from '#libs/kernel';
import type {
  Caller,
  ContextRejection,
  Decider,
  DomainCommand,
  DomainEvent,
  Effect,
  Operation,
  Plan,
  ShardCommand,
} from '#libs/kernel';
import { operations } from '../src/index.ts';

type Input = Readonly<Record<string, unknown>>;
type AnyDecider = Decider<unknown, DomainCommand, DomainEvent, ContextRejection, Effect>;

export const LOCALE = { region: 'us-east-1', account: '123456789012' };
export const HOST = 'c'.repeat(32);
export const OTHER_HOST = 'd'.repeat(32);

/** The ARN of a resource of ECS in the account of these specs. */
export function arn(resource: string): string {
  return `arn:aws:ecs:us-east-1:123456789012:${resource}`;
}

/** A caller that sent a request. */
export function callerOf(sent: Input = {}): Caller {
  return { principal: 'arn:aws:iam::123456789012:root', source: 'aws', requestId: 'request', callId: 'call', sent };
}

/** What a request comes to in the end. */
export type Outcome = { readonly output: object } | { readonly rejection: ContextRejection };

/** Views that follow what the real deciders record: given by commands, asked by operations. */
export class ApiWorld {
  readonly views = new ViewDirectory(LOCALE);
  readonly #shards = new Map<string, { readonly decider: AnyDecider; readonly state: unknown; revision: number }>();
  #commands = 0;

  /** An operation that is served. @throws when it is not */
  operation(name: string): Operation<ViewDirectory> {
    const operation = operations.get(name);
    if (operation === undefined) throw new Error(`${name} is not served`);
    return operation;
  }

  plan(name: string, input: Input = {}): Plan {
    return this.operation(name).plan(input, this.views, callerOf(input));
  }

  /** The plan, the decision and the response. */
  run(name: string, input: Input = {}): Outcome {
    const plan = this.plan(name, input);
    if (plan.kind === 'rejected') return { rejection: plan.rejection };
    if (plan.kind === 'answer') return { output: plan.output };
    const decided = this.#decide(plan.submit);
    if ('rejection' in decided) return decided;
    const result = plan.output(decided.answer);
    return 'rejection' in result ? result : { output: JSON.parse(JSON.stringify(result.value)) as object };
  }

  /** Serves requests that must succeed. */
  given(...requests: readonly (readonly [name: string, input: Input])[]): this {
    for (const [name, input] of requests) {
      const outcome = this.run(name, input);
      if ('rejection' in outcome) throw new Error(`${name}: ${outcome.rejection.message}`);
    }
    return this;
  }

  /** A container instance whose agent has joined a cluster. */
  joined(instanceId = HOST, cluster = 'default', members: Partial<RegisterContainerInstance> = {}): this {
    const command: RegisterContainerInstance = {
      type: 'RegisterContainerInstance',
      instanceId,
      sessionId: `${instanceId}-1`,
      resources: { cpu: 1024, memory: 1024, reservedTcpPorts: [], reservedUdpPorts: [] },
      attributes: [],
      versionInfo: { agentVersion: '1.0.0', dockerVersion: '20.10.24' },
      hostname: 'host',
      ...members,
    };
    const decided = this.#decide({ shard: clusterShard(LOCALE.account, cluster), command });
    if ('rejection' in decided) throw new Error(decided.rejection.message);
    return this;
  }

  #decide({
    shard,
    command,
    clientToken,
  }: ShardCommand): { readonly answer: unknown } | { rejection: ContextRejection } {
    const kept = this.#shardOf(shard);
    const commandId = `command-${(this.#commands += 1)}`;
    const who = {
      principal: callerOf().principal,
      source: 'aws',
      correlationId: commandId,
      causationId: null,
    } as const;
    const at = 1_772_366_400_000 + this.#commands * 1_000;
    const token = clientToken === undefined ? {} : { clientToken };
    const whole = decideWhole(kept.decider, kept.state, { commandId, command, ...who, ...token, at }, at);
    if (whole.kind === 'rejected') return { rejection: whole.rejection };
    if (whole.recorded !== null) {
      kept.revision += 1;
      const chain = { prevHash: GENESIS_HASH, hash: GENESIS_HASH, term: 1, deciderVersion: 1 };
      const { decision } = whole.recorded;
      this.views.apply({ v: 1, shard, revision: kept.revision, ...chain, at, decisions: [decision] });
    }
    return { answer: whole.answer };
  }

  #shardOf(shard: string) {
    const known = this.#shards.get(shard);
    if (known !== undefined) return known;
    const decider = (shard === accountShard(LOCALE.account)
      ? accountDecider()
      : clusterDecider({ sagas: [schedulerSaga, serviceControllerSaga] })) as unknown as AnyDecider;
    if (parseShard(shard) === undefined) throw new Error(`${shard} is not a shard of ECS`);
    const made = { decider, state: decider.initialState(shard), revision: 0 };
    this.#shards.set(shard, made);
    return made;
  }
}

export function definition(family: string, members: Partial<TaskDefinitionInput> = {}): Input {
  return { family, containerDefinitions: [{ name: 'app', image: 'app:1', memory: 64 }], ...members };
}

/**
 * Cluster `default` with one container instance; task definitions `web:1` (INACTIVE, tagged), `web:2` and `web:3`; service
 * `shop` of two tasks.
 */
export function shopWorld(): ApiWorld {
  return new ApiWorld()
    .given(
      ['CreateCluster', {}],
      ['RegisterTaskDefinition', { ...definition('web'), tags: [{ key: 'stage', value: 'test' }] }],
      ['RegisterTaskDefinition', definition('web')],
      ['RegisterTaskDefinition', definition('web')],
      ['DeregisterTaskDefinition', { taskDefinition: 'web:1' }],
    )
    .joined()
    .given(['CreateService', { serviceName: 'shop', taskDefinition: 'web', desiredCount: 2 }]);
}

/** The id of a task that RunTask has just made. */
export function ranTask(world: ApiWorld, input: Input = {}): string {
  const outcome = world.run('RunTask', { taskDefinition: 'web', ...input });
  if ('rejection' in outcome) throw new Error(outcome.rejection.message);
  const { tasks } = outcome.output as { tasks: readonly { taskArn: string }[] };
  return tasks[0]?.taskArn.split('/').at(-1) ?? '';
}
