import { describe, expect, test } from '@jest/globals';
import type { ServiceMessageKind, ClusterCommand } from '#libs/ecs/messages';
import { LoneService } from '../../spec/lone-service.ts';

const refusal = (code: string, message = '') => ({
  rejection: { code, message: expect.stringContaining(message) },
});

describe('StartServiceTasks', () => {
  test('requests tasks with everything the service says about them', () => {
    const { cluster } = new LoneService();
    cluster.accept({
      type: 'TagClusterResource',
      resource: { kind: 'service', name: 'web' },
      tags: [{ key: 'team', value: 'a' }],
    });
    cluster.accept({
      type: 'UpdateService',
      serviceName: 'web',
      propagateTags: 'SERVICE',
      enableECSManagedTags: true,
      placementConstraints: [{ type: 'distinctInstance' }],
    });
    const deploymentId = cluster.state.services.get('web')?.deployments[0]?.deploymentId ?? '';
    const [event] = cluster.accept({ type: 'StartServiceTasks', serviceName: 'web', deploymentId, count: 2 });
    expect(event).toMatchObject({
      type: 'TasksRequested',
      taskIds: [expect.stringMatching(/^[0-9a-f]{32}$/), expect.any(String)],
      template: {
        group: 'service:web',
        startedBy: deploymentId,
        launchType: 'EC2',
        serviceName: 'web',
        deploymentId,
        placementConstraints: [{ type: 'distinctInstance' }],
        tags: [
          { key: 'aws:ecs:clusterName', value: 'blue' },
          { key: 'aws:ecs:serviceName', value: 'web' },
          { key: 'team', value: 'a' },
        ],
      },
    });
  });

  test.each<[string, (service: LoneService) => unknown, object]>([
    ['more than maximumPercent allows', (service) => service.start(5), refusal('InvalidParameter', 'at most 4 tasks')],
    ['none', (service) => service.start(0), refusal('InvalidParameter', 'count must be between 1 and 100.')],
    ['tasks of an unknown deployment', (service) => service.start(1, 'ecs-svc/1'), refusal('InvalidParameter')],
    ['tasks of an older deployment', (service) => startOld(service), refusal('InvalidParameter')],
    [
      'tasks of a failed deployment',
      (service) => (service.settle('FAILED'), service.start(1)),
      refusal('InvalidParameter'),
    ],
    [
      'tasks of a service that is going',
      (service) => (
        service.cluster.accept({ type: 'DeleteService', serviceName: 'web', force: true }),
        service.start(1)
      ),
      refusal('ServiceNotActive'),
    ],
  ])('refuses %s', (_, act, expected) => {
    expect(act(new LoneService())).toMatchObject(expected);
  });

  test('answers with a delay after failures, refuses during it, and starts after it', () => {
    const service = new LoneService(4);
    for (const taskId of service.place(3)) {
      service.cluster.report('host1', { taskId, knownStatus: 'STOPPED', stopCode: 'TaskFailedToStart' });
    }
    expect(service.start(1)).toMatchObject({
      events: [{ type: 'ServiceStartsDelayed', until: service.cluster.at + 1_000, failureCount: 3 }],
    });
    service.cluster.at += 999;
    expect(service.start(1)).toMatchObject(refusal('InvalidParameter', 'they failed too often'));
    service.cluster.at += 1;
    expect(service.start(1)).toMatchObject({ events: [{ type: 'TasksRequested' }] });
  });
});

function startOld(service: LoneService) {
  const old = service.primaryId;
  service.roll(2);
  return service.start(1, old);
}

describe('StopServiceTasks', () => {
  test('stops tasks of the service once, and ends those that no host has', () => {
    const service = new LoneService();
    const [placed = ''] = service.place(1);
    service.start(1);
    const [waiting = ''] = service.cluster.state.unplacedTasks.keys();
    const stop: ClusterCommand = {
      type: 'StopServiceTasks',
      serviceName: 'web',
      taskIds: [placed, placed, waiting, 'unknown'],
      cause: 'SCALING',
      reason: 'enough',
    };
    expect(service.cluster.accept(stop)).toMatchObject([
      { type: 'TaskStopRequested', taskId: placed, stopCode: 'ServiceSchedulerInitiated', stoppedReason: 'enough' },
      { type: 'TaskStopRequested', taskId: waiting },
      { type: 'TaskStopped', taskId: waiting, stopCode: 'ServiceSchedulerInitiated' },
    ]);
    expect(service.cluster.accept(stop)).toEqual([]);
    expect(service.state.deployments[0]).toMatchObject({ pendingCount: 0, stoppingCount: 1 });
  });

  test('refuses tasks of others', () => {
    const service = new LoneService();
    const foreign = service.cluster.run().taskIds[0] ?? '';
    const stop: ClusterCommand = {
      type: 'StopServiceTasks',
      serviceName: 'web',
      taskIds: [foreign],
      cause: 'SCALING',
      reason: 'x',
    };
    expect(service.cluster.submit(stop)).toMatchObject(refusal('InvalidParameter', 'does not belong to service web'));
  });
});

describe('SettleDeployment', () => {
  test('ends a deployment once', () => {
    const service = new LoneService();
    expect(service.settle('COMPLETED')).toMatchObject({
      events: [{ type: 'DeploymentCompleted', reason: `ECS deployment ${service.primaryId} completed.` }],
    });
    expect(service.settle('COMPLETED')).toMatchObject({ events: [] });
    expect(service.settle('FAILED')).toMatchObject({ events: [] });
  });

  test('takes an older deployment without tasks off the list', () => {
    const service = new LoneService();
    const old = service.primaryId;
    expect(service.settle('RETIRED')).toMatchObject(refusal('InvalidParameter', 'is the primary one'));
    const [taskId = ''] = service.place(1);
    service.roll(2);
    expect(service.settle('RETIRED', old)).toMatchObject(refusal('InvalidParameter', 'has tasks'));
    service.cluster.accept({
      type: 'StopServiceTasks',
      serviceName: 'web',
      taskIds: [taskId],
      cause: 'SCALING',
      reason: 'x',
    });
    expect(service.settle('RETIRED', old)).toMatchObject({ events: [{ type: 'DeploymentRetired' }] });
    expect(service.settle('RETIRED', old)).toMatchObject(refusal('InvalidParameter', 'not found'));
  });
});

describe('RollBackService', () => {
  const rollBack = (service: LoneService, failedDeploymentId = service.primaryId) =>
    service.cluster.submit({ type: 'RollBackService', serviceName: 'web', failedDeploymentId });

  test('goes back to the last COMPLETED deployment, whatever was tried since', () => {
    const service = new LoneService();
    service.settle('COMPLETED');
    service.roll(2);
    service.settle('FAILED');
    service.roll(3);
    const failed = service.primaryId;
    service.settle('FAILED');
    expect(rollBack(service)).toMatchObject({
      events: [
        { type: 'ServiceUpdated', spec: { taskDefinitionArn: expect.stringMatching(/:1$/) } },
        { type: 'DeploymentStarted', taskDefinitionArn: expect.stringMatching(/:1$/), rollbackOf: failed },
      ],
    });
    expect(service.state.deployments[0]?.rollbackOf).toBe(failed);
    service.settle('FAILED');
    expect(rollBack(service)).toMatchObject(refusal('InvalidParameter', 'nothing to roll'));
  });

  test('is refused without a failure or anything to go back to', () => {
    const service = new LoneService();
    expect(rollBack(service)).toMatchObject(refusal('InvalidParameter', 'has not failed'));
    service.settle('FAILED');
    expect(rollBack(service, 'ecs-svc/1')).toMatchObject(refusal('InvalidParameter', 'not the primary one'));
    expect(rollBack(service)).toMatchObject(refusal('InvalidParameter', 'nothing to roll'));
  });
});

describe('PostServiceMessage', () => {
  const HOUR = 3_600_000;
  const post = (service: LoneService, kind: ServiceMessageKind, message: string) =>
    service.cluster.accept({ type: 'PostServiceMessage', serviceName: 'web', kind, message });

  test('adds the prefix and passes the same condition over for six hours', () => {
    const service = new LoneService();
    expect(post(service, 'TASK_START_IMPAIRED', 'is unable to consistently start tasks successfully.')).toMatchObject([
      {
        type: 'ServiceMessagePosted',
        kind: 'TASK_START_IMPAIRED',
        silentUntil: service.cluster.at + 6 * HOUR,
        messageId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        message: '(service web) is unable to consistently start tasks successfully.',
      },
    ]);
    service.cluster.at += 6 * HOUR - 1;
    expect(post(service, 'TASK_START_IMPAIRED', 'is unable to consistently start tasks successfully.')).toEqual([]);
    expect(post(service, 'TASK_PLACEMENT_FAILED', 'was unable to do something else.')).toHaveLength(1);
    service.cluster.at += 1;
    expect(post(service, 'TASK_START_IMPAIRED', 'is unable to consistently start tasks successfully.')).toHaveLength(1);
  });

  test('what happened once may happen again', () => {
    const service = new LoneService();
    expect(post(service, 'PENDING_TASKS_STOPPED', 'stopped 1 pending tasks.')).toHaveLength(1);
    expect(post(service, 'PENDING_TASKS_STOPPED', 'stopped 1 pending tasks.')).toHaveLength(1);
    expect(service.state.recentMessages.size).toBe(0);
  });

  test('the steady state is announced with its message, and again after a change', () => {
    const service = new LoneService();
    const types = () => post(service, 'STEADY_STATE', 'has reached a steady state.').map(({ type }) => type);
    expect(types()).toEqual(['ServiceSteadyStateReached', 'ServiceMessagePosted']);
    expect(types()).toEqual([]);
    service.place(1);
    expect(types()).toHaveLength(2);
    service.cluster.at += 6 * HOUR;
    expect(types()).toHaveLength(2);
  });

  test('remembers a bounded number of conditions', () => {
    const service = new LoneService();
    for (let i = 0; i < 200; i++) post(service, 'TASK_PLACEMENT_FAILED', `was unable to do ${i}.`);
    expect([...service.state.recentMessages.keys()].at(0)).toBe('(service web) was unable to do 150.');
    expect(service.state.recentMessages.size).toBe(50);
    expect(post(service, 'TASK_PLACEMENT_FAILED', 'was unable to do 199.')).toEqual([]);
  });
});

describe('the end', () => {
  test('DeleteService wants 0 tasks or force; twice is once', () => {
    const service = new LoneService();
    const remove = (force: boolean) => service.cluster.submit({ type: 'DeleteService', serviceName: 'web', force });
    expect(remove(false)).toMatchObject(
      refusal('InvalidParameter', 'The service cannot be stopped while it is scaled above 0.'),
    );
    expect(remove(true)).toMatchObject({ events: [{ type: 'ServiceDeletionRequested' }] });
    expect(remove(true)).toMatchObject({ events: [] });
    expect(service.state).toMatchObject({ status: 'DRAINING', desiredCount: 0 });
  });

  test('CloseService waits for the last task', () => {
    const service = new LoneService();
    const close: ClusterCommand = { type: 'CloseService', serviceName: 'web' };
    expect(service.cluster.submit(close)).toMatchObject(refusal('InvalidParameter'));
    const [taskId = ''] = service.place(1);
    service.cluster.accept({ type: 'DeleteService', serviceName: 'web', force: true });
    expect(service.cluster.submit(close)).toMatchObject(refusal('InvalidParameter'));
    service.cluster.report('host1', { taskId, knownStatus: 'STOPPED' });
    expect(service.cluster.accept(close)).toMatchObject([{ type: 'ServiceDeleted' }]);
    expect(service.cluster.submit(close)).toMatchObject(refusal('ServiceNotFound', 'Service not found.'));
    expect(service.cluster.submit({ type: 'DeleteService', serviceName: 'web', force: true })).toMatchObject(
      refusal('ServiceNotFound'),
    );
  });
});
