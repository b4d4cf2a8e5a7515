import type { ClusterCommand, ClusterEvent, TasksAnswer } from '#libs/ecs/messages';
import { canonicalJson } from '#libs/kernel';
import type { CommandAnswer, ContextRejection } from '#libs/kernel';
import type { AnswerCircumstances, SubmittedCommand } from '../control-plane/watched-shell.ts';
import { CLUSTER_SHARD } from '../world/names.ts';
import type { EventCheck } from './event-check.ts';
import type { LogModel } from './log-model.ts';
import type { ReportViolation } from './violation.ts';

interface Recorded {
  readonly revision: number;
  /** Undefined for a commit that no writer of this world sent. */
  readonly writerId: string | undefined;
}

export interface AnswerChecksOptions {
  readonly model: LogModel;
  readonly report: ReportViolation;
  /** The newest revision of a shard. */
  readonly headOf: (shard: string) => number;
}

/** S2, S13, S18 and S21 for the answers to commands. */
export class AnswerChecks implements EventCheck {
  readonly #options: AnswerChecksOptions;
  /** Where each command was recorded. */
  readonly #recorded = new Map<string, Recorded>();
  /** How often each writer was given each command, as `<writer>/<command>`. */
  readonly #submissions = new Map<string, number>();
  /** Commands that a writer called certainly not stored, as `<writer>/<command>`. */
  readonly #calledLost = new Set<string>();
  /** What was answered to accepted commands, by command. */
  readonly #accepted = new Map<string, string>();
  /** The tasks that a token has made, by the log. */
  readonly #made = new Map<string, readonly string[]>();
  /** Tokens of the decision that is looked at. */
  readonly #madeNow = new Set<string>();
  readonly #registered = new Set<string>();
  /** Every task id that the log ever made. */
  readonly #everTasks = new Set<string>();

  constructor(options: AnswerChecksOptions) {
    this.#options = options;
  }

  knowsTask(taskId: string): boolean {
    return this.#everTasks.has(taskId);
  }

  taskDefinitionRegistered(name: string): void {
    if (this.#registered.has(name)) this.#report('S13', `task definition ${name} is registered twice`);
    this.#registered.add(name);
  }

  before(event: ClusterEvent): void {
    if (event.type !== 'TasksRequested') return;
    const { clientToken, taskIds } = event;
    for (const taskId of taskIds) this.#everTasks.add(taskId);
    if (clientToken === undefined) return;
    const { token } = clientToken;
    const before = this.#made.get(token);
    // One request may make tasks of several capacity providers.
    if (before !== undefined && this.#madeNow.has(token)) {
      this.#made.set(token, [...before, ...taskIds]);
      return;
    }
    this.#madeNow.add(token);
    if (before !== undefined && this.areKnown(before)) {
      this.#report('S13', `token ${token} made tasks ${before.join(' ')} and ${taskIds.join(' ')}`);
    }
    this.#made.set(token, taskIds);
  }

  decided(): void {
    this.#madeNow.clear();
  }

  /** A decision is durable. */
  recorded(decision: { commandId: string; principal: string }, revision: number, writerId: string | undefined): void {
    const { commandId, principal } = decision;
    if (commandId === '' || principal === '')
      this.#report('S18', `commit ${revision} has a decision without a command id or a principal`);
    const before = this.#recorded.get(commandId);
    if (before !== undefined) {
      this.#report('S13', `command ${commandId} is recorded in commits ${before.revision} and ${revision}`);
    }
    this.#recorded.set(commandId, { revision, writerId });
    if (writerId !== undefined && this.#calledLost.has(`${writerId}/${commandId}`))
      this.#storedAfterAll(commandId, writerId);
  }

  submitted({ request: { commandId } }: SubmittedCommand, writerId: string): void {
    const key = `${writerId}/${commandId}`;
    this.#submissions.set(key, (this.#submissions.get(key) ?? 0) + 1);
  }

  answered(
    submitted: SubmittedCommand,
    answer: CommandAnswer<ContextRejection>,
    circumstances: AnswerCircumstances,
  ): void {
    const { shard, request } = submitted;
    const { writerId } = circumstances;
    const { command, commandId } = request;
    const key = `${writerId}/${commandId}`;
    const recorded = this.#recorded.get(commandId);
    // A command that comes twice is answered twice: "not stored" is then said of the second one alone.
    if (answer.kind === 'unavailable' && this.#submissions.get(key) === 1) {
      if (recorded?.writerId === writerId) this.#storedAfterAll(commandId, writerId);
      this.#calledLost.add(key);
    }
    if (answer.kind === 'rejected' && recorded !== undefined && recorded.revision <= answer.revision) {
      this.#report('S18', `${command.type} ${commandId} is refused and stands in commit ${recorded.revision}`);
    }
    if (answer.kind === 'accepted' || answer.kind === 'rejected') {
      this.#checkAge(request, answer.revision, circumstances);
    }
    if (answer.kind !== 'accepted') return;
    this.#checkRepetition(request, answer.answer);
    const head = this.#options.headOf(shard);
    if (answer.revision > head) {
      this.#report('S2', `${command.type} is answered at revision ${answer.revision}, the log ends at ${head}`);
    }
    if (shard === CLUSTER_SHARD) this.#checkDone(command as ClusterCommand, answer.answer);
    if (command.type === 'RegisterTaskDefinition') {
      const { family, revision } = answer.answer as { family: string; revision: number };
      if (this.#registered.has(`${family}:${revision}`)) return;
      this.#report('S2', `task definition ${family}:${revision} is answered and not in the log`);
    }
  }

  /** S13: asked again, answered the same. */
  #checkRepetition({ principal, commandId, command }: SubmittedCommand['request'], answer: unknown): void {
    const key = `${principal}/${command.type}/${commandId}`;
    const text = canonicalJson(answer);
    const before = this.#accepted.get(key);
    if (before !== undefined && before !== text) {
      this.#report('S13', `${command.type} ${commandId} was answered ${before} and is now answered ${text}`);
    }
    this.#accepted.set(key, text);
  }

  /** S21: an answer is of a moment between the question and itself. */
  #checkAge(
    { commandId, command }: SubmittedCommand['request'],
    revision: number,
    { revisionAsked, leasesLied }: AnswerCircumstances,
  ): void {
    // A command that was recorded before is answered what it was answered then.
    if (revision >= revisionAsked || this.#recorded.has(commandId) || leasesLied) return;
    this.#report(
      'S21',
      `${command.type} is answered as of revision ${revision}; the log was at ${revisionAsked} when it came`,
    );
  }

  /** What was promised stands in the log. */
  #checkDone(command: ClusterCommand, answer: unknown): void {
    const { model } = this.#options;
    if (command.type === 'RunTask' || command.type === 'StartTask') {
      const { taskIds } = answer as TasksAnswer;
      const unknown = taskIds.find((taskId) => !this.#everTasks.has(taskId));
      if (unknown !== undefined) this.#report('S2', `task ${unknown} is answered and not in the log`);
    } else if (command.type === 'StopTask') {
      if (model.tasks.get(command.taskId)?.desiredStatus !== 'RUNNING') return;
      this.#report('S2', `StopTask of ${command.taskId} is accepted, and nothing in the log stops it`);
    } else if (command.type === 'DeregisterContainerInstance') {
      const status = model.instances.get(command.instanceId)?.status;
      if (status === 'INACTIVE') return;
      this.#report('S2', `${command.instanceId} is deregistered by the answer and ${status ?? 'unknown'} by the log`);
    } else if (command.type === 'CreateService') {
      if (model.services.has(command.serviceName)) return;
      this.#report('S2', `${command.serviceName} is created by the answer and not in the log`);
    }
  }

  /** The tasks that a token has made, by the log. */
  madeBy(token: string): readonly string[] {
    return this.#made.get(token) ?? [];
  }

  /** A token is good as long as its tasks are known. */
  areKnown(taskIds: readonly string[]): boolean {
    return taskIds.some((taskId) => this.#options.model.tasks.has(taskId));
  }

  #storedAfterAll(commandId: string, writerId: string): void {
    this.#report('S2', `command ${commandId} was called certainly not stored by the writer ${writerId}, and is stored`);
  }

  readonly #report: ReportViolation = (invariant, facts) => this.#options.report(invariant, facts);
}
