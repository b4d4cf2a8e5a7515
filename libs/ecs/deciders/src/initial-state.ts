import { parseShard } from '#libs/ecs/messages';
import { placementEngine } from '#libs/ecs/placement';
import type { ClusterState } from './cluster-state.ts';
import { TemplatePool } from './task/template-pool.ts';

/** The state of a cluster's shard before its first event. */
export function initialClusterState(shard: string): ClusterState {
  const parsed = parseShard(shard);
  return {
    shard,
    term: 0,
    locale: { region: '', account: parsed?.account ?? '' },
    clusterName: parsed?.cluster ?? '',
    clusterArn: '',
    status: 'NONE',
    settings: [],
    configuration: undefined,
    capacityProviders: [],
    defaultCapacityProviderStrategy: [],
    tags: [],
    instances: new Map(),
    inactiveInstanceIds: new Set(),
    taskDefinitions: new Map(),
    tasks: new Map(),
    requests: 0,
    unplacedTasks: new Map(),
    services: new Map(),
    inactiveServices: new Map(),
    clientTokens: new Map(),
    fruitlessTokens: [],
    stoppedTaskIds: [],
    placement: placementEngine(),
    templates: new TemplatePool(),
  };
}
