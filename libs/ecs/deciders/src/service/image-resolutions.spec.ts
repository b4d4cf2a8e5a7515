import { describe, expect, test } from '@jest/globals';
import type { ClusterEvent, ContainerDefinition, TaskReport } from '#libs/ecs/messages';
import { schedulerSaga } from '#libs/ecs/reconcile';
import { appContainer, ClusterUnderTest, resolved, taskReport } from '../../spec/cluster-builder.ts';
import { wantedPageOf } from '../task/wanted-set.ts';

const OLD = `sha256:${'1'.repeat(64)}`;
const NEW = `sha256:${'2'.repeat(64)}`;

/** A service without a controller: the test starts its tasks, the scheduler places them. */
class Shop {
  readonly cluster = new ClusterUnderTest([schedulerSaga]).createCluster().register('host');

  constructor(readonly containers: readonly ContainerDefinition[] = [appContainer()]) {
    this.cluster.accept({
      type: 'CreateService',
      serviceName: 'web',
      resolved: resolved({ containerDefinitions: containers }),
      desiredCount: 3,
    });
  }

  get deploymentId(): string {
    return this.cluster.state.services.get('web')?.deployments[0]?.deploymentId ?? '';
  }

  start(): string {
    const { deploymentId } = this;
    const events = this.cluster.accept({ type: 'StartServiceTasks', serviceName: 'web', deploymentId, count: 1 });
    const requested = events.find((event) => event.type === 'TasksRequested');
    return requested?.taskIds[0] ?? '';
  }

  /** A task runs, its images having these digests. */
  run(taskId: string, ...digests: readonly (string | undefined)[]): readonly ClusterEvent[] {
    return resolutions(this.cluster.report('host', this.running(taskId, ...digests)));
  }

  running(taskId: string, ...digests: readonly (string | undefined)[]): TaskReport {
    const containers = this.containers.map(({ name }, i) => {
      const imageDigest = digests[i];
      return { name, lastStatus: 'RUNNING', ...(imageDigest !== undefined && { imageDigest }) } as const;
    });
    return taskReport({ taskId, containers });
  }

  wanted(taskId: string): unknown {
    const page = wantedPageOf(this.cluster.state, 'host', null, 100_000);
    return 'tasks' in page ? page.tasks.find((task) => task.taskId === taskId)?.imageDigests : page;
  }
}

function resolutions(events: readonly ClusterEvent[]): readonly ClusterEvent[] {
  return events.filter(({ type }) => type === 'DeploymentImagesResolved');
}

function resolution(deploymentId: string, imageDigests: Readonly<Record<string, string>>) {
  return { type: 'DeploymentImagesResolved', v: 1, serviceName: 'web', deploymentId, imageDigests };
}

describe('the images of a deployment', () => {
  test('are those of its first running task; later tasks are pinned to them', () => {
    const shop = new Shop();
    const [first, early] = [shop.start(), shop.start()];
    expect(shop.run(first, OLD)).toEqual([resolution(shop.deploymentId, { app: OLD })]);
    // Made before: what it is wanted with does not change under its agent's hands.
    expect([shop.wanted(first), shop.wanted(early)]).toEqual([undefined, undefined]);
    expect(shop.wanted(shop.start())).toEqual({ app: OLD });
  });

  test('never change, whatever a later task reports', () => {
    const shop = new Shop();
    const [first, second] = [shop.start(), shop.start()];
    shop.run(first, OLD);
    expect(shop.run(second, NEW)).toEqual([]);
    expect(shop.run(first, OLD)).toEqual([]);
    expect(shop.wanted(shop.start())).toEqual({ app: OLD });
  });

  test('are settled once in one command, too', () => {
    const shop = new Shop();
    const reports = [shop.running(shop.start(), OLD), shop.running(shop.start(), NEW)];
    expect(resolutions(shop.cluster.report('host', ...reports))).toEqual([resolution(shop.deploymentId, { app: OLD })]);
  });

  test('of another deployment are its own', () => {
    const shop = new Shop();
    shop.run(shop.start(), OLD);
    shop.cluster.accept({ type: 'UpdateService', serviceName: 'web', forceNewDeployment: true });
    const first = shop.start();
    expect(shop.wanted(first)).toBeUndefined();
    expect(shop.run(first, NEW)).toEqual([resolution(shop.deploymentId, { app: NEW })]);
  });

  test.each<[string, readonly ContainerDefinition[], readonly (string | undefined)[], object | null]>([
    ['its digest is in the definition', [appContainer({ image: `app@${OLD}` })], [OLD], null],
    ['consistency is disabled', [appContainer({ versionConsistency: 'disabled' })], [OLD], null],
    ['the host knows no digest', [appContainer()], [undefined], null],
    ['one of two is open', [appContainer(), appContainer({ name: 'b', image: `b@${OLD}` })], [NEW, OLD], { app: NEW }],
    ['one of two is unknown', [appContainer(), appContainer({ name: 'b' })], [NEW, undefined], null],
    ['both are open', [appContainer(), appContainer({ name: 'b' })], [NEW, OLD], { app: NEW, b: OLD }],
  ])('where %s', (_name, containers, digests, settled) => {
    const shop = new Shop(containers);
    const expected = settled === null ? [] : [{ imageDigests: settled }];
    expect(shop.run(shop.start(), ...digests)).toMatchObject(expected);
  });

  test('are not those of a task that never ran, nor of a standalone one', () => {
    const shop = new Shop();
    const [taskId, { cluster }] = [shop.start(), shop];
    const pending = { name: 'app', lastStatus: 'PENDING', imageDigest: OLD } as const;
    expect(resolutions(cluster.report('host', { taskId, knownStatus: 'PENDING', containers: [pending] }))).toEqual([]);
    expect(shop.run(cluster.runOne().taskId, OLD)).toEqual([]);
  });

  test('come back with a rollback, also when they were settled after the deployment was complete', () => {
    const shop = new Shop();
    const { cluster } = shop;
    const settle = (outcome: 'COMPLETED' | 'FAILED') =>
      cluster.accept({ type: 'SettleDeployment', serviceName: 'web', deploymentId: shop.deploymentId, outcome });
    settle('COMPLETED');
    shop.run(shop.start(), OLD);
    cluster.accept({ type: 'UpdateService', serviceName: 'web', forceNewDeployment: true });
    shop.run(shop.start(), NEW);
    settle('FAILED');
    const failedDeploymentId = shop.deploymentId;
    const events = cluster.accept({ type: 'RollBackService', serviceName: 'web', failedDeploymentId });
    expect(resolutions(events)).toEqual([resolution(shop.deploymentId, { app: OLD })]);
    expect(shop.wanted(shop.start())).toEqual({ app: OLD });
  });
});
