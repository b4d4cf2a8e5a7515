import { deletedServiceOutput, resolveCluster, serviceNameIn } from '#libs/ecs/views';
import { ok } from '#libs/kernel';
import { clusterFirst } from '../lookups.ts';
import { command, toCluster } from '../operation.ts';
import { serviceResource } from '../resources.ts';
import type { InCluster } from '../resources.ts';
import { serviceResponse } from './service-response.ts';

interface Input extends InCluster {
  readonly service: string;
  readonly force?: boolean;
}

export const deleteService = command<Input>('DeleteService', {
  resources: (views, input) => [serviceResource(views, input, input.service)],
  lookups: clusterFirst,
  plan: (views, { cluster, service, force = false }) => {
    const where = resolveCluster(views, cluster);
    if ('rejection' in where) return where;
    const found = serviceNameIn(where.value, service);
    if ('rejection' in found) return found;
    const { clusterName } = where.value;
    const serviceName = found.value;
    return ok({
      submit: toCluster(views, clusterName, { type: 'DeleteService', serviceName, force }),
      output: () => serviceResponse(views, clusterName, serviceName, { change: deletedServiceOutput }),
    });
  },
});
