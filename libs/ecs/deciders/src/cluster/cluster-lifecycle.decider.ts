import { checkClusterName } from '#libs/ecs/messages';
import type {
  ClusterEvent,
  ClusterUpdated,
  CreateCluster,
  DeleteCluster,
  Rejection,
  Tag,
  UpdateCluster,
} from '#libs/ecs/messages';
import { accept, reject } from '#libs/kernel';
import type { DecisionContext } from '#libs/kernel';
import type { ClusterState } from '../cluster-state.ts';
import { hasContainerInstances } from '../container-instance/container-instance-of.ts';
import { checkClusterProviders, normalStrategy } from '../shared/capacity-providers.ts';
import { ENDED_RETENTION_MS } from '../shared/ended-retention.ts';
import { isEqual } from '../shared/is-equal.ts';
import type { ClusterDecision } from '../shared/outcome.ts';
import { clientError, clusterNotFound, invalidParameter } from '../shared/rejections.ts';
import { recordedClusterConfiguration, recordedTag } from '../shared/recorded.ts';
import { checkTags } from '../shared/tags.ts';
import { checkClusterMembers, DEFAULT_SETTINGS, settingsAfter } from './cluster-members.ts';

/** The name of an INACTIVE cluster may be used again; of an ACTIVE one only by a request that agrees with it. */
export function decideCreateCluster(state: ClusterState, command: CreateCluster): ClusterDecision {
  const refused = checkCreation(command);
  if (refused !== null) return reject(refused);
  if (state.status === 'ACTIVE') return decideAgain(state, command);
  const { clusterName, clusterArn, configuration, tags = [] } = command;
  return accept({
    type: 'ClusterCreated',
    v: 1,
    clusterName,
    clusterArn,
    settings: settingsAfter(DEFAULT_SETTINGS, command.settings),
    ...(configuration !== undefined && { configuration: recordedClusterConfiguration(configuration) }),
    capacityProviders: command.capacityProviders ?? [],
    defaultCapacityProviderStrategy: normalStrategy(command.defaultCapacityProviderStrategy ?? []),
    tags: tags.map(recordedTag),
  });
}

function checkCreation(command: CreateCluster): Rejection | null {
  const { clusterName, capacityProviders, defaultCapacityProviderStrategy } = command;
  return (
    checkClusterName(clusterName) ??
    checkClusterMembers(command) ??
    checkClusterProviders(capacityProviders, defaultCapacityProviderStrategy) ??
    checkTags(command.tags)
  );
}

/** A success that changes nothing, unless something is given that the cluster has otherwise. */
function decideAgain(state: ClusterState, command: CreateCluster): ClusterDecision {
  const { settings, configuration, capacityProviders, defaultCapacityProviderStrategy, tags } = command;
  const agrees =
    isEqual(settingsAfter(state.settings, settings), state.settings) &&
    (configuration === undefined || isEqual(configuration, state.configuration)) &&
    (capacityProviders === undefined || isEqual(capacityProviders, state.capacityProviders)) &&
    (defaultCapacityProviderStrategy === undefined ||
      isEqual(normalStrategy(defaultCapacityProviderStrategy), state.defaultCapacityProviderStrategy)) &&
    (tags === undefined || isEqual(byKey(tags), byKey(state.tags)));
  if (agrees) return accept();
  return reject(
    invalidParameter(
      'Arguments on this idempotent request are inconsistent with arguments used in previous request(s).',
    ),
  );
}

function byKey(tags: readonly Tag[]): readonly Tag[] {
  return tags.toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

/** Changes what is given and nothing else; settings are merged by name. */
export function decideUpdateCluster(state: ClusterState, command: UpdateCluster): ClusterDecision {
  if (state.status === 'NONE') return reject(clusterNotFound());
  if (state.status === 'INACTIVE') return reject(clientError('Cluster was not ACTIVE.'));
  const refused = checkClusterMembers(command);
  if (refused !== null) return reject(refused);
  const { configuration } = command;
  const settings = settingsAfter(state.settings, command.settings);
  const update: Omit<ClusterUpdated, 'type' | 'v'> = {
    ...(isEqual(settings, state.settings) ? {} : { settings }),
    ...(configuration !== undefined &&
      !isEqual(configuration, state.configuration) && {
        configuration: recordedClusterConfiguration(configuration),
      }),
  };
  return Object.keys(update).length === 0 ? accept() : accept({ type: 'ClusterUpdated', v: 1, ...update });
}

/**
 * Refused while anything lives in the cluster, in the order in which ECS looks. DRAINING services without tasks end with
 * it, and its Fargate pool. Deleting it again changes nothing.
 */
export function decideDeleteCluster(
  state: ClusterState,
  _command: DeleteCluster,
  { at }: DecisionContext,
): ClusterDecision {
  if (state.status === 'NONE') return reject(clusterNotFound());
  if (state.status === 'INACTIVE') return accept();
  const refused = whatIsLeft(state);
  if (refused !== null) return reject(refused);
  const expiresAt = at + ENDED_RETENTION_MS;
  const ended: ClusterEvent[] = Array.from(state.services.keys(), (serviceName) => ({
    type: 'ServiceDeleted',
    v: 1,
    serviceName,
    expiresAt,
  }));
  // Callers do not know of the hosts of the pool, and cannot take them away first.
  const poolHosts: ClusterEvent[] = Array.from(state.instances.keys(), (containerInstanceId) => ({
    type: 'ContainerInstanceDeregistered',
    v: 1,
    containerInstanceId,
    expiresAt,
  }));
  return accept(...ended, ...poolHosts, { type: 'ClusterDeleted', v: 1, expiresAt });
}

function whatIsLeft(state: ClusterState): Rejection | null {
  if (hasContainerInstances(state)) {
    return {
      code: 'ClusterContainsContainerInstances',
      message: 'The Cluster cannot be deleted while Container Instances are active or draining.',
    };
  }
  for (const service of state.services.values()) {
    if (service.status === 'ACTIVE') {
      return {
        code: 'ClusterContainsServices',
        message: 'The Cluster cannot be deleted while Services are active.',
      };
    }
  }
  for (const task of state.tasks.values()) {
    if (task.lastStatus !== 'STOPPED') {
      return { code: 'ClusterContainsTasks', message: 'The Cluster cannot be deleted while Tasks are active.' };
    }
  }
  return null;
}
