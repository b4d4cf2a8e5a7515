import { AuthorizationError, NoRespondersError, RequestError, TimeoutError } from '@nats-io/transport-node';
import { connectNats } from '#libs/platform';
import { inboxes } from '#libs/subjects';
import { CliProblem, messageOf } from '../shell/cli-problem.ts';
import { EXIT } from '../shell/exit-codes.ts';
import type { DeskCredentials, DeskRefusal } from './desk-messages.ts';
import type { JoinedHost } from './joined-host.ts';

const ANSWER_TIMEOUT_MS = 30_000;

/**
 * Asks the process that looks after the nats-server of the control plane.
 *
 * @param refused what it means that NATS does not know the user
 * @throws CliProblem
 */
export async function askDesk<Answer extends object>(
  { instanceId, urls, caFile }: Pick<JoinedHost, 'instanceId' | 'urls' | 'caFile'>,
  { user, password }: DeskCredentials,
  subject: string,
  request: object,
  refused: string,
): Promise<Answer> {
  const where = urls.join(', ');
  const nc = await connectNats({
    name: 'waybill-host',
    url: urls,
    user,
    password,
    inboxPrefix: inboxes.host(instanceId),
    ...(caFile === null ? {} : { caFile }),
  }).catch((error: unknown) => {
    if (error instanceof AuthorizationError) throw new CliProblem(refused);
    throw new CliProblem(
      `NATS at ${where} cannot be reached from here: ${messageOf(error)}; is Waybill running there, and is the port open?`,
      EXIT.unreachable,
    );
  });
  try {
    const message = await nc.request(subject, JSON.stringify(request), { timeout: ANSWER_TIMEOUT_MS });
    const answer = message.json<Answer | DeskRefusal>();
    if ('problem' in answer) throw new CliProblem(answer.problem);
    return answer;
  } catch (error) {
    const isSilent =
      error instanceof TimeoutError ||
      error instanceof NoRespondersError ||
      (error instanceof RequestError && error.isNoResponders());
    if (!isSilent) throw error;
    throw new CliProblem(`nobody answers at ${where}: \`waybill up\` must run there`, EXIT.unreachable);
  } finally {
    await nc.close();
  }
}
