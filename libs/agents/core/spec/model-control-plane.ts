import type { AssignMessage, AgentRefusal, ReportRequest, SessionAnswer } from '#libs/agents/protocol';
import type {
  ContainerDefinition,
  DefinitionsAnswer,
  TaskDefinition,
  TaskReport,
  WantedPage,
  WantedSum,
  WantedTask,
} from '#libs/ecs/messages';
import { TASK_STATUS_RANK, wantedSum } from '#libs/ecs/messages';
import { containerDefinition, DEFINITION_ARN, taskDefinition, taskIdOf, wantedTask } from './builders.ts';
import { needsPause } from '../src/pause-container.ts';
import { sessionAnswer } from './scripted-agent.ts';

interface Kind {
  readonly arn: string;
  readonly definition: TaskDefinition;
}

const kind = (
  taskDefinitionArn: string,
  members: Partial<TaskDefinition> = {},
  container: Partial<ContainerDefinition> = {},
): Kind => ({
  arn: taskDefinitionArn,
  definition: { ...taskDefinition(containerDefinition('app', container)), taskDefinitionArn, ...members },
});

/** What tasks are made of, by the number of the task: alone, with an address of its own, with a restart policy, alone. */
const KINDS: readonly Kind[] = [
  kind(DEFINITION_ARN),
  kind(`${DEFINITION_ARN}0`, { networkMode: 'awsvpc' }),
  kind(`${DEFINITION_ARN}1`, { pidMode: 'task' }, { restartPolicy: { enabled: true, restartAttemptPeriod: 60 } }),
  kind(DEFINITION_ARN),
];

function kindOf(index: number): Kind {
  const found = KINDS[(index - 1) % KINDS.length];
  if (found === undefined) throw new Error('there are kinds');
  return found;
}

/** The log's side of one instance, as little as it takes: wanted tasks, a version, forward-only statuses. */
export class ModelControlPlane {
  readonly tasks = new Map<string, WantedTask>();
  version = 0;
  #sessionId = 'none';
  /** Directives published and not yet delivered. */
  readonly published: AssignMessage[] = [];

  place(index: number): void {
    const taskId = taskIdOf(index);
    if (this.tasks.has(taskId)) return;
    const { arn, definition } = kindOf(index);
    const isAddressed = definition.networkMode === 'awsvpc';
    this.#change(
      wantedTask({
        taskId,
        taskDefinitionArn: arn,
        lastStatus: isAddressed ? 'PROVISIONING' : 'PENDING',
        ...(isAddressed ? { network: { subnets: ['subnet-1'], securityGroups: [], assignPublicIp: false } } : {}),
      }),
    );
  }

  stop(index: number): void {
    const task = this.tasks.get(taskIdOf(index));
    if (task !== undefined && task.desiredStatus === 'RUNNING') this.#change({ ...task, desiredStatus: 'STOPPED' });
  }

  /** How many containers of a task stand on its host while it runs. */
  containersOf({ taskDefinitionArn }: WantedTask): number {
    const definition = KINDS.find(({ arn }) => arn === taskDefinitionArn)?.definition ?? taskDefinition();
    return definition.containerDefinitions.length + (needsPause(definition) ? 1 : 0);
  }

  /** A page of so many tasks. */
  page(after: string | null, tasksMax: number): WantedPage {
    const left = this.#wanted()
      .filter(({ taskId }) => after === null || taskId > after)
      .sort((a, b) => (a.taskId < b.taskId ? -1 : 1));
    const tasks = left.slice(0, tasksMax);
    return { version: this.version, tasks, next: left.length > tasksMax ? (tasks.at(-1)?.taskId ?? null) : null };
  }

  /** The session, if the agent has read the set as it is. */
  session(sessionId: string, wanted: WantedSum): SessionAnswer | AgentRefusal {
    const isPresent = JSON.stringify(wanted) === JSON.stringify(wantedSum(this.version, this.#wanted()));
    if (isPresent) this.#sessionId = sessionId;
    return isPresent ? sessionAnswer() : { error: { code: 'WantedSetChanged', message: 'The set has changed.' } };
  }

  definitions(taskDefinitionArns: readonly string[]): DefinitionsAnswer {
    const known = KINDS.filter(({ arn }) => taskDefinitionArns.includes(arn));
    return {
      term: 1,
      taskDefinitions: Object.fromEntries(known.map(({ arn, definition }) => [arn, definition])),
      unknown: taskDefinitionArns.filter((arn) => !KINDS.some((one) => one.arn === arn)),
    };
  }

  #wanted(): WantedTask[] {
    return [...this.tasks.values()].filter(({ lastStatus }) => lastStatus !== 'STOPPED');
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
      sessionId: this.#sessionId,
      fromVersion: this.version - 1,
      toVersion: this.version,
      tasks: [task],
    });
  }
}
