import type { AccountCommand, ClusterCommand, Rejection } from '#libs/ecs/messages';
import { requestHash } from '#libs/ecs/deciders';
import type { CommandAnswer } from '#libs/kernel';
import { resolveTaskDefinition } from '#libs/ecs/views';
import type { SimNetwork } from '../world/sim-network.ts';
import type { ShardCommand, SimControlPlane } from './sim-control-plane.ts';

/** How long a gateway waits for the writer in another process. */
const REMOTE_TIMEOUT_MS = 10_000;

/** The members that the gateway fills in. */
type Unresolved<Command> = Command extends { readonly resolved: unknown }
  ? Omit<Command, 'resolved'>
  : Command extends { readonly resolved?: unknown }
    ? Omit<Command, 'resolved'>
    : Command;

/** What a caller asks: a command whose task definition, where it has one, is still a name. */
export type CallerRequest = { readonly commandId: string; readonly principal: string } & (
  | { readonly shard: 'account'; readonly command: AccountCommand }
  | { readonly shard: 'cluster'; readonly command: Unresolved<ClusterCommand>; readonly taskDefinition?: string }
);

/**
 * What the gateway does with a request: resolve names in this process's views, stamp, and take it to the writer, here or
 * in whatever other process answers first.
 */
export function takeRequest(
  here: SimControlPlane,
  all: readonly SimControlPlane[],
  network: SimNetwork,
  request: CallerRequest,
  respond: (answer: CommandAnswer<Rejection>) => void,
): void {
  const command = envelopeOf(here, request);
  if ('code' in command) {
    respond({ kind: 'rejected', revision: 0, rejection: command });
    return;
  }
  if (here.host?.isLeading === true) {
    here.command(command, respond);
    return;
  }
  const answered = here.process.first(respond);
  for (const there of all) {
    if (there === here) continue;
    network.send(here.name, there.name, command, (received) =>
      there.process.run(() =>
        there.command(received, (answer) => network.send(there.name, here.name, answer, answered)),
      ),
    );
  }
  here.process.after(REMOTE_TIMEOUT_MS, () => answered({ kind: 'indeterminate', reason: 'no answer from the writer' }));
}

function envelopeOf(here: SimControlPlane, request: CallerRequest): ShardCommand | Rejection {
  const { commandId, principal } = request;
  const stamp = {
    commandId,
    principal,
    source: 'nats',
    correlationId: commandId,
    causationId: null,
  } as const;
  if (request.shard === 'account') return { shard: 'account', envelope: { ...stamp, command: request.command } };
  const { command, taskDefinition } = request;
  if (taskDefinition === undefined) {
    return { shard: 'cluster', envelope: { ...stamp, command: command as ClusterCommand } };
  }
  const resolved = resolveTaskDefinition(here.views, taskDefinition);
  if ('error' in resolved) return { code: 'ClientError', message: resolved.error.message };
  const sent = { requestHash: requestHash([command, taskDefinition]) };
  return {
    shard: 'cluster',
    envelope: { ...stamp, command: { ...command, ...sent, resolved: resolved.output } as ClusterCommand },
  };
}
