import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { TASK_STATUS_RANK } from '#libs/ecs/messages';
import type { ClusterCommand, ClusterEvent, TaskStatus } from '#libs/ecs/messages';
import { canonicalJson } from '#libs/kernel';
import { schedulerSaga, serviceControllerSaga } from '#libs/ecs/reconcile';
import type { ClusterState, ServiceState } from './cluster-state.ts';
import {
  appContainer,
  ClusterUnderTest,
  registration,
  resolved,
  runTask,
  taskReport,
} from './spec-support/cluster-builder.ts';

/*
 * Random lives of a cluster keep these promises: S4 a task stays on its instance, S5 statuses only move
 * forward, S6 STOPPED is final, S7 what is left is what was registered less what is reserved, S8 a port has one owner,
 * S13 a token makes tasks once, S14 a deregistered instance never comes back, S16 the events alone make the same state.
 */

const HOSTS = ['a', 'b', 'c'] as const;
const TOKENS = ['t1', 't2'] as const;
const PORT = 8080;
const DAY_MILLISECONDS = 86_400_000;

/** Small, large, and one with a fixed port; the demands together overflow the hosts soon. */
const DEFINITIONS = [
  resolved({ revision: 1, containerDefinitions: [appContainer({ cpu: 100, memory: 200 })] }),
  resolved({ revision: 2, containerDefinitions: [appContainer({ cpu: 900, memory: 1500 })] }),
  resolved({
    revision: 3,
    containerDefinitions: [
      appContainer({
        cpu: 10,
        memory: 10,
        portMappings: [{ containerPort: 80, hostPort: PORT, protocol: 'tcp' }],
      }),
    ],
  }),
] as const;

/** A step as numbers, so that failures shrink well; tasks and sessions are chosen among those that exist then. */
type Step =
  | { readonly do: 'register'; readonly host: number; readonly session: number }
  | {
      readonly do: 'run';
      readonly definition: number;
      readonly count: number;
      readonly token: number;
      readonly distinct: boolean;
    }
  | { readonly do: 'start'; readonly definition: number; readonly hosts: readonly number[] }
  | {
      readonly do: 'report';
      readonly task: number;
      readonly status: number;
      readonly late: boolean;
      readonly health: number;
    }
  | { readonly do: 'stop'; readonly task: number }
  | { readonly do: 'place'; readonly task: number; readonly host: number }
  | { readonly do: 'drain'; readonly host: number; readonly active: boolean }
  | { readonly do: 'disconnect'; readonly host: number; readonly session: number }
  | { readonly do: 'deregister'; readonly host: number; readonly force: boolean }
  | { readonly do: 'attribute'; readonly host: number; readonly put: boolean }
  | { readonly do: 'create-service'; readonly service: number; readonly definition: number; readonly count: number }
  | { readonly do: 'update-service'; readonly service: number; readonly definition: number; readonly count: number }
  | { readonly do: 'delete-service'; readonly service: number }
  | { readonly do: 'elapse'; readonly minutes: number };

const host = fc.nat({ max: HOSTS.length - 1 });
const service = fc.nat({ max: 1 });
const definition = fc.nat({ max: DEFINITIONS.length - 1 });
/** Few, so that the same tasks are met again and again. */
const task = fc.nat({ max: 3 });

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('register' as const), host, session: fc.nat({ max: 3 }) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('run' as const),
      definition,
      count: fc.integer({ min: 1, max: 10 }),
      token: fc.nat({ max: 4 }),
      distinct: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('start' as const),
      definition,
      hosts: fc.array(host, { minLength: 1, maxLength: 4 }),
    }),
  },
  {
    weight: 20,
    arbitrary: fc.record({
      do: fc.constant('report' as const),
      task,
      status: fc.nat({ max: 3 }),
      late: fc.nat({ max: 3 }).map((n) => n === 3),
      health: fc.nat({ max: 2 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('stop' as const), task }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('place' as const), task, host }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('drain' as const), host, active: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('disconnect' as const), host, session: fc.nat({ max: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('deregister' as const), host, force: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('attribute' as const), host, put: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('create-service' as const),
      service,
      definition,
      count: fc.nat({ max: 4 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('update-service' as const),
      service,
      definition,
      count: fc.nat({ max: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('delete-service' as const), service }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('elapse' as const), minutes: fc.nat({ max: 90 }) }) },
);

describe('random lives of a cluster', () => {
  test('keep the promises of the log, and the events alone make the same state', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 80 }), (steps) => {
        const cluster = new ClusterUnderTest([schedulerSaga, serviceControllerSaga])
          .createCluster()
          .register('a')
          .register('b');
        const watch = new Watch();
        for (const each of steps) {
          const outcome = cluster.submit(commandOf(cluster, each));
          if ('events' in outcome) {
            watch.tokens(cluster, outcome.events);
            watch.events(cluster.state, outcome.events);
          }
          watch.state(cluster.state);
        }
        expect(canonicalJson(cluster.folded())).toBe(canonicalJson(cluster.state));
      }),
      { numRuns: 50 },
    );
  });
});

const nth = <Item>(items: readonly Item[], n: number): Item | undefined => items[n % Math.max(1, items.length)];
const serviceName = (n: number): string => `service-${n}`;
const hostId = (n: number): string => HOSTS[n] ?? 'a';

function commandOf(cluster: ClusterUnderTest, each: Step): ClusterCommand {
  const { state } = cluster;
  switch (each.do) {
    case 'register':
      return registration(hostId(each.host), { sessionId: `session-${each.session}` });
    case 'run': {
      const clientToken = TOKENS[each.token];
      return runTask({
        resolved: DEFINITIONS[each.definition] ?? DEFINITIONS[0],
        count: each.count,
        ...(clientToken === undefined ? {} : { clientToken }),
        ...(each.distinct ? { placementConstraints: [{ type: 'distinctInstance' }] } : {}),
      });
    }
    case 'start':
      return {
        type: 'StartTask',
        resolved: DEFINITIONS[each.definition] ?? DEFINITIONS[0],
        instanceIds: each.hosts.map(hostId),
      };
    case 'report':
      return reportOf(state, each);
    case 'stop':
      return { type: 'StopTask', taskId: nth([...state.tasks.keys()], each.task) ?? 'unknown' };
    case 'place': {
      const taskId = nth([...state.tasks.keys()], each.task) ?? 'unknown';
      return { type: 'PlaceTasks', placements: [{ taskId, instanceId: hostId(each.host) }], refused: [] };
    }
    case 'drain':
      return {
        type: 'UpdateContainerInstancesState',
        instanceIds: [hostId(each.host)],
        status: each.active ? 'ACTIVE' : 'DRAINING',
      };
    case 'disconnect':
      return {
        type: 'ReportInstanceDisconnected',
        instanceId: hostId(each.host),
        sessionId:
          each.session === 3 ? (state.instances.get(hostId(each.host))?.sessionId ?? '') : `session-${each.session}`,
      };
    case 'deregister':
      return { type: 'DeregisterContainerInstance', instanceId: hostId(each.host), force: each.force };
    case 'attribute': {
      const attributes = [{ instanceId: hostId(each.host), name: 'stack', value: 'x' }];
      return each.put ? { type: 'PutAttributes', attributes } : { type: 'DeleteAttributes', attributes };
    }
    case 'create-service':
      return {
        type: 'CreateService',
        serviceName: serviceName(each.service),
        resolved: DEFINITIONS[each.definition] ?? DEFINITIONS[0],
        desiredCount: each.count,
      };
    case 'update-service':
      return {
        type: 'UpdateService',
        serviceName: serviceName(each.service),
        resolved: DEFINITIONS[each.definition] ?? DEFINITIONS[0],
        desiredCount: each.count,
      };
    case 'delete-service':
      return { type: 'DeleteService', serviceName: serviceName(each.service), force: true };
    case 'elapse':
      cluster.at += each.minutes * 60_000;
      return { type: 'ElapseTime' };
  }
}

function reportOf(state: ClusterState, each: Extract<Step, { do: 'report' }>): ClusterCommand {
  const reported = nth([...state.tasks.values()], each.task);
  const instanceId = reported?.instanceId ?? 'a';
  const knownStatus = (['PENDING', 'RUNNING', 'STOPPING', 'STOPPED'] as const)[each.status] ?? 'RUNNING';
  const healthStatus = (['HEALTHY', 'UNHEALTHY', 'UNKNOWN'] as const)[each.health] ?? 'UNKNOWN';
  const lastStatus = knownStatus === 'STOPPING' ? 'RUNNING' : knownStatus;
  return {
    type: 'ReportTaskStates',
    instanceId,
    sessionId: each.late ? 'session-0' : (state.instances.get(instanceId)?.sessionId ?? ''),
    reports: [
      taskReport({
        taskId: reported?.taskId ?? 'unknown',
        knownStatus,
        containers: each.health === 2 ? [] : [{ name: 'app', lastStatus, healthStatus }],
      }),
    ],
  };
}

/** Cheaper than an expectation: it is asked a million times. */
function must(holds: boolean, promise: string): void {
  if (!holds) throw new Error(promise);
}

/** S22: a service knows its tasks, and its deployments count them. */
function countedTasks(state: ClusterState, service: ServiceState): void {
  const live = [...state.tasks.values()].filter(
    ({ template, lastStatus }) => template.serviceName === service.serviceName && lastStatus !== 'STOPPED',
  );
  must(live.length === service.taskIds.size, 'S22: a service has lost or found a task');
  for (const { deploymentId, pendingCount, runningCount, stoppingCount } of service.deployments) {
    const own = live.filter(({ template }) => template.deploymentId === deploymentId);
    const stopping = own.filter(({ desiredStatus }) => desiredStatus === 'STOPPED').length;
    const running = own.filter((each) => each.desiredStatus === 'RUNNING' && each.lastStatus === 'RUNNING').length;
    must(stoppingCount === stopping, 'S22: stopping tasks are miscounted');
    must(runningCount === running, 'S22: running tasks are miscounted');
    must(pendingCount === own.length - stopping - running, 'S22: pending tasks are miscounted');
  }
}

/** What was seen of every task and instance, for promises that hold over time. */
class Watch {
  readonly #instanceOf = new Map<string, string>();
  readonly #statusOf = new Map<string, TaskStatus>();
  readonly #stopped = new Set<string>();
  readonly #requested = new Set<string>();
  readonly #gone = new Set<string>();
  readonly #tokens = new Map<string, { readonly taskIds: readonly string[]; readonly at: number }>();

  /** S13: a token that is not a day old makes no second tasks while one of the first is known. */
  tokens({ state, at }: ClusterUnderTest, events: readonly ClusterEvent[]): void {
    for (const event of events) {
      if (event.type !== 'TasksRequested' || event.clientToken === undefined) continue;
      const first = this.#tokens.get(event.clientToken);
      if (first !== undefined && at - first.at < DAY_MILLISECONDS) {
        must(!first.taskIds.some((taskId) => state.tasks.has(taskId)), 'S13: a token made tasks twice');
      }
      this.#tokens.set(event.clientToken, { taskIds: event.taskIds, at });
    }
  }

  events(state: ClusterState, events: readonly ClusterEvent[]): void {
    for (const event of events) {
      if (event.type === 'TasksRequested') {
        for (const taskId of event.taskIds) {
          must(!this.#requested.has(taskId), 'S4: a task id came twice');
          this.#requested.add(taskId);
        }
      }
      if (event.type === 'TasksPlaced') {
        for (const { taskId, instanceId } of event.placements) {
          must(!this.#instanceOf.has(taskId), 'S4: a task was placed twice');
          this.#instanceOf.set(taskId, instanceId);
        }
      }
      if (event.type === 'ContainerInstanceDeregistered') this.#gone.add(event.instanceId);
    }
    for (const instanceId of this.#gone) must(!state.instances.has(instanceId), 'S14: a dead instance came back');
  }

  state(state: ClusterState): void {
    this.#tasks(state);
    for (const instance of state.instances.values()) this.#books(state, instance.instanceId);
    for (const each of state.services.values()) countedTasks(state, each);
    must(state.unplacedTaskIds.size === 0, 'a request was not answered in its own decision');
  }

  #tasks(state: ClusterState): void {
    for (const { taskId, lastStatus, desiredStatus, instanceId } of state.tasks.values()) {
      must(instanceId === this.#instanceOf.get(taskId), 'S4: a task has moved');
      const before = this.#statusOf.get(taskId);
      const rankBefore = before === undefined ? 0 : TASK_STATUS_RANK[before];
      must(TASK_STATUS_RANK[lastStatus] >= rankBefore, 'S5: a task went back');
      this.#statusOf.set(taskId, lastStatus);
      const mayRun = desiredStatus === 'RUNNING';
      must(!mayRun || !this.#stopped.has(taskId), 'S5: a task that was told to stop is wanted again');
      must(!mayRun || lastStatus !== 'STOPPED', 'S6: a stopped task is wanted');
      if (!mayRun) this.#stopped.add(taskId);
    }
  }

  /** S7 and S8 from the tasks themselves, against what the engine says. */
  #books(state: ClusterState, instanceId: string): void {
    const instance = state.instances.get(instanceId);
    const remaining = state.placement.remaining(instanceId);
    if (instance === undefined || remaining === undefined) throw new Error(`no books of ${instanceId}`);
    const here = [...state.tasks.values()].filter(
      (each) => each.instanceId === instanceId && each.lastStatus !== 'STOPPED',
    );
    must(here.length === instance.taskIds.size, 'an instance holds other tasks than those placed on it');
    must(
      here.every(({ taskId }) => instance.taskIds.has(taskId)),
      'an instance does not know one of its tasks',
    );
    const sum = (of: (demand: { cpu: number; memory: number }) => number): number =>
      here.reduce((total, { demand }) => total + of(demand), 0);
    must(remaining.cpu === instance.resources.cpu - sum(({ cpu }) => cpu), 'S7: CPU is lost or found');
    must(remaining.memory === instance.resources.memory - sum(({ memory }) => memory), 'S7: memory is lost or found');
    must(remaining.cpu >= 0 && remaining.memory >= 0, 'S7: a host is overbooked');
    const owners = here.filter(({ demand }) => demand.tcpPorts.includes(PORT));
    must(owners.length <= 1, 'S8: a port has two owners');
    must(remaining.usedTcpPorts.includes(PORT) === (owners.length === 1), 'S8: a port is not with its owner');
  }
}
