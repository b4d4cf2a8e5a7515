import type { ClusterEvent, ClusterUpdated, CreateCluster, Rejection, UpdateCluster } from '#libs/contracts';
import { accept, canonicalJson, reject } from '#libs/kernel';
import type { ClusterState } from '../cluster-state.ts';
import { isName } from '../shared/names.ts';
import type { ClusterDecision } from '../shared/outcome.ts';
import { clusterNotFound, invalidParameter } from '../shared/rejections.ts';
import { checkTags } from '../shared/tags.ts';

type Setting = { readonly name: string; readonly value: string };

const CONTAINER_INSIGHTS_VALUES = ['disabled', 'enabled', 'enhanced'];
const DEFAULT_SETTINGS: readonly Setting[] = [{ name: 'containerInsights', value: 'disabled' }];

/** Creating a cluster that is ACTIVE is a success and changes nothing; the name of an INACTIVE one may be used again. */
export function decideCreateCluster(state: ClusterState, command: CreateCluster): ClusterDecision {
  if (state.status === 'ACTIVE') return accept();
  const { clusterName, clusterArn, configuration, serviceConnectDefaults, tags = [] } = command;
  const refused =
    (isName(clusterName)
      ? null
      : invalidParameter('Cluster names have 1 to 255 letters, digits, hyphens and underscores.')) ??
    checkSettings(command.settings) ??
    checkTags(tags);
  if (refused !== null) return reject(refused);
  return accept({
    type: 'ClusterCreated',
    v: 1,
    clusterName,
    clusterArn,
    settings: settingsAfter(DEFAULT_SETTINGS, command.settings),
    ...(configuration === undefined ? {} : { configuration }),
    capacityProviders: command.capacityProviders ?? [],
    defaultCapacityProviderStrategy: command.defaultCapacityProviderStrategy ?? [],
    ...(serviceConnectDefaults === undefined ? {} : { serviceConnectDefaults }),
    tags,
  });
}

/** Changes what is given and nothing else; settings are merged by name. */
export function decideUpdateCluster(state: ClusterState, command: UpdateCluster): ClusterDecision {
  if (state.status !== 'ACTIVE') return reject(clusterNotFound());
  const refused = checkSettings(command.settings);
  if (refused !== null) return reject(refused);
  const { configuration, serviceConnectDefaults } = command;
  const settings = settingsAfter(state.settings, command.settings);
  const update: Omit<ClusterUpdated, 'type' | 'v'> = {
    ...(differs(settings, state.settings) ? { settings } : {}),
    ...(configuration !== undefined && differs(configuration, state.configuration) ? { configuration } : {}),
    ...(serviceConnectDefaults !== undefined && differs(serviceConnectDefaults, state.serviceConnectDefaults)
      ? { serviceConnectDefaults }
      : {}),
  };
  return Object.keys(update).length === 0 ? accept() : accept({ type: 'ClusterUpdated', v: 1, ...update });
}

/**
 * Refused while anything lives in the cluster, in the order in which ECS looks. DRAINING services without tasks end with
 * it. Deleting it again changes nothing.
 */
export function decideDeleteCluster(state: ClusterState): ClusterDecision {
  if (state.status === 'NONE') return reject(clusterNotFound());
  if (state.status === 'INACTIVE') return accept();
  const refused = whatIsLeft(state);
  if (refused !== null) return reject(refused);
  const ended: ClusterEvent[] = Array.from(state.services.keys(), (serviceName) => ({
    type: 'ServiceDeleted',
    v: 1,
    serviceName,
  }));
  return accept(...ended, { type: 'ClusterDeleted', v: 1 });
}

function whatIsLeft(state: ClusterState): Rejection | null {
  if (state.instances.size > 0) {
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

function checkSettings(settings: readonly Setting[] | undefined): Rejection | null {
  for (const { name, value } of settings ?? []) {
    if (name !== 'containerInsights') return invalidParameter(`Unknown cluster setting: ${name}.`);
    if (!CONTAINER_INSIGHTS_VALUES.includes(value)) {
      return invalidParameter(`Invalid value for cluster setting containerInsights: ${value}.`);
    }
  }
  return null;
}

function settingsAfter(existing: readonly Setting[], given: readonly Setting[] = []): readonly Setting[] {
  const merged = new Map(existing.map((setting) => [setting.name, setting]));
  for (const setting of given) merged.set(setting.name, setting);
  return [...merged.values()];
}

function differs(a: unknown, b: unknown): boolean {
  return canonicalJson(a) !== canonicalJson(b);
}
