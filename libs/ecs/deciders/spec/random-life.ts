import * as fc from 'fast-check';
import type { ClusterCommand, NetworkConfiguration, ResolvedTaskDefinition, RunTask } from '#libs/ecs/messages';
import { containerStatusIn } from '#libs/testing-pure';
import type { ClusterState } from '../src/cluster-state.ts';
import { appContainer, registration, resolved, runTask, taskReport } from './cluster-builder.ts';
import type { ClusterUnderTest } from './cluster-builder.ts';

/* Random lives of a cluster: what users, hosts and time may do, as steps that shrink well. */

const HOSTS = ['a', 'b', 'c'] as const;
const TOKENS = ['t1', 't2'] as const;
const STATUSES = ['PROVISIONING', 'PENDING', 'RUNNING', 'STOPPING', 'DEPROVISIONING', 'STOPPED'] as const;
/** The fixed port of one of the definitions. */
export const PORT = 8080;

/** Small, large, one with a fixed port, and one with an address of its own; the demands together overflow the hosts soon. */
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
  resolved({
    revision: 4,
    networkMode: 'awsvpc',
    cpu: '256',
    memory: '512',
    compatibilities: ['EC2', 'FARGATE'],
    containerDefinitions: [appContainer({ cpu: 50, memory: 100 })],
  }),
] as const;

/** How tasks with an address of their own are launched: as others are, on Fargate, or by its capacity providers. */
const LAUNCHES = [
  {},
  { launchType: 'FARGATE' },
  {
    capacityProviderStrategy: [
      { capacityProvider: 'FARGATE', weight: 1, base: 1 },
      { capacityProvider: 'FARGATE_SPOT', weight: 1 },
    ],
  },
] as const;

/** What hosts take; the last ones are hosts of the pool. */
const HOST_LAUNCH_TYPES = [{}, { launchTypes: ['EC2', 'FARGATE'] }, { launchTypes: ['FARGATE'] }] as const;

/** What a request of this definition says besides. */
function launchOf(
  definition: number,
  launch: number,
): Pick<RunTask, 'launchType' | 'capacityProviderStrategy'> & {
  resolved: ResolvedTaskDefinition;
  networkConfiguration?: NetworkConfiguration;
} {
  const resolvedDefinition = DEFINITIONS[definition] ?? DEFINITIONS[0];
  const isAwsvpc = resolvedDefinition.taskDefinition.networkMode === 'awsvpc';
  const networkConfiguration = { awsvpcConfiguration: { subnets: ['subnet-1'] } };
  return { resolved: resolvedDefinition, ...(isAwsvpc && { networkConfiguration, ...LAUNCHES[launch] }) };
}

/** A step as numbers, so that failures shrink well; tasks and sessions are chosen among those that exist then. */
export type Step =
  | { readonly do: 'register'; readonly host: number; readonly session: number; readonly takes: number }
  | {
      readonly do: 'run';
      readonly definition: number;
      readonly count: number;
      readonly token: number;
      readonly distinct: boolean;
      readonly launch: number;
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
  | { readonly do: 'tag'; readonly task: number; readonly value: number }
  | { readonly do: 'attribute'; readonly host: number; readonly put: boolean }
  | {
      readonly do: 'create-service';
      readonly service: number;
      readonly definition: number;
      readonly count: number;
      readonly launch: number;
    }
  | { readonly do: 'update-service'; readonly service: number; readonly definition: number; readonly count: number }
  | { readonly do: 'delete-service'; readonly service: number }
  | { readonly do: 'elapse'; readonly minutes: number };

const host = fc.nat({ max: HOSTS.length - 1 });
const service = fc.nat({ max: 1 });
const definition = fc.nat({ max: DEFINITIONS.length - 1 });
const launch = fc.nat({ max: LAUNCHES.length - 1 });
const takes = fc.nat({ max: HOST_LAUNCH_TYPES.length - 1 });
/** Few, so that the same tasks are met again and again. */
const task = fc.nat({ max: 3 });

export const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('register' as const), host, session: fc.nat({ max: 3 }), takes }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('run' as const),
      definition,
      count: fc.integer({ min: 1, max: 10 }),
      token: fc.nat({ max: 4 }),
      distinct: fc.boolean(),
      launch,
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
      status: fc.nat({ max: STATUSES.length - 1 }),
      late: fc.nat({ max: 3 }).map((n) => n === 3),
      health: fc.nat({ max: 2 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('stop' as const), task }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('place' as const), task, host }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('drain' as const), host, active: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('disconnect' as const), host, session: fc.nat({ max: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('deregister' as const), host, force: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('tag' as const), task, value: fc.nat({ max: 2 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('attribute' as const), host, put: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('create-service' as const),
      service,
      definition,
      count: fc.nat({ max: 4 }),
      launch,
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

const nth = <Item>(items: readonly Item[], n: number): Item | undefined => items[n % Math.max(1, items.length)];
const serviceName = (n: number): string => `service-${n}`;
const hostId = (n: number): string => HOSTS[n] ?? 'a';

/** The command that a step is in this state; time passes where the step says so. */
export function commandOf(cluster: ClusterUnderTest, each: Step): ClusterCommand {
  const { state } = cluster;
  switch (each.do) {
    case 'register':
      return registration(hostId(each.host), {
        sessionId: `session-${each.session}`,
        ...HOST_LAUNCH_TYPES[each.takes],
      });
    case 'run': {
      const clientToken = TOKENS[each.token];
      return runTask({
        ...launchOf(each.definition, each.launch),
        count: each.count,
        ...(clientToken === undefined ? {} : { clientToken }),
        ...(each.distinct ? { placementConstraints: [{ type: 'distinctInstance' }] } : {}),
      });
    }
    case 'start':
      return {
        type: 'StartTask',
        ...launchOf(each.definition, 0),
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
    case 'tag': {
      const resource = { kind: 'task', id: nth([...state.tasks.keys()], each.task) ?? 'unknown' } as const;
      const tags = [{ key: 'k', value: String(each.value) }];
      return each.value === 0
        ? { type: 'UntagClusterResource', resource, tagKeys: ['k'] }
        : { type: 'TagClusterResource', resource, tags };
    }
    case 'attribute': {
      const attributes = [{ instanceId: hostId(each.host), name: 'stack', value: 'x' }];
      return each.put ? { type: 'PutAttributes', attributes } : { type: 'DeleteAttributes', attributes };
    }
    case 'create-service':
      return {
        type: 'CreateService',
        serviceName: serviceName(each.service),
        ...launchOf(each.definition, each.launch),
        desiredCount: each.count,
      };
    case 'update-service':
      return {
        type: 'UpdateService',
        serviceName: serviceName(each.service),
        ...launchOf(each.definition, 0),
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
  const knownStatus = STATUSES[each.status] ?? 'RUNNING';
  const healthStatus = (['HEALTHY', 'UNHEALTHY', 'UNKNOWN'] as const)[each.health] ?? 'UNKNOWN';
  const lastStatus = containerStatusIn(knownStatus);
  const address = `10.0.0.${each.task}`;
  return {
    type: 'ReportTaskStates',
    instanceId,
    sessionId: each.late ? 'session-0' : (state.instances.get(instanceId)?.sessionId ?? ''),
    reports: [
      taskReport({
        taskId: reported?.taskId ?? 'unknown',
        knownStatus,
        ...(knownStatus !== 'PROVISIONING' && {
          networkInterface: { subnetId: 'subnet-1', macAddress: '02:00:00:00:00:01', privateIpv4Address: address },
        }),
        containers:
          each.health === 2 ? [] : [{ name: 'app', lastStatus, healthStatus, imageDigest: `sha256:${each.task}` }],
      }),
    ],
  };
}
