import {
  InputValidator,
  internalFailure,
  operationNotOffered,
  throttling,
  unknownOperation,
  WireError,
} from '#libs/aws-wire';
import type { WireErrorStatus, WireInput } from '#libs/aws-wire';
import type { Engine, Response } from '#libs/engine';
import type { BoundedContext, Caller, ServiceModel } from '#libs/kernel';
import type { Logger } from 'pino';
import type { Metrics } from '../health/metrics.ts';
import type { CallQueues } from './call-queues.ts';
import type { FairQueue } from './fair-queue.ts';
import type { DispatchResult, Payload } from './service-calls.ts';

export interface DispatcherOptions {
  readonly engine: Engine;
  readonly context: BoundedContext;
  readonly service: ServiceModel;
  readonly queues: CallQueues;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/**
 * The operations of one service. HTTP and NATS both end here: the same queue, the same check against the model, the same
 * way through the engine, the same response.
 */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #validator: InputValidator;

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.#validator = new InputValidator(options.service);
  }

  /** Whether an operation of the model is served. */
  serves(operation: string): boolean {
    return this.#options.context.operations.has(operation);
  }

  /** Whether an operation of the model changes anything. */
  changes(operation: string): boolean {
    return this.#options.context.operations.get(operation)?.isQuery === false;
  }

  /** Whether a request would be taken now, as far as that is known before it is read. */
  hasRoomFor(operation: string, principal: string, bytes: number): boolean {
    return this.#queueOf(operation).hasRoomFor(principal, bytes);
  }

  async dispatch(operation: string, payload: Payload, caller: Caller): Promise<DispatchResult> {
    const observe = this.#options.metrics.requests.startTimer({ source: caller.source, operation });
    const result = await this.#queueOf(operation).run<DispatchResult>(
      caller.principal,
      payload.bytes,
      () => this.#serve(operation, payload, caller),
      () => ({ error: throttling() }),
    );
    observe({ outcome: outcomeOf(result) });
    return result;
  }

  #queueOf(operation: string): FairQueue {
    const { commands, queries } = this.#options.queues;
    return this.changes(operation) ? commands : queries;
  }

  async #serve(operation: string, payload: Payload, caller: Caller): Promise<DispatchResult> {
    if (!this.serves(operation)) return { error: this.#notServed(operation) };
    const input = payload.read();
    if (input instanceof WireError) return { error: input };
    const { engine, context, log } = this.#options;
    const fault = this.#validator.validate(operation, input);
    try {
      if (fault !== undefined) return this.#refused(operation, input, fault);
      return this.#resultOf(
        await new Promise<Response>((resolve) => engine.gateway.serve(context.name, operation, input, caller, resolve)),
      );
    } catch (error) {
      log.error({ err: error, operation, requestId: caller.requestId }, 'an operation failed');
      return { error: internalFailure() };
    }
  }

  /** A request with a bad value still gets what its service looks up before it looks at values. */
  #refused(operation: string, input: WireInput, fault: WireError): DispatchResult {
    if (fault.type === 'SerializationException') return { error: fault };
    const { engine, context } = this.#options;
    const found = engine.gateway.lookUp(context.name, operation, input);
    return found === null ? { error: fault } : this.#resultOf(found);
  }

  #resultOf(response: Response): DispatchResult {
    if ('error' in response) {
      const { type, message, httpStatus, members } = response.error;
      return { error: new WireError(type, message, httpStatus as WireErrorStatus, members) };
    }
    const { context } = this.#options;
    return { body: context.outputText?.(response.output) ?? JSON.stringify(response.output) };
  }

  #notServed(operation: string): WireError {
    const isKnown = Object.hasOwn(this.#options.service.shapes.operations, operation);
    return isKnown ? operationNotOffered(operation) : unknownOperation();
  }
}

function outcomeOf(result: DispatchResult): string {
  if (!('error' in result)) return 'ok';
  if (result.error.type === 'ThrottlingException') return 'throttled';
  return result.error.httpStatus < 500 ? 'client error' : 'server error';
}
