import { LASTING_FAMILIES } from '../workload/images.ts';
import { liveTasks, takenOf } from './log-checks.ts';
import type { LogModel, ModelInstance, ModelService } from './log-model.ts';
import { needsOf } from './task-needs.ts';
import type { TaskNeeds } from './task-needs.ts';
import type { InvariantName } from './violation.ts';

/** A task that was told to stop ends within its stop time-out (30 s at most) and this much. */
const STOP_BOUND_MS = 60_000;

/** Something that has not come to its good end yet. */
export interface Unsettled {
  readonly invariant: InvariantName;
  readonly facts: string;
  /** Until then nobody can expect it to (ms). */
  readonly excusedUntil: number;
}

/** What is still missing after the faults have ended, in the order of the invariants; empty when all is well. */
export function unsettled(model: LogModel, now: number, healedAt: number): readonly Unsettled[] {
  return [...unsettledServices(model), ...unsettledTasks(model, now, healedAt)];
}

function* unsettledServices(model: LogModel): Generator<Unsettled> {
  for (const service of model.services.values()) {
    const running = liveTasks(service).filter(({ lastStatus }) => lastStatus === 'RUNNING').length;
    if (service.status === 'DRAINING') {
      yield { invariant: 'L1', facts: `${service.serviceName} is still DRAINING`, excusedUntil: 0 };
    } else if (service.status === 'ACTIVE' && running !== service.desiredCount && isSatisfiable(model, service)) {
      const facts = `${service.serviceName} has ${running} RUNNING of ${service.desiredCount}`;
      yield { invariant: 'L1', facts, excusedUntil: service.delayedUntil };
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
        yield { invariant: 'L3', facts: `task ${taskId} was told to stop and is ${lastStatus}`, excusedUntil: 0 };
      }
    } else if (!isOver && lastStatus !== 'RUNNING' && task.template.serviceName === undefined) {
      yield { invariant: 'L2', facts: `task ${taskId} is still ${lastStatus}`, excusedUntil: 0 };
    }
  }
}

/** Whether the service could have one task more: its image works, nobody gave it up, and some instance has room. */
function isSatisfiable(model: LogModel, service: ModelService): boolean {
  const primary = service.deployments[0];
  if (primary === undefined || primary.state === 'FAILED') return false;
  const definition = model.taskDefinitions.get(primary.taskDefinitionArn);
  if (!LASTING_FAMILIES.some((family) => family === definition?.family)) return false;
  const ofPrimary = liveTasks(service).filter(({ template }) => template.deploymentId === primary.deploymentId);
  // A rollout that finds no room keeps the old tasks beside the new ones.
  if (ofPrimary.length >= service.desiredCount) return true;
  const needs = needsOf(definition);
  return [...model.instances.values()].some((instance) => hasRoom(instance, needs, service));
}

function hasRoom(instance: ModelInstance, needs: TaskNeeds, service: ModelService): boolean {
  if (instance.status !== 'ACTIVE' || !instance.connected) return false;
  const taken = takenOf(instance);
  const { cpu, memory } = instance.resources;
  if (taken.cpu + needs.cpu > cpu || taken.memory + needs.memory > memory) return false;
  if (needs.ports.some((port) => taken.ports.includes(port))) return false;
  const isDistinct = service.spec.placementConstraints.some(({ type }) => type === 'distinctInstance');
  return !isDistinct || ![...instance.tasks].some(({ template }) => template.serviceName === service.serviceName);
}
