import { arns } from '#libs/ecs/messages';
import type { Attribute, TargetedAttribute } from '#libs/ecs/messages';
import { instanceIdIn, resolveCluster } from '#libs/ecs/views';
import type { QueryResult, ResolvedCluster } from '#libs/ecs/views';
import { ok } from '#libs/kernel';
import { allOf } from '../all-of.ts';
import { clusterFirst } from '../lookups.ts';
import { command, toCluster } from '../operation.ts';
import type { EcsOperation } from '../operation.ts';
import { instanceResource } from '../resources.ts';
import type { InCluster } from '../resources.ts';

interface NamedAttribute extends Attribute {
  readonly targetType?: string;
  readonly targetId?: string;
}

interface Input extends InCluster {
  readonly attributes: readonly NamedAttribute[];
}

export const putAttributes = changing('PutAttributes');
export const deleteAttributes = changing('DeleteAttributes');

function changing(type: 'PutAttributes' | 'DeleteAttributes'): EcsOperation {
  return command<Input>(type, {
    resources: (views, input) =>
      input.attributes.flatMap(({ targetId }) =>
        targetId === undefined ? [] : [instanceResource(views, input, targetId)],
      ),
    lookups: clusterFirst,
    plan: (views, input) => {
      const where = resolveCluster(views, input.cluster);
      if ('rejection' in where) return where;
      const attributes = allOf(input.attributes, (attribute) => attributeIn(where.value, attribute));
      if ('rejection' in attributes) return attributes;
      const { clusterName } = where.value;
      return ok({
        submit: toCluster(views, clusterName, { type, attributes: attributes.value }),
        output: () =>
          ok({
            attributes: attributes.value.map(({ name, value, instanceId = '' }) => ({
              name,
              ...(value === undefined ? {} : { value }),
              targetId: arns.containerInstance(views.locale, clusterName, instanceId),
            })),
          }),
      });
    },
  });
}

function attributeIn(where: ResolvedCluster, attribute: NamedAttribute): QueryResult<TargetedAttribute> {
  const { targetId, ...members } = attribute;
  if (targetId === undefined) return ok(members);
  const instanceId = instanceIdIn(where, targetId);
  return 'rejection' in instanceId ? instanceId : ok({ ...members, instanceId: instanceId.value });
}
