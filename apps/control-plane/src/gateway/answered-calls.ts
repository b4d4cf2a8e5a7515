import { InputValidator, modelledError, operationNotOffered, WireError } from '#libs/aws-wire';
import type { BoundedContext, Caller, ContextViews, Locale, ServiceModel } from '#libs/kernel';
import type { DispatchResult, Payload, ServiceCalls } from './service-calls.ts';

/** A context without a log: every operation is answered from what is known already. */
export class AnsweredCalls<Views extends ContextViews> implements ServiceCalls {
  readonly #context: BoundedContext<Views>;
  readonly #views: Views;
  readonly #validator: InputValidator;

  constructor(context: BoundedContext<Views>, service: ServiceModel, locale: Locale) {
    this.#context = context;
    this.#views = context.createViews(locale);
    this.#validator = new InputValidator(service);
  }

  changes(): boolean {
    return false;
  }

  hasRoomFor(): boolean {
    return true;
  }

  dispatch(name: string, payload: Payload, caller: Caller): Promise<DispatchResult> {
    return Promise.resolve(this.#resultOf(name, payload, caller));
  }

  #resultOf(name: string, payload: Payload, caller: Caller): DispatchResult {
    const operation = this.#context.operations.get(name);
    if (operation === undefined) return { error: operationNotOffered(name) };
    const input = payload.read();
    if (input instanceof WireError) return { error: input };
    const fault = this.#validator.validate(name, input);
    if (fault !== undefined) return { error: fault };
    const plan = operation.plan(input, this.#views, caller);
    if (plan.kind === 'answer') return { body: JSON.stringify(plan.output) };
    if (plan.kind === 'command') throw new Error(`${name} has a command and its context no log`);
    const { type, message } = this.#context.error(plan.rejection);
    return { error: modelledError(type, message) };
  }
}
