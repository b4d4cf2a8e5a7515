import { CLEANUP_DELAY_MS } from '../host/sim-host.ts';
import type { SimHost } from '../host/sim-host.ts';
import { LASTING_FAMILIES } from '../workload/images.ts';
import { CLUSTER_SHARD } from '../world/names.ts';
import type { Auditor } from './auditor.ts';
import { refusalOf } from './feasible.ts';
import { liveTasks } from './log-checks.ts';
import type { LogModel } from './log-model.ts';
import type { ModelDeployment, ModelService } from './model-records.ts';
import { needsOf } from './task-needs.ts';
import type { InvariantName } from './violation.ts';

/** A task that is to stop ends within its stop time-out (30 s at most) and this much. */
const STOP_BOUND_MS = 60_000;
/** A task gets its address, or gives it up, within this time. */
const ADDRESS_BOUND_MS = 60_000;
/** What has ended is removed this long after its end at the latest. */
export const REMOVAL_BOUND_MS = CLEANUP_DELAY_MS + 60_000;
/** Families whose deployments must fail once failures are counted: none of their tasks ever counts as healthy. */
const NEVER_HEALTHY_FAMILIES: readonly string[] = ['absent', 'crash', 'unprepared', 'vpc-crash', 'fargate-absent'];

/** Something that has not come to its good end yet. */
export interface Unsettled {
  readonly invariant: InvariantName;
  readonly facts: string;
  /** Until then it cannot be expected to (ms). */
  readonly excusedUntil: number;
}

/** What is still missing after the faults have ended, causes before effects; empty when all is well. */
export function unsettled(
  auditor: Auditor,
  hosts: readonly SimHost[],
  now: number,
  healedAt: number,
): readonly Unsettled[] {
  const { model, oracle, folded, restarts, headOf } = auditor;
  // The log's time may be ahead of the true one, and its delays with it.
  const aheadMs = Math.max(0, headOf(CLUSTER_SHARD).at - now);
  const versionOf = (instanceId: string): number | undefined => folded.instances.get(instanceId)?.wantedVersion;
  return [
    ...unsettledHosts(model, hosts, versionOf),
    ...waitingForAddresses(model, now, healedAt),
    ...unsettledServices(model, aheadMs),
    ...unsettledTasks(model, now, healedAt),
    ...unsettledContainers(model, oracle),
    ...unsettledAddresses(auditor),
    ...unsettledRestarts(model, restarts),
    ...unsettledDrains(hosts, now),
  ];
}

function* waitingForAddresses(model: LogModel, now: number, healedAt: number): Generator<Unsettled> {
  for (const { taskId, lastStatus, lastStatusSince } of model.tasks.values()) {
    const isWaiting = lastStatus === 'PROVISIONING' || lastStatus === 'DEPROVISIONING';
    if (!isWaiting || now <= Math.max(healedAt, lastStatusSince) + ADDRESS_BOUND_MS) continue;
    yield { invariant: 'L8', facts: `task ${taskId} is still ${lastStatus}`, excusedUntil: 0 };
  }
}

function* unsettledServices(model: LogModel, aheadMs: number): Generator<Unsettled> {
  for (const service of model.services.values()) {
    const { serviceName, status, desiredCount } = service;
    const delayedUntil = service.delayedUntil - aheadMs;
    if (status === 'DRAINING') yield { invariant: 'L1', facts: `${serviceName} is still DRAINING`, excusedUntil: 0 };
    const primary = service.deployments[0];
    if (status !== 'ACTIVE' || primary === undefined) continue;
    const live = liveTasks(service);
    const running = live.filter(({ lastStatus }) => lastStatus === 'RUNNING').length;
    const isRight = running === desiredCount && live.every(({ healthStatus }) => healthStatus !== 'UNHEALTHY');
    if (isSatisfiable(model, service)) {
      const facts = `${serviceName} has ${running} RUNNING of ${desiredCount}, or an UNHEALTHY one`;
      if (!isRight) yield { invariant: 'L1', facts, excusedUntil: delayedUntil };
      else if (primary.state === 'IN_PROGRESS' && canMove(service, primary)) {
        yield {
          invariant: 'L7',
          facts: `${primary.deploymentId} of ${serviceName} is still in progress`,
          excusedUntil: 0,
        };
      }
    } else if (primary.state === 'IN_PROGRESS' && mustFail(model, service, primary)) {
      const facts = `${primary.deploymentId} of ${serviceName} has not failed yet`;
      yield { invariant: 'L7', facts, excusedUntil: delayedUntil };
    }
  }
}

function* unsettledTasks(model: LogModel, now: number, healedAt: number): Generator<Unsettled> {
  for (const task of model.tasks.values()) {
    const { taskId, lastStatus, desiredStatus, stoppedReason } = task;
    const isOver = lastStatus === 'STOPPED';
    if (isOver && (stoppedReason === null || stoppedReason === '')) {
      yield { invariant: 'L2', facts: `task ${taskId} is STOPPED without a reason`, excusedUntil: 0 };
    } else if (desiredStatus === 'STOPPED' && !isOver) {
      if (now > Math.max(healedAt, task.stopRequestedAt ?? 0) + STOP_BOUND_MS) {
        yield { invariant: 'L3', facts: `task ${taskId} is to stop and is ${lastStatus}`, excusedUntil: 0 };
      }
    } else if (!isOver && lastStatus !== 'RUNNING' && task.template.serviceName === undefined) {
      yield { invariant: 'L2', facts: `task ${taskId} is still ${lastStatus}`, excusedUntil: 0 };
    }
  }
}

/** S9: what truly stands on the hosts is what the log says. */
function* unsettledContainers(model: LogModel, oracle: Auditor['oracle']): Generator<Unsettled> {
  const runs = new Set<string>();
  for (const { host, instanceId, taskId, containerName } of oracle.running()) {
    const task = model.tasks.get(taskId);
    runs.add(`${taskId}/${containerName}`);
    if (task !== undefined && task.lastStatus !== 'STOPPED' && task.instanceId === instanceId) continue;
    const facts = `${containerName} of task ${taskId} runs on ${host}, and the log has it ${task?.lastStatus ?? 'not at all'}`;
    yield { invariant: 'S9', facts, excusedUntil: 0 };
  }
  for (const { taskId, template, lastStatus } of model.tasks.values()) {
    if (lastStatus !== 'RUNNING') continue;
    for (const { name, essential } of model.taskDefinitions.get(template.taskDefinitionArn)?.containerDefinitions ??
      []) {
      if (!essential || runs.has(`${taskId}/${name}`)) continue;
      yield { invariant: 'S9', facts: `task ${taskId} is RUNNING, and ${name} runs nowhere`, excusedUntil: 0 };
    }
  }
}

/** S25: the address that the log has is the one that the host has. */
function* unsettledAddresses({ model, oracle, isCloned }: Auditor): Generator<Unsettled> {
  for (const { host, instanceId, taskId, isPause, address } of oracle.running()) {
    const task = model.tasks.get(taskId);
    if (!isPause || task?.lastStatus !== 'RUNNING' || task.address === address || isCloned(instanceId)) continue;
    const facts = `task ${taskId} has ${address ?? 'no address'} on ${host}, and ${task.address ?? 'none'} in the log`;
    yield { invariant: 'S25', facts, excusedUntil: 0 };
  }
}

/** S29: what is to be started again is. */
function* unsettledRestarts(model: LogModel, restarts: Auditor['restarts']): Generator<Unsettled> {
  for (const { taskId, lastStatus, desiredStatus, refusedStarts } of model.tasks.values()) {
    if (lastStatus !== 'RUNNING' || desiredStatus !== 'RUNNING') continue;
    for (const { host, containerName } of restarts.due(taskId)) {
      if (refusedStarts.has(containerName)) continue;
      const facts = `${containerName} of task ${taskId} has ended on ${host} and is not started again`;
      yield { invariant: 'S29', facts, excusedUntil: 0 };
    }
  }
}

/** S30: an agent that drains ends at its limit. */
function* unsettledDrains(hosts: readonly SimHost[], now: number): Generator<Unsettled> {
  for (const { name, drainLimitAt } of hosts) {
    if (drainLimitAt === null) continue;
    const facts = `${name} has drained until ${now - drainLimitAt} ms after its limit`;
    yield { invariant: 'S30', facts, excusedUntil: drainLimitAt };
  }
}

/** S9: what has ended, or was never asked for, is removed in time. */
export function* leftOver({ model, oracle }: Auditor, now: number, healedAt: number): Generator<string> {
  for (const { host, taskId, containerName, phase, endedAt } of oracle.standing()) {
    const task = model.tasks.get(taskId);
    if (phase === 'RUNNING' || (task !== undefined && task.lastStatus !== 'STOPPED')) continue;
    const endSeenAt = Math.max(healedAt, endedAt ?? 0, task?.endSeenAt ?? 0);
    if (now > endSeenAt + REMOVAL_BOUND_MS) yield `${containerName} of task ${taskId} is left over on ${host}`;
  }
}

/** L6: every agent has its session and its wanted set. */
function* unsettledHosts(
  model: LogModel,
  hosts: readonly SimHost[],
  versionOf: (instanceId: string) => number | undefined,
): Generator<Unsettled> {
  for (const { name, instanceId, isServing, wantedVersion } of hosts) {
    const instance = model.instances.get(instanceId);
    if (instance?.status === 'INACTIVE') continue;
    const version = versionOf(instanceId);
    if (instance?.connected === true && isServing && wantedVersion === version) continue;
    const facts = `${name} is ${instance?.connected === true ? 'connected' : 'not connected'}, its agent ${isServing ? 'serves' : 'does not serve'}`;
    yield {
      invariant: 'L6',
      facts: `${facts} and has version ${wantedVersion} of ${version ?? 'none'}`,
      excusedUntil: 0,
    };
  }
}

/** Whether the service could have one task more: its image works, it was not given up, and some instance has room. */
function isSatisfiable(model: LogModel, service: ModelService): boolean {
  const primary = service.deployments[0];
  if (primary === undefined || primary.state === 'FAILED') return false;
  const definition = model.taskDefinitions.get(primary.taskDefinitionArn);
  if (!LASTING_FAMILIES.includes(definition?.family ?? '')) return false;
  const ofPrimary = liveTasks(service).filter(({ template }) => template.deploymentId === primary.deploymentId);
  // A rollout that finds no room keeps the old tasks beside the new ones, and an unhealthy task waits for its replacement.
  const needsRoom = liveTasks(service).some(({ healthStatus }) => healthStatus === 'UNHEALTHY') && !mayShrink(service);
  return (ofPrimary.length >= service.desiredCount && !needsRoom) || hasRoom(model, service, primary);
}

/** Whether a task may be stopped before its replacement runs. */
function mayShrink({ desiredCount, spec: { deploymentConfiguration } }: ModelService): boolean {
  return Math.ceil((desiredCount * deploymentConfiguration.minimumHealthyPercent) / 100) < desiredCount;
}

function hasRoom(
  model: LogModel,
  { serviceName, spec }: ModelService,
  { taskDefinitionArn }: ModelDeployment,
): boolean {
  const definition = model.taskDefinitions.get(taskDefinitionArn);
  const ask = {
    ...needsOf(definition),
    group: `service:${serviceName}`,
    launchType: spec.launchType,
    constraints: [...spec.placementConstraints, ...(definition?.placementConstraints ?? [])],
    strategy: spec.placementStrategy,
  };
  return [...model.instances.values()].some((instance) => refusalOf(instance, ask) === null);
}

/** Whether the percentages let old tasks go or new ones come. */
function canMove({ desiredCount, spec, tasks }: ModelService, { deploymentId }: ModelDeployment): boolean {
  const { minimumHealthyPercent, maximumPercent } = spec.deploymentConfiguration;
  const lower = Math.ceil((desiredCount * minimumHealthyPercent) / 100);
  const upper = Math.floor((desiredCount * maximumPercent) / 100);
  return lower < upper || [...tasks].every(({ template }) => template.deploymentId === deploymentId);
}

/** None of its tasks will ever do, failures are counted, and there is room to try. */
function mustFail(model: LogModel, service: ModelService, primary: ModelDeployment): boolean {
  const family = model.taskDefinitions.get(primary.taskDefinitionArn)?.family ?? '';
  const counts = service.spec.deploymentConfiguration.deploymentCircuitBreaker?.enable === true;
  if (!counts || service.desiredCount === 0 || !NEVER_HEALTHY_FAMILIES.includes(family)) return false;
  return canMove(service, primary) && hasRoom(model, service, primary);
}
