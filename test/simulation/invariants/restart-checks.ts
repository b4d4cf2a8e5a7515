import type { RuntimeCall } from '#libs/agents/core';
import type { ContainerDefinition } from '#libs/ecs/messages';
import type { ObservedHost } from '../host/agent-observer.ts';
import type { Oracle, TrueContainer } from '../host/oracle.ts';
import type { LogModel } from './log-model.ts';
import type { ReportViolation } from './violation.ts';

/** AWS: a container that ran for less than this is not started again, unless its definition says otherwise. */
const ATTEMPT_PERIOD_SECONDS_DEFAULT = 300;

/** Whether a container that has ended is to be started again in place. */
export function isToRestart(
  { restartPolicy }: Pick<ContainerDefinition, 'restartPolicy'>,
  { phase, lastRun }: Pick<TrueContainer, 'phase' | 'lastRun'>,
): boolean {
  if (restartPolicy?.enabled !== true || phase === 'GONE' || lastRun === null) return false;
  if (restartPolicy.ignoredExitCodes?.includes(lastRun.exitCode) === true) return false;
  return lastRun.durationMs >= (restartPolicy.restartAttemptPeriod ?? ATTEMPT_PERIOD_SECONDS_DEFAULT) * 1_000;
}

/** S29: containers that are started again in place. */
export class RestartChecks {
  readonly #model: LogModel;
  readonly #oracle: Oracle;
  readonly #report: ReportViolation;
  /** The life of its agent that has sent a stop signal to a container of a task, by task. */
  readonly #stoppedBy = new Map<string, string>();

  constructor(model: LogModel, oracle: Oracle, report: ReportViolation) {
    this.#model = model;
    this.#oracle = oracle;
    this.#report = report;
  }

  /** An agent asks its engine for something that concerns this container. */
  calls({ name, process }: ObservedHost, { taskId, containerName }: TrueContainer, { call }: RuntimeCall): void {
    const life = `${name}/${process.life}`;
    if (call === 'signal') this.#stoppedBy.set(taskId, life);
    if (call !== 'restart' || this.#stoppedBy.get(taskId) !== life) return;
    this.#report('S29', `${name} starts ${containerName} of task ${taskId} again while it stops that task`);
  }

  /** A container has begun to run. */
  started({ host, taskId, containerName, starts, phase, lastRun }: TrueContainer): void {
    if (starts < 2) return;
    const definition = this.#definitionOf(taskId, containerName);
    if (definition === undefined || isToRestart(definition, { phase, lastRun })) return;
    const run = lastRun === null ? 'an unknown time' : `${lastRun.durationMs} ms, with ${lastRun.exitCode}`;
    this.#report('S29', `${containerName} of task ${taskId} is started again on ${host} after ${run}`);
  }

  /** Containers of a task that have ended and are to be started again. */
  due(taskId: string): readonly TrueContainer[] {
    return this.#oracle.ofTask(taskId).filter((container) => {
      const definition = this.#definitionOf(taskId, container.containerName);
      return container.phase === 'STOPPED' && definition !== undefined && isToRestart(definition, container);
    });
  }

  #definitionOf(taskId: string, containerName: string): ContainerDefinition | undefined {
    const { taskDefinitionArn = '' } = this.#model.tasks.get(taskId)?.template ?? {};
    const definition = this.#model.taskDefinitions.get(taskDefinitionArn);
    return definition?.containerDefinitions.find(({ name }) => name === containerName);
  }
}
