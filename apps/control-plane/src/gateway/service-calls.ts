import type { WireError, WireInput } from '#libs/aws-wire';
import type { Caller } from '#libs/kernel';

/** A request's result: the JSON of its output, whatever the protocol, or the AWS error. */
export type DispatchResult = { readonly body: string } | { readonly error: WireError };

/** A request's input, which is read when its turn has come: until then it costs only the bytes that have arrived. */
export interface Payload {
  readonly bytes: number;
  /** Plain values, whatever the protocol. */
  read(): WireInput | WireError;
}

/** What serves the operations of one service, by whatever entry point a call comes. */
export interface ServiceCalls {
  /** Whether an operation of the model changes anything. */
  changes(operation: string): boolean;
  /** Whether a request would be taken now, as far as that can be told before it is read. */
  hasRoomFor(operation: string, principal: string, bytes: number): boolean;
  dispatch(operation: string, payload: Payload, caller: Caller): Promise<DispatchResult>;
}
