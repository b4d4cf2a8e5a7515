import type { AssignMessage, ReportRequest, SessionAnswer, TaskReport, WantedTask } from '#libs/contracts';
import { TASK_STATUS_RANK } from '#libs/contracts';
import { DEFINITION_ARN, taskDefinition, taskIdOf, wantedTask } from './builders.ts';
import { sessionAnswer } from './scripted-agent.ts';

const DEFINITION = taskDefinition();

/** The log's side of one instance, as little as it takes: wanted tasks, a version, forward-only statuses. */
export class ModelControlPlane {
  readonly tasks = new Map<string, WantedTask>();
  version = 0;
  /** Directives published and not yet delivered. */
  readonly published: AssignMessage[] = [];

  place(index: number): void {
    const taskId = taskIdOf(index);
    if (!this.tasks.has(taskId)) this.#change(wantedTask({ taskId }));
  }

  stop(index: number): void {
    const task = this.tasks.get(taskIdOf(index));
    if (task !== undefined && task.desiredStatus === 'RUNNING') this.#change({ ...task, desiredStatus: 'STOPPED' });
  }

  answer(): SessionAnswer {
    return sessionAnswer(
      this.version,
      [...this.tasks.values()].filter(({ lastStatus }) => lastStatus !== 'STOPPED'),
    );
  }

  record({ reports }: ReportRequest): void {
    for (const report of reports) this.#recordOne(report);
  }

  #recordOne({ taskId, knownStatus }: TaskReport): void {
    const task = this.tasks.get(taskId);
    if (task === undefined || TASK_STATUS_RANK[knownStatus] <= TASK_STATUS_RANK[task.lastStatus]) return;
    this.tasks.set(taskId, { ...task, lastStatus: knownStatus });
  }

  #change(task: WantedTask): void {
    this.tasks.set(task.taskId, task);
    this.version += 1;
    this.published.push({
      term: 1,
      fromVersion: this.version - 1,
      toVersion: this.version,
      tasks: [task],
      taskDefinitions: { [DEFINITION_ARN]: DEFINITION },
    });
  }
}
