import {
  InputValidator,
  internalFailure,
  operationNotOffered,
  throttling,
  unknownOperation,
  WireError,
} from '#libs/aws-wire';
import type { WireInput } from '#libs/aws-wire';
import { ecsService } from '#libs/ecs/messages';
import { outputText } from '#libs/ecs/views';
import type { Caller } from '#libs/kernel';
import type { Logger } from 'pino';
import type { Metrics } from '../health/metrics.ts';
import { ApiProblem } from './api-problem.ts';
import { FairQueue } from './fair-queue.ts';
import type { EcsOperation, OperationRunner } from './operation.ts';
import type { DispatchResult, Payload, ServiceCalls } from './service-calls.ts';

/** A call of one principal among others: what it may have running and waiting. */
const LIMITS = {
  runningMax: 256,
  runningPerPrincipalMax: 192,
  waitingPerPrincipalMax: 1_000,
  bytesWaitingPerPrincipalMax: 32 * 1_024 * 1_024,
  waitMsMax: 700,
  turnMsMin: 10,
  turnMsMax: 100,
} as const;

export interface DispatcherOptions {
  readonly operations: ReadonlyMap<string, EcsOperation>;
  readonly runner: OperationRunner;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/** HTTP and NATS both end here: the same queue, the same check, the same handler, the same response. */
export class Dispatcher implements ServiceCalls {
  readonly #options: DispatcherOptions;
  readonly #validator = new InputValidator(ecsService);
  /** Commands wait for the log, which may be slow or away; questions to the views do not wait behind them. */
  readonly #commands = new FairQueue(LIMITS, () => performance.now());
  readonly #queries = new FairQueue(LIMITS, () => performance.now());

  constructor(options: DispatcherOptions) {
    this.#options = options;
  }

  /** Operations of the model that are served. */
  get servedNames(): ReadonlySet<string> {
    return new Set(this.#options.operations.keys());
  }

  changes(operation: string): boolean {
    return this.#options.operations.get(operation)?.isQuery === false;
  }

  hasRoomFor(operation: string, principal: string, bytes: number): boolean {
    return (this.changes(operation) ? this.#commands : this.#queries).hasRoomFor(principal, bytes);
  }

  async dispatch(operation: string, payload: Payload, caller: Caller): Promise<DispatchResult> {
    const observe = this.#options.metrics.requests.startTimer({ source: caller.source, operation });
    const queue = this.changes(operation) ? this.#commands : this.#queries;
    const result = await queue.run<DispatchResult>(
      caller.principal,
      payload.bytes,
      () => this.#serve(operation, payload, caller),
      () => ({ error: throttling() }),
    );
    observe({ outcome: outcomeOf(result) });
    return result;
  }

  async #serve(operation: string, payload: Payload, caller: Caller): Promise<DispatchResult> {
    const served = this.#options.operations.get(operation);
    if (served === undefined) return { error: notServed(operation) };
    const input = payload.read();
    if (input instanceof WireError) return { error: input };
    const fault = this.#validator.validate(operation, input);
    try {
      if (fault !== undefined) return this.#refused(served, input, fault);
      return { body: outputText({ ...(await this.#options.runner.run(served, input, caller)) }) };
    } catch (error) {
      if (error instanceof ApiProblem) return { error: error.wire };
      this.#options.log.error({ err: error, operation, requestId: caller.requestId }, 'an operation failed');
      return { error: internalFailure() };
    }
  }

  #refused(operation: EcsOperation, input: WireInput, fault: WireError): DispatchResult {
    const isUnreadable = fault.type === 'SerializationException';
    const output = isUnreadable ? undefined : this.#options.runner.lookUp(operation, input);
    return output === undefined ? { error: fault } : { body: outputText({ ...output }) };
  }
}

function outcomeOf(result: DispatchResult): string {
  if (!('error' in result)) return 'ok';
  if (result.error.type === 'ThrottlingException') return 'throttled';
  return result.error.httpStatus < 500 ? 'client error' : 'server error';
}

function notServed(operation: string): WireError {
  return Object.hasOwn(ecsService.shapes.operations, operation) ? operationNotOffered(operation) : unknownOperation();
}
