import type { WireError, WireInput } from '#libs/aws-wire';

/** A request's result: the JSON of its output, whatever the protocol, or the AWS error. */
export type DispatchResult = { readonly body: string } | { readonly error: WireError };

/** A request's input, which is read when its turn has come: until then it costs only the bytes that have arrived. */
export interface Payload {
  readonly bytes: number;
  /** Plain values, whatever the protocol. */
  read(): WireInput | WireError;
}
