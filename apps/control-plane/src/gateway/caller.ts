import type { Caller as ContextCaller } from '#libs/kernel';

/** Who calls, and how, with what was sent. */
export interface Caller extends ContextCaller {
  /** The JSON text of the request as it was sent: requests with one client token are compared by it. */
  readonly body: Uint8Array;
}

/** `root` is the account itself; every other name is one of its users. */
export function principalArn(account: string, name: string): string {
  return name === 'root' ? `arn:aws:iam::${account}:root` : `arn:aws:iam::${account}:user/${name}`;
}

const TRACE_PARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-|$)/;

/** The trace id of a `traceparent` header. One that is not valid is ignored, as W3C Trace Context asks for. */
export function traceIdOf(traceParent: string | undefined): string | undefined {
  return TRACE_PARENT.exec(traceParent ?? '')?.[1];
}
