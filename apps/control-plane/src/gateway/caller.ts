/** Who calls, and how. */
export interface Caller {
  /** `arn:aws:iam::<account>:root` or `arn:aws:iam::<account>:user/<name>`. */
  readonly principal: string;
  readonly source: 'aws' | 'nats';
  /** Unique; becomes the command's id and the answer's x-amzn-RequestId. */
  readonly requestId: string;
  /** The caller's own correlation id, if it gave one. */
  readonly correlationId?: string;
}

/** `root` is the account itself; every other name is one of its users. */
export function principalArn(account: string, name: string): string {
  return name === 'root' ? `arn:aws:iam::${account}:root` : `arn:aws:iam::${account}:user/${name}`;
}
