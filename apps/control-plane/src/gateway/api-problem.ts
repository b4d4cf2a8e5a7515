import { serverException, throttling } from '#libs/aws-wire';
import type { WireError } from '#libs/aws-wire';

/** Ends an operation with an AWS error. */
export class ApiProblem extends Error {
  readonly wire: WireError;

  constructor(wire: WireError) {
    super(wire.message);
    this.name = 'ApiProblem';
    this.wire = wire;
  }
}

/** Nothing was stored, or nobody knows: clients try again on a 500, with the same token. */
export function unavailable(): ApiProblem {
  return new ApiProblem(serverException('Service Unavailable. Please try again later.'));
}

/** Too much waits for the writer: clients of AWS slow down and try again. */
export function throttled(): ApiProblem {
  return new ApiProblem(throttling());
}
