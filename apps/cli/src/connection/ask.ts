import { NoRespondersError, RequestError, TimeoutError } from '@nats-io/transport-node';
import { commands } from '#libs/subjects';
import { CliProblem } from '../shell/cli-problem.ts';
import { EXIT } from '../shell/exit-codes.ts';
import type { WaybillConnection } from './waybill-connection.ts';

const ANSWER_TIMEOUT_MS = 10_000;

/** The control plane's expected "no". */
export class Refused extends CliProblem {
  /** The AWS error type, e.g. `ClusterNotFoundException`. */
  readonly type: string;

  constructor(type: string, message: string) {
    super(`${type}: ${message}`);
    this.name = 'Refused';
    this.type = type;
  }
}

/** No control plane answered. */
export class NoResponder extends CliProblem {
  constructor(why: string) {
    super(`no control plane answers (${why}): is it running, and may this NATS user ask it?`, EXIT.unreachable);
    this.name = 'NoResponder';
  }
}

/**
 * Sends a request over NATS and returns the answer's JSON.
 * @throws Refused, NoResponder
 */
export async function ask(
  { nc, principal }: Pick<WaybillConnection, 'nc' | 'principal'>,
  context: 'ecs' | 'audit',
  operation: string,
  request: object,
): Promise<unknown> {
  const subject = commands.request(principal, context, operation);
  const answer = await nc.request(subject, JSON.stringify(request), { timeout: ANSWER_TIMEOUT_MS }).catch(explain);
  const code = answer.headers?.get('Nats-Service-Error-Code') ?? '';
  if (code === '') return answer.json();
  const error = answer.headers?.get('Nats-Service-Error') ?? code;
  const colon = error.indexOf(': ');
  throw colon === -1 ? new Refused(error, error) : new Refused(error.slice(0, colon), error.slice(colon + 2));
}

function explain(error: unknown): never {
  if (error instanceof NoRespondersError || (error instanceof RequestError && error.isNoResponders())) {
    throw new NoResponder('no control plane serves requests over NATS');
  }
  if (error instanceof TimeoutError) throw new NoResponder(`no answer in ${ANSWER_TIMEOUT_MS / 1000} s`);
  throw error;
}
