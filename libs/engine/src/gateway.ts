import type {
  ApiError,
  Authorisation,
  BoundedContext,
  Caller,
  CommandAnswer,
  CommandRequest,
  ContextRejection,
  ContextViews,
  DomainCommand,
  Operation,
  Plan,
} from '#libs/kernel';
import type { CommitFeed } from './commit-feed.ts';
import type { Clock, Notes } from './ports.ts';
import type { ShardHost } from './shard-host.ts';

/** What a request ends with. */
export type Response = { readonly output: object } | { readonly error: ApiError };

/** Whether a caller may do what a request asks for; the error if not. `needed` is worked out only for those who may not do all. */
export type Authorise = (caller: Caller, needed: () => Authorisation) => ApiError | null;

/** A context with the views that this process keeps of it. */
export interface RunningContext {
  readonly context: BoundedContext;
  readonly views: ContextViews;
}

export interface GatewayOptions {
  readonly contexts: readonly RunningContext[];
  readonly shards: ShardHost;
  readonly feed: CommitFeed;
  readonly clock: Clock;
  readonly authorise: Authorise;
  readonly notes: Notes;
}

type CommandPlan = Extract<Plan, { readonly kind: 'command' }>;

/** How long a response waits for this process's own views after the command is durable. */
const VIEW_WAIT_MS_MAX = 10_000;

/**
 * Serves a checked request of any context: authorise → plan → submit → settle → answer. Every entry point, HTTP and NATS,
 * ends here.
 */
export class Gateway {
  readonly #options: GatewayOptions;
  readonly #contexts = new Map<string, RunningContext>();

  constructor(options: GatewayOptions) {
    this.#options = options;
    for (const running of options.contexts) this.#contexts.set(running.context.name, running);
  }

  /** The input fits the model. `respond` is called once; an operation that is not served is the caller's mistake here. */
  serve(
    contextName: string,
    operationName: string,
    input: Readonly<Record<string, unknown>>,
    caller: Caller,
    respond: (response: Response) => void,
  ): void {
    const { running, operation } = this.#operation(contextName, operationName);
    const denied = this.#denied(running, operation, input, caller);
    if (denied !== null) return respond({ error: denied });
    const plan = operation.plan(input, running.views, caller);
    if (plan.kind === 'command') this.#submit(running, plan, caller, respond);
    else respond(responseTo(running, plan));
  }

  /** What the service answers to a request that does not fit the model; null: nothing but that. */
  lookUp(contextName: string, operationName: string, input: Readonly<Record<string, unknown>>): Response | null {
    const { running, operation } = this.#operation(contextName, operationName);
    const found = operation.lookups?.(input, running.views) ?? null;
    return found === null ? null : responseTo(running, found);
  }

  #operation(contextName: string, operationName: string): { running: RunningContext; operation: Operation } {
    const running = this.#contexts.get(contextName);
    const operation = running?.context.operations.get(operationName);
    if (running === undefined || operation === undefined) {
      throw new Error(`${contextName} does not serve ${operationName}`);
    }
    return { running, operation };
  }

  #denied({ views }: RunningContext, operation: Operation, input: Readonly<Record<string, unknown>>, caller: Caller) {
    return this.#options.authorise(caller, () => operation.authorisation(input, views));
  }

  #submit(running: RunningContext, plan: CommandPlan, caller: Caller, respond: (response: Response) => void): void {
    const { shard, command, clientToken } = plan.submit;
    this.#options.shards.submit(shard, this.#request(command, caller, clientToken), (answer) => {
      if (answer.kind !== 'accepted') return respond({ error: failureOf(running, answer) });
      this.#settled(shard, answer.revision, (isReached) => {
        respond(isReached ? this.#outputOf(running, plan, answer.answer) : { error: UNAVAILABLE });
      });
    });
  }

  /** Worked out in the middle of the writer's work, which must go on whatever the output does. */
  #outputOf({ context }: RunningContext, { submit, output }: CommandPlan, answer: unknown): Response {
    try {
      const result = output(answer);
      return 'rejection' in result ? { error: context.error(result.rejection) } : { output: result.value };
    } catch (error) {
      const facts = { shard: submit.shard, command: submit.command.type, error };
      this.#options.notes.note('error', facts, 'the output of an operation failed');
      return { error: INTERNAL_FAILURE };
    }
  }

  /** The caller reads its own write: the response waits for the views, but not without end for one that has stopped. */
  #settled(shard: string, revision: number, settled: (isReached: boolean) => void): void {
    const { feed, clock } = this.#options;
    if (feed.revisionOf(shard) >= revision) return settled(true);
    const cancelWait = clock.after(VIEW_WAIT_MS_MAX, () => {
      forget();
      settled(false);
    });
    const forget = feed.whenReached(shard, revision, () => {
      cancelWait();
      settled(true);
    });
  }

  #request(command: DomainCommand, caller: Caller, clientToken?: string): CommandRequest<DomainCommand> {
    return {
      commandId: caller.callId,
      command,
      principal: caller.principal,
      source: caller.source,
      correlationId: caller.correlationId ?? caller.traceId ?? caller.requestId,
      ...(caller.traceId === undefined ? {} : { traceId: caller.traceId }),
      causationId: caller.requestId,
      ...(clientToken === undefined ? {} : { clientToken }),
    };
  }
}

/** The writer has more to do than it can: clients back off and try again. */
const THROTTLED: ApiError = { type: 'ThrottlingException', message: 'Rate exceeded', httpStatus: 400 };

/** Not stored, or the outcome is unknown: clients try again on a 500, with the same token. */
const UNAVAILABLE: ApiError = {
  type: 'ServerException',
  message: 'Service Unavailable. Please try again later.',
  httpStatus: 500,
};

/** A defect of ours. */
const INTERNAL_FAILURE: ApiError = {
  type: 'InternalFailure',
  message: 'The request processing has failed because of an unknown error, exception or failure.',
  httpStatus: 500,
};

function responseTo({ context }: RunningContext, plan: Exclude<Plan, CommandPlan>): Response {
  return plan.kind === 'answer' ? { output: plan.output } : { error: context.error(plan.rejection) };
}

function failureOf(
  { context }: RunningContext,
  answer: Exclude<CommandAnswer<ContextRejection>, { kind: 'accepted' }>,
): ApiError {
  if (answer.kind === 'rejected') return context.error(answer.rejection);
  return answer.kind === 'throttled' ? THROTTLED : UNAVAILABLE;
}
