import type { CreateService } from '#libs/ecs/messages';
import { resolveCluster, resolveTaskDefinition } from '#libs/ecs/views';
import type { ViewDirectory } from '#libs/ecs/views';
import { ok } from '#libs/kernel';
import { clusterFirst } from '../lookups.ts';
import { command, toCluster } from '../operation.ts';
import { serviceResource } from '../resources.ts';
import type { InCluster } from '../resources.ts';
import { requestHashMember } from '../sent-request.ts';
import { serviceResponse } from './service-response.ts';

interface Input extends InCluster, Omit<CreateService, 'type' | 'resolved' | 'requestHash'> {
  readonly taskDefinition?: string;
}

export const createService = command<Input>('CreateService', {
  resources: (views, input) => [serviceResource(views, input, input.serviceName)],
  lookups: clusterFirst,
  plan: (views, { cluster, taskDefinition, ...members }, caller) => {
    const where = resolveCluster(views, cluster);
    if ('rejection' in where) return where;
    const { clusterName } = where.value;
    const include = members.tags === undefined || members.tags.length === 0 ? [] : ['TAGS'];
    return ok({
      submit: toCluster(
        views,
        clusterName,
        {
          ...members,
          ...requestHashMember('CreateService', members, caller, ['tags']),
          type: 'CreateService',
          resolved: resolvedFor(views, taskDefinition),
        },
        members.clientToken,
      ),
      // The controller has begun by now; ECS's response to the creation shows no message of it.
      output: () =>
        serviceResponse(views, clusterName, members.serviceName, {
          include,
          change: (service) => ({ ...service, events: [] }),
        }),
    });
  },
});

function resolvedFor(views: ViewDirectory, taskDefinition: string | undefined): CreateService['resolved'] {
  if (taskDefinition === undefined) {
    return { rejection: { code: 'InvalidParameter', message: 'TaskDefinition can not be blank.' } };
  }
  const found = resolveTaskDefinition(views, taskDefinition);
  return 'rejection' in found ? found : found.value;
}
