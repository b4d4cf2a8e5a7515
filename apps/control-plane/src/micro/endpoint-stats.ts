import type { NamedEndpointStats, Service } from '@nats-io/services';

const NANOSECONDS_PER_MILLISECOND = 1_000_000;

interface Counts {
  requests: number;
  errors: number;
  lastError: string | undefined;
  milliseconds: number;
}

/**
 * What `$SRV.STATS` reports of a service's endpoints. The library counts an error when a handler throws and stops its
 * watch when the handler returns; our handlers are asynchronous and respond with an error themselves.
 */
export class EndpointStats {
  readonly #counts = new Map<string, Counts>();

  /** Makes a service report these counts instead of its own. */
  reportFor(service: Service): void {
    const reportOwn = service.stats.bind(service);
    const resetOwn = service.reset.bind(service);
    service.stats = async () => {
      const stats = await reportOwn();
      return { ...stats, endpoints: (stats.endpoints ?? []).map((endpoint) => this.#counted(endpoint)) };
    };
    service.reset = () => {
      this.#counts.clear();
      resetOwn();
    };
  }

  /** A request was responded to; `error` is what its error header says. */
  count(endpoint: string, milliseconds: number, error?: string): void {
    const counts = this.#of(endpoint);
    counts.requests += 1;
    counts.milliseconds += milliseconds;
    if (error === undefined) return;
    counts.errors += 1;
    counts.lastError = error;
  }

  #of(endpoint: string): Counts {
    let counts = this.#counts.get(endpoint);
    if (counts === undefined) {
      counts = { requests: 0, errors: 0, lastError: undefined, milliseconds: 0 };
      this.#counts.set(endpoint, counts);
    }
    return counts;
  }

  #counted(endpoint: NamedEndpointStats): NamedEndpointStats {
    const { requests, errors, lastError, milliseconds } = this.#of(endpoint.name);
    const nanoseconds = Math.round(milliseconds * NANOSECONDS_PER_MILLISECOND);
    return {
      ...endpoint,
      num_requests: requests,
      num_errors: errors,
      processing_time: nanoseconds,
      average_processing_time: requests === 0 ? 0 : Math.round(nanoseconds / requests),
      ...(lastError === undefined ? {} : { last_error: lastError }),
    };
  }
}
