import type { ClusterEvent } from '#libs/ecs/messages';
import type { ServiceState } from '../src/cluster-state.ts';
import { appContainer, ClusterUnderTest, resolved } from './cluster-builder.ts';
import type { ClusterOutcome } from './cluster-builder.ts';

const CHECKED = [appContainer({ healthCheck: { command: ['CMD', 'true'] } })];

/** A service and its deciders, without a controller: the test plays it. */
export class LoneService {
  readonly cluster = new ClusterUnderTest().createCluster().register('host1').register('host2');

  constructor(desiredCount = 2, deploymentConfiguration = {}, isChecked = true) {
    this.cluster.accept({
      type: 'CreateService',
      serviceName: 'web',
      resolved: resolved({ containerDefinitions: isChecked ? CHECKED : [appContainer()] }),
      desiredCount,
      deploymentConfiguration,
    });
  }

  get state(): ServiceState {
    const service = this.cluster.state.services.get('web');
    if (service === undefined) throw new Error('no service');
    return service;
  }

  get primaryId(): string {
    return this.state.deployments[0]?.deploymentId ?? '';
  }

  start(count: number, deploymentId = this.primaryId): ClusterOutcome {
    return this.cluster.submit({ type: 'StartServiceTasks', serviceName: 'web', deploymentId, count });
  }

  /** Starts tasks, places them all on one host. */
  place(count: number, instanceId = 'host1'): readonly string[] {
    this.start(count);
    const taskIds = [...this.cluster.state.unplacedTasks.keys()];
    const placements = taskIds.map((taskId) => ({ taskId, instanceId }));
    this.cluster.accept({ type: 'PlaceTasks', placements, refused: [] });
    return taskIds;
  }

  settle(outcome: 'COMPLETED' | 'FAILED' | 'RETIRED', deploymentId = this.primaryId): ClusterOutcome {
    return this.cluster.submit({ type: 'SettleDeployment', serviceName: 'web', deploymentId, outcome });
  }

  roll(revision: number): readonly ClusterEvent[] {
    return this.cluster.accept({ type: 'UpdateService', serviceName: 'web', resolved: resolved({ revision }) });
  }
}
