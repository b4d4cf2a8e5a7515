import type { UpdateService } from '#libs/ecs/messages';
import { resolveCluster, resolveTaskDefinition, serviceNameIn } from '#libs/ecs/views';
import type { ViewDirectory } from '#libs/ecs/views';
import { ok } from '#libs/kernel';
import { clusterFirst } from '../lookups.ts';
import { command, toCluster } from '../operation.ts';
import { serviceResource } from '../resources.ts';
import type { InCluster } from '../resources.ts';
import { serviceResponse } from './service-response.ts';

interface Input extends InCluster, Omit<UpdateService, 'type' | 'resolved' | 'serviceName'> {
  readonly service: string;
  readonly taskDefinition?: string;
}

export const updateService = command<Input>('UpdateService', {
  resources: (views, input) => [serviceResource(views, input, input.service)],
  lookups: clusterFirst,
  plan: (views, { cluster, service, taskDefinition, ...members }) => {
    const where = resolveCluster(views, cluster);
    if ('rejection' in where) return where;
    const found = serviceNameIn(where.value, service);
    if ('rejection' in found) return found;
    const { clusterName } = where.value;
    const serviceName = found.value;
    return ok({
      submit: toCluster(views, clusterName, {
        ...members,
        type: 'UpdateService',
        serviceName,
        ...resolvedMember(views, taskDefinition),
      }),
      output: () => serviceResponse(views, clusterName, serviceName),
    });
  },
});

function resolvedMember(views: ViewDirectory, taskDefinition: string | undefined): Pick<UpdateService, 'resolved'> {
  if (taskDefinition === undefined) return {};
  const found = resolveTaskDefinition(views, taskDefinition);
  return { resolved: 'rejection' in found ? found : found.value };
}
