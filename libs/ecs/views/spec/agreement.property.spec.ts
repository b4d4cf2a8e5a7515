import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { ClusterState } from '#libs/ecs/deciders';
import { isPoolHost, lastPathElement } from '#libs/ecs/messages';
import {
  describeContainerInstances,
  describeServices,
  describeTasks,
  EcsPublicEvents,
  historyOf,
  historySubject,
  listContainerInstances,
  ViewDirectory,
} from '../src/index.ts';
import { DecidedLog } from './decided-log.ts';
import { CLUSTER_ARN, CLUSTER_NAME, LOCALE } from './log-builder.ts';
import { outputOf } from './world.ts';

/*
 * The decider's state and the view are two folds of the same facts, written without a look at each other. Whatever the
 * real deciders and process managers record, both must say the same of it.
 */

const steps = fc.array(fc.tuple(fc.nat(13), fc.nat(2000)), { minLength: 1, maxLength: 150, size: 'max' });

function viewOf(log: DecidedLog): ViewDirectory {
  const views = new ViewDirectory(LOCALE);
  for (const commit of log.commits) views.apply(commit);
  expect(views.halted).toEqual([]);
  return views;
}

function decided(numbers: readonly (readonly [number, number])[]): DecidedLog {
  const log = new DecidedLog();
  for (const [what, which] of numbers) log.step(what, which);
  return log;
}

function tasksOfState({ tasks }: ClusterState) {
  return [...tasks.values()].map(
    ({
      taskId,
      instanceId,
      lastStatus,
      desiredStatus,
      stopCode,
      stoppedReason,
      healthStatus,
      createdAt,
      stoppedAt,
      privateIpv4Address,
    }) => ({
      taskId,
      instanceId,
      lastStatus,
      desiredStatus,
      stopCode,
      stoppedReason,
      healthStatus: lastStatus === 'STOPPED' ? undefined : healthStatus,
      createdAt,
      stoppedAt,
      privateIpv4Address,
    }),
  );
}

function tasksOfView(views: ViewDirectory) {
  const tasks = views.cluster(CLUSTER_NAME)?.tasks.values() ?? [];
  return [...tasks].map((task) => {
    const [shown] = outputOf(describeTasks(views, { tasks: [task.taskId] })).tasks;
    const { taskId, lastStatus, desiredStatus, stopCode, stoppedReason, createdAt, stoppedAt } = task;
    const instanceId = task.instance?.instanceId ?? null;
    const healthStatus = lastStatus === 'STOPPED' ? undefined : shown?.['healthStatus'];
    return {
      taskId,
      instanceId,
      lastStatus,
      desiredStatus,
      stopCode,
      stoppedReason,
      healthStatus,
      createdAt,
      stoppedAt,
      privateIpv4Address: shown?.containers?.[0]?.networkInterfaces?.[0]?.privateIpv4Address ?? null,
    };
  });
}

function servicesOfState({ services }: ClusterState) {
  return [...services.values()].map(({ serviceName, status, desiredCount, deployments }) => ({
    serviceName,
    status,
    desiredCount,
    deployments: deployments.map(({ deploymentId, pendingCount, runningCount, failedTasks, rolloutState }) => ({
      id: deploymentId,
      pendingCount,
      runningCount,
      failedTasks,
      rolloutState,
    })),
  }));
}

function servicesOfView(views: ViewDirectory) {
  const services = [...(views.cluster(CLUSTER_NAME)?.services.values() ?? [])].filter(
    ({ status }) => status !== 'INACTIVE',
  );
  return services.map(({ serviceName }) => {
    const [shown] = outputOf(describeServices(views, { services: [serviceName] })).services;
    const deployments = (shown?.['deployments'] ?? []) as Record<string, unknown>[];
    return {
      serviceName,
      status: shown?.['status'],
      desiredCount: shown?.['desiredCount'],
      deployments: deployments.map(({ id, pendingCount, runningCount, failedTasks, rolloutState }) => ({
        id,
        pendingCount,
        runningCount,
        failedTasks,
        rolloutState,
      })),
    };
  });
}

/** Hosts of the pool are in neither: no query shows them. */
function instancesOfState({ instances, placement }: ClusterState) {
  return [...instances.values()]
    .filter(({ launchTypes }) => !isPoolHost(launchTypes))
    .map(({ instanceId, status, connected }) => {
      const remaining = placement.remaining(instanceId);
      const ports = remaining?.usedTcpPorts.map(String).sort();
      return { instanceId, status, connected, remaining: [remaining?.cpu, remaining?.memory, ports, []] };
    });
}

function instancesOfView(views: ViewDirectory) {
  const { containerInstanceArns } = outputOf(listContainerInstances(views, { cluster: CLUSTER_NAME }));
  return containerInstanceArns.map((arn) => {
    const instanceId = lastPathElement(arn);
    const [shown] = outputOf(
      describeContainerInstances(views, { containerInstances: [instanceId] }),
    ).containerInstances;
    const resources = (shown?.['remainingResources'] ?? []) as { integerValue: number; stringSetValue?: string[] }[];
    return {
      instanceId,
      status: shown?.['status'],
      connected: shown?.['agentConnected'],
      remaining: resources.map(({ integerValue, stringSetValue }) => stringSetValue?.toSorted() ?? integerValue),
    };
  });
}

/** What the API says of the hosts of the pool: nothing. */
function poolHostsOfView(views: ViewDirectory, { instances }: ClusterState): readonly unknown[] {
  const poolHosts = [...instances.values()].filter(({ launchTypes }) => isPoolHost(launchTypes));
  return poolHosts.flatMap(
    ({ instanceId }) =>
      outputOf(describeContainerInstances(views, { containerInstances: [instanceId] })).containerInstances,
  );
}

/** Fargate tasks that show where they run. */
function exposedTasks(views: ViewDirectory): readonly unknown[] {
  const tasks = [...(views.cluster(CLUSTER_NAME)?.tasks.keys() ?? [])];
  return tasks
    .flatMap((taskId) => outputOf(describeTasks(views, { tasks: [taskId] })).tasks)
    .filter(({ launchType, containerInstanceArn }) => launchType === 'FARGATE' && containerInstanceArn !== undefined);
}

/** The images of every deployment that is listed; DescribeServices does not show them. */
function images(services: Iterable<{ readonly deployments: readonly { readonly imageDigests: unknown }[] }>) {
  return [...services].map(({ deployments }) => deployments.map(({ imageDigests }) => imageDigests));
}

function imagesOfView(views: ViewDirectory) {
  const services = [...(views.cluster(CLUSTER_NAME)?.services.values() ?? [])];
  return images(services.filter(({ status }) => status !== 'INACTIVE'));
}

describe('the view agrees with the decider', () => {
  test('about tasks, services and container instances', () => {
    fc.assert(
      fc.property(steps, (numbers) => {
        const log = decided(numbers);
        const views = viewOf(log);
        expect(tasksOfView(views)).toEqual(tasksOfState(log.state));
        expect(servicesOfView(views)).toEqual(servicesOfState(log.state));
        expect(imagesOfView(views)).toEqual(images(log.state.services.values()));
        expect(instancesOfView(views)).toEqual(instancesOfState(log.state));
        expect([...poolHostsOfView(views, log.state), ...exposedTasks(views)]).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });

  test('and whatever is decided can be told: as events, and as history', () => {
    fc.assert(
      fc.property(steps, (numbers) => {
        const views = new ViewDirectory(LOCALE);
        const publicEvents = new EcsPublicEvents(views);
        const subject = historySubject(CLUSTER_ARN);
        for (const commit of decided(numbers).commits) {
          expect(views.apply(commit)).toBe('applied');
          for (const { body } of [...publicEvents.of(commit), ...publicEvents.gathered()])
            expect(JSON.parse(body)).toHaveProperty('id');
          if (subject !== undefined) expect([...historyOf([commit], subject)]).toBeDefined();
        }
      }),
      { numRuns: 10 },
    );
  });
});
