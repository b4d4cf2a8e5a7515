import type { ServiceOutput } from '#libs/ecs/messages';
import { describeServices } from '#libs/ecs/views';
import type { QueryResult, ViewDirectory } from '#libs/ecs/views';
import { ok } from '#libs/kernel';

/** A service as the responses to changes of it show it, after `change`. */
export function serviceResponse(
  views: ViewDirectory,
  cluster: string,
  serviceName: string,
  options: { readonly include?: readonly string[]; readonly change?: (service: ServiceOutput) => ServiceOutput } = {},
): QueryResult<{ readonly service: ServiceOutput }> {
  const { include = [], change = (service) => service } = options;
  const described = describeServices(views, { cluster, services: [serviceName], include });
  if ('rejection' in described) return described;
  const [service = {}] = described.value.services;
  return ok({ service: change(service) });
}
