import { ecsOperations, internalFailure, modelledError, unknownOperation, validateInput } from '#libs/aws-wire';
import type { EcsInput, WireError } from '#libs/aws-wire';
import type { Opaque } from '#libs/contracts';
import type { Logger } from 'pino';
import { ApiProblem } from './api-problem.ts';
import type { Caller } from './caller.ts';
import { namesFirst } from './names-first.ts';
import type { OperationContext, OperationHandler } from './operation.ts';

/** An operation's result: the ECS output, or the AWS error. */
export type DispatchResult = { readonly output: Opaque } | { readonly error: WireError };

/** Both doors, AWS and NATS, end here: the same check, the same handler, the same answer. */
export class Dispatcher {
  readonly #handlers: ReadonlyMap<string, OperationHandler>;
  readonly #context: OperationContext;
  readonly #log: Logger;

  constructor(handlers: ReadonlyMap<string, OperationHandler>, context: OperationContext, log: Logger) {
    this.#handlers = handlers;
    this.#context = context;
    this.#log = log;
  }

  /** Operations of the model that are served. */
  get servedNames(): ReadonlySet<string> {
    return new Set(this.#handlers.keys());
  }

  async dispatch(operation: string, input: EcsInput, caller: Caller): Promise<DispatchResult> {
    const handler = this.#handlers.get(operation);
    if (handler === undefined) return { error: notServed(operation) };
    const fault = validateInput(operation, input);
    try {
      if (fault !== undefined) return this.#refused(operation, input, fault);
      return { output: { ...(await handler(input, caller, this.#context)) } };
    } catch (error) {
      if (error instanceof ApiProblem) return { error: error.wire };
      this.#log.error({ err: error, operation, requestId: caller.requestId }, 'an operation failed');
      return { error: internalFailure() };
    }
  }

  #refused(operation: string, input: EcsInput, fault: WireError): DispatchResult {
    const isUnreadable = fault.type === 'SerializationException';
    const output = isUnreadable ? undefined : namesFirst(operation, input, this.#context);
    return output === undefined ? { error: fault } : { output: { ...output } };
  }
}

function notServed(operation: string): WireError {
  if (!ecsOperations.has(operation)) return unknownOperation();
  return modelledError('UnsupportedFeatureException', `${operation} is not offered by this version of Waybill.`);
}
