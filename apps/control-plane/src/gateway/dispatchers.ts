import type { Engine } from '#libs/engine';
import type { BoundedContext, ServiceModel } from '#libs/kernel';
import type { Logger } from 'pino';
import type { Metrics } from '../health/metrics.ts';
import { CallQueues } from './call-queues.ts';
import { Dispatcher } from './dispatcher.ts';

/** A service of a context, and what serves it. */
export interface DispatchedService {
  readonly context: BoundedContext;
  readonly service: ServiceModel;
  readonly dispatcher: Dispatcher;
}

/** The services of all contexts; their calls wait in the same queues. */
export class Dispatchers {
  readonly services: readonly DispatchedService[];

  constructor(contexts: readonly BoundedContext[], parts: { engine: Engine; metrics: Metrics; log: Logger }) {
    const queues = new CallQueues();
    this.services = contexts.flatMap((context) =>
      context.services.map((service) => {
        const dispatcher = new Dispatcher({ ...parts, context, service, queues });
        return { context, service, dispatcher };
      }),
    );
  }

  of(model: ServiceModel): DispatchedService {
    const found = this.services.find(({ service }) => service === model);
    if (found === undefined) throw new Error(`${model.signingName} is not served`);
    return found;
  }
}
