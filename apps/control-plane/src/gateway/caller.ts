/** `root` is the account itself; every other name is one of its users. */
export function principalArn(account: string, name: string): string {
  return name === 'root' ? `arn:aws:iam::${account}:root` : `arn:aws:iam::${account}:user/${name}`;
}

const TRACE_PARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-|$)/;

/** The trace id of a `traceparent` header. One that is not valid is ignored, as W3C Trace Context asks for. */
export function traceIdOf(traceParent: string | undefined): string | undefined {
  return TRACE_PARENT.exec(traceParent ?? '')?.[1];
}

/** The members of a JSON request as they were sent. The body has been read without an error. */
export function sentMembers(body: Uint8Array): Readonly<Record<string, unknown>> {
  const text = Buffer.from(body).toString('utf8');
  return text === '' ? {} : (JSON.parse(text) as Readonly<Record<string, unknown>>);
}
