import type { AccountCommand, ClusterCommand, Rejection } from '#libs/ecs/messages';
import { resolveTaskDefinition } from '#libs/ecs/views';
import type { ViewDirectory } from '#libs/ecs/views';
import { canonicalJson } from '#libs/kernel';
import type { CommandAnswer, ContextRejection } from '#libs/kernel';
import { ACCOUNT_SHARD, CLUSTER_SHARD } from '../world/names.ts';
import { sha256 } from '../world/sha256.ts';
import type { SimControlPlane } from './sim-control-plane.ts';
import type { SubmittedCommand } from './watched-shell.ts';

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

/** What the gateway does with a request: resolve names in this process's views, stamp, and take it to the writer. */
export function takeRequest(
  here: SimControlPlane,
  request: CallerRequest,
  respond: (answer: CommandAnswer<ContextRejection>) => void,
): void {
  const command = commandOf(here, request);
  if ('code' in command) respond({ kind: 'rejected', revision: 0, rejection: command });
  else here.engine?.router.submit(command.shard, command.request, respond);
}

function commandOf(here: SimControlPlane, request: CallerRequest): SubmittedCommand | Rejection {
  const { commandId, principal } = request;
  const stamp = {
    commandId,
    principal,
    source: 'nats',
    correlationId: commandId,
    causationId: null,
  } as const;
  if (request.shard === 'account') return { shard: ACCOUNT_SHARD, request: { ...stamp, command: request.command } };
  const { command, taskDefinition } = request;
  if (taskDefinition === undefined) return { shard: CLUSTER_SHARD, request: { ...stamp, command } };
  const resolved = resolveTaskDefinition(here.viewsOf('ecs') as ViewDirectory, taskDefinition);
  if ('rejection' in resolved) return resolved.rejection;
  const sent = { requestHash: sha256(canonicalJson([command, taskDefinition])) };
  const whole = { ...command, ...sent, resolved: resolved.value };
  return { shard: CLUSTER_SHARD, request: { ...stamp, command: whole } };
}
