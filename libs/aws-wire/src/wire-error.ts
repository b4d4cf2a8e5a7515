/** The statuses that a response other than success carries here. */
export type WireErrorStatus = 400 | 403 | 404 | 408 | 413 | 417 | 431 | 500 | 503;

/**
 * An error of a service or of the framework in front of it, in the words of AWS JSON; each protocol has its own way to
 * write it. It is a value that is returned, not an exception: a refused request is an
 * ordinary answer, and a stack trace for each would cost more than the check itself.
 *
 * A class and not a shape, so that `instanceof` tells it apart from decoded input that happens to have these members.
 */
export class WireError {
  /** The bare name, without namespace: `ClusterNotFoundException`. */
  readonly type: string;
  readonly message: string;
  readonly httpStatus: WireErrorStatus;
  /** Further members of the body, such as `resourceIds` of `ConflictException`. */
  readonly extra: Readonly<Record<string, unknown>> | undefined;

  constructor(type: string, message: string, httpStatus: WireErrorStatus, extra?: Readonly<Record<string, unknown>>) {
    this.type = type;
    this.message = message;
    this.httpStatus = httpStatus;
    this.extra = extra;
  }
}

/**
 * The body of an error answer: `{"__type":"…","message":"…"}` and the extra members.
 * The type goes without a namespace, which every client accepts (they strip one if it is there).
 */
export function encodeError(error: WireError): string {
  return JSON.stringify({ __type: error.type, message: error.message, ...error.extra });
}

/**
 * An error that a service's model declares: `ClientException`, `ResourceNotFoundException` and so on. In AWS JSON they are
 * HTTP 400, and `ServerException`, a fault of the server, is 500; the other protocols take the status from the model.
 */
export function modelledError(type: string, message: string, extra?: Readonly<Record<string, unknown>>): WireError {
  return new WireError(type, message, type === 'ServerException' ? 500 : 400, extra);
}
