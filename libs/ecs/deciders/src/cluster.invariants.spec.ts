import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { takesLaunchType, TASK_STATUS_RANK } from '#libs/ecs/messages';
import type { ClusterEvent, TaskStatus } from '#libs/ecs/messages';
import { schedulerSaga, serviceControllerSaga } from '#libs/ecs/reconcile';
import type { ClusterState, ServiceState } from './cluster-state.ts';
import { ClusterUnderTest, textOf } from '../spec/cluster-builder.ts';
import { commandOf, PORT, step } from '../spec/random-life.ts';
import { wantedPageOf, wantedSumOf } from './task/wanted-set.ts';

/*
 * Random lives of a cluster keep these promises: S4 a task stays on its instance, S5 statuses only move
 * forward, S6 STOPPED is final, S7 what is left is what was registered less what is reserved, S8 a port has one owner,
 * S13 a token makes tasks once, a task has one address and a deployment one set of images, once they have, a task goes
 * only where its launch type is taken, S14 a deregistered instance never comes back, S16 the events alone make the same
 * state.
 */

const DAY_MS = 86_400_000;

describe('random lives of a cluster', () => {
  test('keep the promises of the log, and the events alone make the same state', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 80 }), (steps) => {
        const cluster = new ClusterUnderTest([schedulerSaga, serviceControllerSaga])
          .createCluster({ capacityProviders: ['FARGATE', 'FARGATE_SPOT'] })
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
        expect(textOf(cluster.folded())).toBe(textOf(cluster.state));
      }),
      { numRuns: 50 },
    );
  });
});

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
  /** Tasks that have been RUNNING with an address. */
  readonly #addressed = new Set<string>();
  readonly #imagesOf = new Map<string, string>();
  readonly #wantedOf = new Map<string, string>();
  readonly #tokens = new Map<string, { readonly taskIds: readonly string[]; readonly at: number }>();

  /** S13: a token that is not a day old makes no second tasks while one of the first is known. */
  tokens({ state, at }: ClusterUnderTest, events: readonly ClusterEvent[]): void {
    // One request may be several facts, one per capacity provider.
    const made = new Map<string, string[]>();
    for (const event of events) {
      if (event.type !== 'TasksRequested' || event.clientToken === undefined) continue;
      const { token } = event.clientToken;
      made.set(token, [...(made.get(token) ?? []), ...event.taskIds]);
    }
    for (const [token, taskIds] of made) {
      const first = this.#tokens.get(token);
      if (first !== undefined && at - first.at < DAY_MS) {
        must(!first.taskIds.some((taskId) => state.tasks.has(taskId)), 'S13: a token made tasks twice');
      }
      this.#tokens.set(token, { taskIds, at });
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
        for (const { taskId, containerInstanceId } of event.placements) {
          must(!this.#instanceOf.has(taskId), 'S4: a task was placed twice');
          this.#instanceOf.set(taskId, containerInstanceId);
          const { launchTypes } = state.instances.get(containerInstanceId) ?? {};
          const launchType = state.tasks.get(taskId)?.template.launchType ?? '';
          must(takesLaunchType(launchTypes, launchType), 'a task went to a host that does not take its launch type');
        }
      }
      if (event.type === 'TaskStateChanged') {
        const isNew = event.networkInterface !== undefined;
        must(!isNew || !this.#addressed.has(event.taskId), 'a task was given another address while it ran');
        const runs = TASK_STATUS_RANK[event.lastStatus] >= TASK_STATUS_RANK.RUNNING;
        if (runs && (state.tasks.get(event.taskId)?.privateIpv4Address ?? null) !== null)
          this.#addressed.add(event.taskId);
      }
      if (event.type === 'ContainerInstanceDeregistered') this.#gone.add(event.containerInstanceId);
    }
    for (const instanceId of this.#gone) must(!state.instances.has(instanceId), 'S14: a dead instance came back');
  }

  state(state: ClusterState): void {
    this.#tasks(state);
    for (const instance of state.instances.values()) {
      this.#books(state, instance.instanceId);
      this.#wanted(state, instance.instanceId);
    }
    for (const each of state.services.values()) {
      countedTasks(state, each);
      this.#images(each);
    }
    must(state.unplacedTasks.size === 0, 'a request was not answered in its own decision');
  }

  /** Two readings of a wanted set with one sum are the same set, so every change that an agent must know counts. */
  #wanted(state: ClusterState, instanceId: string): void {
    const reading = `${instanceId} ${JSON.stringify(wantedSumOf(state, instanceId))}`;
    const page = wantedPageOf(state, instanceId, null, 1e9);
    const set = JSON.stringify('tasks' in page ? page.tasks : page);
    must((this.#wantedOf.get(reading) ?? set) === set, 'a wanted set has changed and its sum has not');
    this.#wantedOf.set(reading, set);
  }

  #images({ deployments }: ServiceState): void {
    for (const { deploymentId, imageDigests } of deployments) {
      const before = this.#imagesOf.get(deploymentId);
      must(
        before === undefined || before === JSON.stringify(imageDigests),
        'a deployment has other images than before',
      );
      if (imageDigests !== null) this.#imagesOf.set(deploymentId, JSON.stringify(imageDigests));
    }
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
