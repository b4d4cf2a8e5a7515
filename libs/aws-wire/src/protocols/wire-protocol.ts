import type { ServiceModel } from '#libs/kernel';
import type { WireError } from '../wire-error.ts';
import type { WireInput } from '../wire-input.ts';

/** A response as it goes over HTTP. */
export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** What an error is the response to. */
export interface Refused {
  readonly requestId: string;
  /** The service that the request was for, where one is known: its model may have another name for the error. */
  readonly service?: ServiceModel;
  /** The client asks for the error's name in AWS Query beside that in AWS JSON (`X-Amzn-Query-Mode: true`). */
  readonly wantsQueryCode?: boolean;
}

/** One of Amazon's protocols, as far as every service has it in common. */
export interface WireProtocol {
  encodeError(error: WireError, refused: Refused): WireResponse;
}

/** What a request says, as it came over the wire. */
export interface RequestContent {
  readonly method: string;
  readonly query: string;
  readonly body: Uint8Array;
}

/** A protocol in which services are served here. `operation` is one of the service's model. */
export interface ServedProtocol extends WireProtocol {
  /** Plain values, whatever the protocol; that they fit the model is `InputValidator`'s to say. */
  readInput(service: ServiceModel, operation: string, request: RequestContent): WireInput | WireError;
  /** `json` is the text of the output, which every entry point shares. */
  writeOutput(service: ServiceModel, operation: string, json: string, requestId: string): WireResponse;
}
