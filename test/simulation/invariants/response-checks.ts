import { arns } from '#libs/ecs/messages';
import type { Response } from '#libs/engine';
import { canonicalJson } from '#libs/kernel';
import { tokenOf } from '../workload/caller-request.ts';
import type { CallerRequest } from '../workload/caller-request.ts';
import { CLUSTER, LOCALE } from '../world/names.ts';
import type { AnswerChecks } from './answer-checks.ts';
import type { LogModel } from './log-model.ts';
import { isPoolInstance } from './model-records.ts';
import type { ReportViolation } from './violation.ts';

/** The first accepted request with a client token, as its caller knows it. */
interface FirstOfToken {
  readonly request: string;
  readonly taskIds: readonly string[];
}

/** The part of an output that is looked at. */
interface Output {
  readonly tasks?: readonly { readonly taskArn: string }[];
  readonly task?: { readonly desiredStatus: string };
}

type ApiErrorResponse = Extract<Response, { readonly error: unknown }>['error'];

/** S2, S13 and S21 as callers see them: in the responses of the API. */
export class ResponseChecks {
  readonly #model: LogModel;
  readonly #answers: AnswerChecks;
  readonly #report: ReportViolation;
  /** The tasks that a call was answered. */
  readonly #ofCall = new Map<string, readonly string[]>();
  readonly #firsts = new Map<string, FirstOfToken>();

  constructor(model: LogModel, answers: AnswerChecks, report: ReportViolation) {
    this.#model = model;
    this.#answers = answers;
    this.#report = report;
  }

  heard(request: CallerRequest, response: Response): void {
    const { operation, callId } = request;
    this.#checkPool(request, response);
    const isForTasks = operation === 'RunTask' || operation === 'StartTask';
    if ('error' in response) {
      if (isForTasks) this.#checkConflict(request, response.error);
      return;
    }
    const output = response.output as Output;
    if (operation === 'StopTask') return this.#checkStopped(request, output);
    if (!isForTasks) return;
    const taskIds = taskIdsIn(output);
    const unknown = taskIds.find((taskId) => !this.#answers.knowsTask(taskId));
    if (unknown !== undefined) this.#report('S2', `${callId} is answered task ${unknown}, which is not in the log`);
    this.#checkSame(`${operation} ${callId}`, this.#ofCall.get(callId), taskIds);
    this.#ofCall.set(callId, taskIds);
    this.#checkToken(request, taskIds);
  }

  /** S27: no host of the Fargate pool is in a response, unless to somebody who takes it away. */
  #checkPool({ operation, callId, input }: CallerRequest, response: Response): void {
    if (operation === 'DeregisterContainerInstance') return;
    const text = canonicalJson(response);
    const asked = canonicalJson(input);
    for (const instance of this.#model.instances.values()) {
      const { instanceId } = instance;
      if (!isPoolInstance(instance) || asked.includes(instanceId) || !text.includes(instanceId)) continue;
      this.#report('S27', `the response to ${operation} ${callId} shows ${instanceId}, a host of the Fargate pool`);
    }
  }

  /** S13: one call or token, one set of tasks; those that are forgotten are not shown any more. */
  #checkSame(what: string, before: readonly string[] | undefined, now: readonly string[]): void {
    if (before === undefined) return;
    const isMissing = before.some((taskId) => this.#model.tasks.has(taskId) && !now.includes(taskId));
    // A response that comes late may show what was forgotten meanwhile.
    const isNew = now.some((taskId) => this.#model.tasks.has(taskId) && !before.includes(taskId));
    if (!isMissing && !isNew) return;
    this.#report('S13', `${what} was answered ${before.join(' ')} and is now answered ${now.join(' ')}`);
  }

  #checkToken(request: CallerRequest, taskIds: readonly string[]): void {
    const token = tokenOf(request);
    if (token === undefined) return;
    const first = this.#firsts.get(token);
    if (first === undefined || !this.#answers.areKnown(first.taskIds)) {
      this.#firsts.set(token, { request: requestOf(request), taskIds });
    } else if (first.request !== requestOf(request)) {
      this.#report('S13', `token ${token} of ${first.request} is accepted with ${requestOf(request)}`);
    } else {
      this.#checkSame(`token ${token}`, first.taskIds, taskIds);
    }
  }

  /** S13: a conflict is for another request with the same token, and names what the first one made. */
  #checkConflict(request: CallerRequest, { type, members }: ApiErrorResponse): void {
    const token = tokenOf(request);
    if (type !== 'ConflictException' || token === undefined) return;
    const first = this.#firsts.get(token);
    if (first !== undefined && this.#answers.areKnown(first.taskIds) && first.request === requestOf(request)) {
      this.#report('S13', `${request.operation} is repeated with its token ${token} and refused`);
    }
    const made = this.#answers.madeBy(token).map((taskId) => arns.task(LOCALE, CLUSTER, taskId));
    const named = (members?.['resourceIds'] ?? []) as readonly string[];
    const unknown = named.find((arn) => !made.includes(arn));
    if (unknown !== undefined) this.#report('S13', `a conflict of token ${token} names ${unknown}`);
  }

  /** S21: a caller reads its own write. */
  #checkStopped({ input }: CallerRequest, { task }: Output): void {
    if (task === undefined || task.desiredStatus === 'STOPPED') return;
    this.#report('S21', `StopTask of ${String(input['task'])} shows the task as desired ${task.desiredStatus}`);
  }
}

function taskIdsIn(output: Output): readonly string[] {
  const tasks = output.tasks ?? [];
  return tasks.map(({ taskArn }) => taskArn.slice(taskArn.lastIndexOf('/') + 1));
}

/** A request without its token. */
function requestOf({ operation, input }: CallerRequest): string {
  return canonicalJson({ operation, input: { ...input, clientToken: undefined } });
}
