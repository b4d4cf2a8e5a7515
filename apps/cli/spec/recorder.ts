import { accountShard, arns, clusterShard } from '#libs/ecs/messages';
import type {
  AccountCommand,
  AccountEvent,
  ClusterCommand,
  ClusterEffect,
  ClusterEvent,
  TaskDefinition,
} from '#libs/ecs/messages';
import type { Locale, Decider, DomainCommand, DomainEvent, Effect } from '#libs/kernel';
import { accountDecider, clusterDecider } from '#libs/ecs/deciders';
import type { AccountState, ClusterState } from '#libs/ecs/deciders';
import { InMemoryEventStore } from '#libs/event-store';
import { decideWhole, encodeCommit, GENESIS_HASH } from '#libs/kernel';
import { schedulerSaga } from '#libs/ecs/reconcile';
import { sha256 } from '#libs/platform';

export const LOCALE: Locale = { region: 'us-east-1', account: '123456789012' };
export const ROOT = arns.root(LOCALE);
export const INSTANCE = 'c0'.repeat(16);
export const WEB = taskDefinition('web', 1);

export interface Given<Command> {
  /** ms since the epoch. */
  readonly at: number;
  readonly command: Command;
  readonly principal?: string;
}

/** Records what the real deciders decide, commit by commit, as a writer does. */
export class Recorder<State, Command extends DomainCommand, Event extends DomainEvent, Out extends Effect> {
  readonly shard: string;
  readonly #decider: Decider<State, Command, Event, unknown, Out>;
  readonly #state: State;
  readonly #log: InMemoryEventStore;
  #revision = 0;
  #prevHash = GENESIS_HASH;
  #streamRevision: number | null = null;

  constructor(log: InMemoryEventStore, shard: string, decider: Decider<State, Command, Event, unknown, Out>) {
    this.#log = log;
    this.shard = shard;
    this.#decider = decider;
    this.#state = decider.initialState(shard);
  }

  /** One commit with a decision for each command. @returns the events */
  async commit(...given: readonly Given<Command>[]): Promise<readonly Event[]> {
    const events: Event[] = [];
    const texts: string[] = [];
    const revision = this.#revision + 1;
    for (const [index, { at, command, principal = ROOT }] of given.entries()) {
      const commandId = `${this.shard}-${revision}-${index}`;
      const caller = { commandId, principal, source: 'nats', correlationId: commandId, causationId: null } as const;
      const decision = decideWhole(this.#decider, this.#state, { ...caller, command, at }, at);
      if (decision.kind === 'rejected') throw new Error(`rejected: ${JSON.stringify(decision.rejection)}`);
      events.push(...decision.events);
      texts.push(JSON.stringify({ ...caller, command: command.type, at, events: decision.events }));
    }
    const header = {
      shard: this.shard,
      term: 1,
      revision,
      prevHash: this.#prevHash,
      at: given.at(-1)?.at ?? 0,
      deciderVersion: this.#decider.version,
    };
    const commit = encodeCommit(header, texts, sha256);
    const outcome = await this.#log.append(commit, this.#streamRevision);
    if (outcome.kind !== 'appended') throw new Error(`not appended: ${outcome.kind}`);
    this.#streamRevision = outcome.streamRevision;
    this.#revision = revision;
    this.#prevHash = commit.hash;
    return events;
  }
}

export function recordCluster(
  log: InMemoryEventStore,
  cluster: string,
): Recorder<ClusterState, ClusterCommand, ClusterEvent, ClusterEffect> {
  return new Recorder(log, clusterShard(LOCALE.account, cluster), clusterDecider({ sagas: [schedulerSaga] }));
}

export function recordAccount(log: InMemoryEventStore): Recorder<AccountState, AccountCommand, AccountEvent, never> {
  return new Recorder(log, accountShard(LOCALE.account), accountDecider());
}

export const create = (clusterName: string): ClusterCommand => ({
  type: 'CreateCluster',
  clusterName,
  clusterArn: arns.cluster(LOCALE, clusterName),
});

export const register: ClusterCommand = {
  type: 'RegisterContainerInstance',
  instanceId: INSTANCE,
  sessionId: 's1',
  resources: { cpu: 2048, memory: 4096, reservedTcpPorts: [], reservedUdpPorts: [] },
  attributes: [],
  versionInfo: { agentVersion: '1.0.0', dockerVersion: '28.0.0' },
  hostname: 'host-1',
};

export const runWeb: ClusterCommand = {
  type: 'RunTask',
  count: 1,
  resolved: { taskDefinition: WEB, tags: [] },
};

/** The whole of one task's life, one minute a step, from `start`; revisions 1 to 5. @returns the task's id */
export async function recordTaskLife(log: InMemoryEventStore, cluster: string, start: number): Promise<string> {
  const recorder = recordCluster(log, cluster);
  const minute = (count: number): number => start + count * 60_000;
  await recorder.commit({ at: minute(0), command: create(cluster) });
  await recorder.commit({ at: minute(1), command: register, principal: `agent:${INSTANCE}` });
  const events = await recorder.commit({ at: minute(2), command: runWeb });
  const requested = events.find((event) => event.type === 'TasksRequested');
  const taskId = requested?.taskIds[0] ?? '';
  const report = (knownStatus: 'RUNNING' | 'STOPPED', lastStatus: 'RUNNING' | 'STOPPED'): ClusterCommand => ({
    type: 'ReportTaskStates',
    instanceId: INSTANCE,
    sessionId: 's1',
    reports: [{ taskId, knownStatus, containers: [{ name: 'web', lastStatus }] }],
  });
  await recorder.commit({ at: minute(3), command: report('RUNNING', 'RUNNING'), principal: `agent:${INSTANCE}` });
  // Two decisions of one commit: a moment may lie between them.
  await recorder.commit(
    { at: minute(4), command: { type: 'StopTask', taskId, reason: 'enough' } },
    { at: minute(5), command: report('STOPPED', 'STOPPED'), principal: `agent:${INSTANCE}` },
  );
  return taskId;
}

function taskDefinition(family: string, revision: number): TaskDefinition {
  return {
    taskDefinitionArn: arns.taskDefinition(LOCALE, family, revision),
    family,
    revision,
    containerDefinitions: [
      { name: family, image: 'demo', cpu: 128, memory: 64, essential: true, portMappings: [], environment: [] },
    ],
    placementConstraints: [],
  };
}
