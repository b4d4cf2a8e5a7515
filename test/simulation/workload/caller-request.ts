import type { Response } from '#libs/engine';

/** One call of an operation of ECS, as its caller sends it. */
export interface CallerRequest {
  /** Sent again with the call. */
  readonly callId: string;
  readonly principal: string;
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** Nothing is certain: not stored, or stored and not answered. */
export function isUncertain(response: Response): boolean {
  return 'error' in response && (response.error.httpStatus >= 500 || response.error.type === 'ThrottlingException');
}

export function tokenOf({ input }: CallerRequest): string | undefined {
  const { clientToken } = input;
  return typeof clientToken === 'string' ? clientToken : undefined;
}
