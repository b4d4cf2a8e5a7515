import type { CapacityProviderStrategyItem } from '#libs/ecs/messages';
import type { Chance } from '../world/chance.ts';
import type { CallerRequest } from './caller-request.ts';
import type { LaunchKind } from './images.ts';

const PROVIDER_STRATEGIES: readonly (readonly CapacityProviderStrategyItem[])[] = [
  [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }],
  [
    { capacityProvider: 'FARGATE', base: 1, weight: 1 },
    { capacityProvider: 'FARGATE_SPOT', weight: 2 },
  ],
  [
    { capacityProvider: 'FARGATE', weight: 1 },
    { capacityProvider: 'FARGATE_SPOT', weight: 1 },
  ],
];

const networkConfiguration = {
  awsvpcConfiguration: { subnets: ['subnet-a', 'subnet-b'], securityGroups: ['sg-web'] },
};

/** How callers want tasks launched of which kind: mostly plain ones. */
export function someKind(chance: Chance): LaunchKind {
  const draw = chance.next();
  if (draw < 0.55) return 'plain';
  if (draw < 0.6) return 'volume';
  return draw < 0.75 ? 'awsvpc' : 'fargate';
}

/** What a request of RunTask or CreateService says of its launch. */
export function launchMembers(kind: LaunchKind, chance: Chance): CallerRequest['input'] {
  switch (kind) {
    case 'plain':
      return chance.happens(0.2) ? { launchType: chance.pick(['EC2', 'EXTERNAL']) } : {};
    case 'fargate': {
      const strategy = chance.happens(0.5) ? chance.pick(PROVIDER_STRATEGIES) : undefined;
      const launch = strategy === undefined ? { launchType: 'FARGATE' } : { capacityProviderStrategy: strategy };
      return { ...launch, networkConfiguration };
    }
    default:
      return kindMembers(kind);
  }
}

/** What a request needs because of its task definition. */
export function kindMembers(kind: LaunchKind): CallerRequest['input'] {
  if (kind === 'plain') return {};
  if (kind !== 'volume') return { networkConfiguration };
  const managedEBSVolume = { sizeInGiB: 1, roleArn: 'arn:aws:iam::000000000000:role/volumes' };
  return { volumeConfigurations: [{ name: 'data', managedEBSVolume }] };
}
