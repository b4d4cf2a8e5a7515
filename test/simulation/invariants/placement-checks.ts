import type { ClusterEvent } from '#libs/ecs/messages';
import type { EventCheck } from './event-check.ts';
import { bestOf, isDrawn, refusalOf } from './feasible.ts';
import type { PlacementAsk } from './feasible.ts';
import type { LogModel } from './log-model.ts';
import type { ModelTask } from './model-records.ts';
import type { ReportViolation } from './violation.ts';

/** S12, with S7, S8 and S14 on the way: where tasks are placed, and that none is refused while there is a place for it. */
export class PlacementChecks implements EventCheck {
  readonly #model: LogModel;
  readonly #report: ReportViolation;

  constructor(model: LogModel, report: ReportViolation) {
    this.#model = model;
    this.#report = report;
  }

  before(event: ClusterEvent): void {
    if (event.type === 'TasksPlaced') {
      for (const { taskId, containerInstanceId } of event.placements) this.#checkPlace(taskId, containerInstanceId);
    }
    if (event.type === 'TaskPlacementFailed') {
      for (const taskId of event.taskIds) this.#checkRefusal(taskId);
    }
  }

  #checkPlace(taskId: string, instanceId: string): void {
    const task = this.#model.tasks.get(taskId);
    const instance = this.#model.instances.get(instanceId);
    // What is unknown is reported by others.
    if (task === undefined || instance === undefined) return;
    const ask = askOf(task);
    const refusal = refusalOf(instance, ask);
    if (refusal !== null) {
      this.#report(refusal.invariant, `task ${taskId} is placed on ${instanceId}, but ${refusal.why}`);
    } else if (task.askedInstanceId !== null) {
      if (task.askedInstanceId !== instanceId) {
        this.#report(
          'S12',
          `task ${taskId} is placed on ${instanceId}, and was asked to be on ${task.askedInstanceId}`,
        );
      }
    } else {
      this.#checkChoice(taskId, instanceId, ask);
    }
  }

  #checkChoice(taskId: string, instanceId: string, ask: PlacementAsk): void {
    const best = bestOf(this.#model, ask).map((instance) => instance.instanceId);
    const allowed = isDrawn(ask) ? best : best.slice(0, 1);
    if (allowed.includes(instanceId)) return;
    const strategy = JSON.stringify(ask.strategy);
    this.#report(
      'S12',
      `task ${taskId} is placed on ${instanceId}; by ${strategy} it belongs on ${allowed.join(' or ')}`,
    );
  }

  #checkRefusal(taskId: string): void {
    const task = this.#model.tasks.get(taskId);
    if (task === undefined) return;
    const ask = askOf(task);
    for (const instance of this.#model.instances.values()) {
      if (task.askedInstanceId !== null && task.askedInstanceId !== instance.instanceId) continue;
      if (refusalOf(instance, ask) !== null) continue;
      this.#report('S12', `task ${taskId} finds no place, and ${instance.instanceId} has one`);
      return;
    }
  }
}

function askOf(task: ModelTask): PlacementAsk {
  const { group, launchType, placementConstraints: constraints, placementStrategy: strategy } = task.template;
  return { ...task, group, launchType, constraints, strategy };
}
