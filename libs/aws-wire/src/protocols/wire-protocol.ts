import type { WireError } from '../wire-error.ts';

/** A response as it goes over HTTP. */
export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** One of Amazon's protocols, as far as every service has it in common. */
export interface WireProtocol {
  encodeError(error: WireError, requestId: string): WireResponse;
}
