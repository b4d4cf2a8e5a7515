import type { Rejection } from '#libs/ecs/messages';

/** InvalidParameterException with this text. */
export function invalidParameter(message: string): Rejection {
  return { code: 'InvalidParameter', message };
}

/** ClientException with this text. */
export function clientError(message: string): Rejection {
  return { code: 'ClientError', message };
}

/** The same text as a ClientException: how ECS rejects for a task definition what is an InvalidParameterException elsewhere. */
export function asClientError(rejection: Rejection | null): Rejection | null {
  return rejection === null ? null : clientError(rejection.message);
}

/** Something that ECS offers and this version does not: refused, because leaving it out would change what runs. */
export function unsupported(what: string): Rejection {
  return { code: 'Unsupported', message: `${what} is not supported by this version.` };
}

/** The cluster was never created, or is INACTIVE. */
export function clusterNotFound(): Rejection {
  return { code: 'ClusterNotFound', message: 'Cluster not found.' };
}

export function taskNotFound(): Rejection {
  return { code: 'TaskNotFound', message: 'The referenced task was not found.' };
}

export function instanceNotFound(instanceId: string): Rejection {
  return invalidParameter(`Referenced container instance ${instanceId} not found.`);
}

/** The instance was deregistered: its agent must stop everything and ask again much later (S14). */
export function instanceInactive(instanceId: string): Rejection {
  return { code: 'InstanceInactive', message: `Container instance ${instanceId} is INACTIVE.` };
}

/** Another session of the same instance has taken over, or the instance never registered. */
export function sessionFenced(instanceId: string): Rejection {
  return { code: 'SessionFenced', message: `This session of container instance ${instanceId} is not the current one.` };
}

/** What the log takes as one decision is limited; everything with a limit of its own was checked before. */
export function requestTooLarge(bytes: number, bytesMax: number): Rejection {
  return invalidParameter(
    `The request is too large: ${bytes} bytes would have to be recorded, and at most ${bytesMax} are possible.`,
  );
}

/** An agent has read a wanted set that is not the present one: it reads again. */
export function wantedSetChanged(): Rejection {
  return { code: 'WantedSetChanged', message: 'The tasks of this container instance have changed meanwhile.' };
}

export function targetNotFound(targetId: string): Rejection {
  return { code: 'TargetNotFound', message: `The target ${targetId} was not found.` };
}

export function resourceNotFound(): Rejection {
  return { code: 'ResourceNotFound', message: 'The specified resource could not be found.' };
}

/** A client token came again with other parameters. `resourceIds`: ARNs of what the first request made. */
export function tokenConflict(resourceIds: readonly string[]): Rejection {
  return {
    code: 'Conflict',
    message: 'A request with the same client token but different parameters was accepted before.',
    resourceIds,
  };
}
