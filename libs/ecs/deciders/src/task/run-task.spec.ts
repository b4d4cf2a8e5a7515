import { describe, expect, test } from '@jest/globals';
import type { ContainerOverride, RunTask, TasksAnswer } from '#libs/ecs/messages';
import { arns } from '#libs/ecs/messages';
import { schedulerSaga } from '#libs/ecs/reconcile';
import { CLUSTER, ClusterUnderTest, LOCALE, resolved, runTask, taskDefinition } from '../../spec/cluster-builder.ts';

const given = {
  empty: () => new ClusterUnderTest([schedulerSaga]).createCluster(),
  hosts: (...ids: string[]) => ids.reduce((cluster, id) => cluster.register(id), given.empty()),
};

describe('RunTask', () => {
  test('imports the definition once, requests and places in one decision, and tells the agent', () => {
    const cluster = given.hosts('host');
    const outcome = cluster.submit(runTask({ startedBy: 'me', tags: [{ key: 'a', value: 'b' }] }));
    const [taskId = ''] = [...cluster.state.tasks.keys()];
    expect(taskId).toMatch(/^[0-9a-f]{32}$/);
    const definition = taskDefinition();
    expect(outcome).toEqual({
      events: [
        { type: 'TaskDefinitionImported', v: 1, taskDefinition: definition },
        {
          type: 'TasksRequested',
          v: 1,
          taskIds: [taskId],
          template: {
            taskDefinitionArn: definition.taskDefinitionArn,
            group: 'family:web',
            startedBy: 'me',
            launchType: 'EC2',
            placementConstraints: [],
            placementStrategy: [],
            tags: [{ key: 'a', value: 'b' }],
          },
          resources: { cpu: 256, memory: 512, tcpPorts: [], udpPorts: [] },
        },
        { type: 'TasksPlaced', v: 1, placements: [{ taskId, containerInstanceId: 'host' }], by: 'scheduler' },
      ],
      effects: [
        {
          kind: 'assign',
          instanceId: 'host',
          sessionId: 'host-1',
          version: 1,
          task: {
            taskId,
            taskArn: arns.task(LOCALE, CLUSTER, taskId),
            desiredStatus: 'RUNNING',
            lastStatus: 'PENDING',
            taskDefinitionArn: definition.taskDefinitionArn,
            group: 'family:web',
            containerOverrides: [],
            tags: [{ key: 'a', value: 'b' }],
          },
        },
      ],
      answer: { taskIds: [taskId], failures: [] },
    });
    expect(cluster.accept(runTask()).map(({ type }) => type)).toEqual(['TasksRequested', 'TasksPlaced']);
    expect(cluster.state.placement.remaining('host')).toMatchObject({ cpu: 2048 - 512, memory: 4096 - 1024 });
  });

  test('what does not fit is a failure for each instance, and leaves the state', () => {
    const cluster = given.hosts('host');
    const answer = cluster.run({ count: 10 });
    expect(answer.taskIds).toHaveLength(8);
    expect(answer.failures).toEqual([{ instanceId: 'host', reason: 'RESOURCE:CPU' }]);
    expect([...cluster.state.tasks.keys()]).toEqual(answer.taskIds);
    expect(cluster.state.unplacedTasks.size).toBe(0);
    expect(cluster.history.at(-1)?.event).toMatchObject({ type: 'TaskPlacementFailed', by: 'scheduler' });
  });

  test('distinctInstance: three hosts, five tasks', () => {
    const answer = given.hosts('a', 'b', 'c').run({ count: 5, placementConstraints: [{ type: 'distinctInstance' }] });
    expect(answer.taskIds).toHaveLength(3);
    expect(answer.failures).toHaveLength(3);
  });

  test('constraints ask for every fact of an instance that a filter finds', () => {
    const cluster = given.hosts('host');
    const on = (expression: string): TasksAnswer =>
      cluster.run({ count: 1, placementConstraints: [{ type: 'memberOf', expression }] });
    for (const expression of [
      'agentVersion >= 1.0.0',
      'ec2InstanceId == mi-host',
      'registeredAt > 1970-01-01',
      'agentConnected == true',
      'runningTasksCount >= 0',
    ]) {
      expect(on(expression).taskIds).toHaveLength(1);
    }
    expect(on('agentVersion > 1.0.0').taskIds).toEqual([]);
    cluster.register('host', { sessionId: 'host-2', versionInfo: { agentVersion: '1.1.0', dockerVersion: '1' } });
    expect(on('agentVersion > 1.0.0').taskIds).toHaveLength(1);
  });

  test('constraints of the definition bind as well', () => {
    const cluster = given.hosts('host');
    const placementConstraints = [{ type: 'memberOf', expression: 'attribute:ecs.os-type == windows' } as const];
    expect(cluster.run({ resolved: resolved({ placementConstraints }) }).failures).toEqual([
      {
        instanceId: 'host',
        reason: 'MemberOf placement constraint unsatisfied',
        detail: 'attribute:ecs.os-type == windows',
      },
    ]);
  });

  test('tags: requested ones win over propagated ones; managed ones on request', () => {
    const cluster = given.hosts('host');
    const source = {
      ...resolved(),
      tags: [
        { key: 'a', value: 'definition' },
        { key: 'b', value: 'definition' },
      ],
    };
    const tags = [{ key: 'a', value: 'request' }];
    const task = cluster.runOne({
      resolved: source,
      tags,
      propagateTags: 'TASK_DEFINITION',
      enableECSManagedTags: true,
    });
    expect(task.tags).toEqual([
      { key: 'aws:ecs:clusterName', value: CLUSTER },
      { key: 'a', value: 'request' },
      { key: 'b', value: 'definition' },
    ]);
    expect(cluster.runOne({ resolved: source }).tags).toEqual([]);
  });

  test('overrides are stored with sizes in units and go to the agent', () => {
    const cluster = given.hosts('host');
    const containerOverrides = [{ name: 'app', command: ['sleep', '1'], environment: [{ name: 'A', value: '1' }] }];
    const outcome = cluster.submit(runTask({ overrides: { cpu: '.5 vCPU', containerOverrides } }));
    expect(outcome).toMatchObject({ effects: [{ task: { cpu: '512', containerOverrides } }] });
    expect(cluster.state.placement.remaining('host')?.cpu).toBe(1536);
  });

  test.each<[string, Partial<RunTask>, string, string]>([
    ['no tasks', { count: 0 }, 'InvalidParameter', 'count must be between 1 and 10.'],
    ['eleven tasks', { count: 11 }, 'InvalidParameter', 'count must be between 1 and 10.'],
    ['half a task', { count: 1.5 }, 'InvalidParameter', 'count must be between 1 and 10.'],
    [
      'an override of nobody',
      { overrides: { containerOverrides: [{ name: 'x' }] } },
      'InvalidParameter',
      'Override for container named x is not a container in the TaskDefinition.',
    ],
    [
      'overrides that are too long',
      { overrides: { containerOverrides: [{ name: 'app', command: ['x'.repeat(8192)] }] } },
      'InvalidParameter',
      'Container Overrides length must be at most 8192.',
    ],
    [
      'an override that would give the host more',
      { overrides: { containerOverrides: [{ name: 'app', memory: -512 }] } },
      'InvalidParameter',
      'Override for container named app has a negative cpu or memory.',
    ],
    [
      'two overrides of one container',
      {
        overrides: {
          containerOverrides: [
            { name: 'app', cpu: 1 },
            { name: 'app', memory: 1 },
          ],
        },
      },
      'InvalidParameter',
      'There is more than one override for container named app.',
    ],
    [
      'an overridden variable without a name',
      { overrides: { containerOverrides: [{ name: 'app', environment: [{ value: 'x' }] as never }] } },
      'InvalidParameter',
      'Override for container named app has an environment variable without a name.',
    ],
    [
      'more storage',
      { overrides: { ephemeralStorage: { sizeInGiB: 30 } } },
      'InvalidParameter',
      'Tasks using the EC2 launch type do not support EphemeralStorage.',
    ],
    [
      'a volume that the task definition does not have',
      { volumeConfigurations: [{ name: 'data' }] },
      'InvalidParameter',
      'Volume configuration provided but no matching configuredAtLaunch volume found in task definition.',
    ],
    [
      'a network that is a novel',
      {
        resolved: resolved({ networkMode: 'awsvpc' }),
        networkConfiguration: { awsvpcConfiguration: { subnets: ['x'.repeat(9_000)] } },
      },
      'InvalidParameter',
      'Network Configuration length must be at most 8192.',
    ],
    [
      'an overridden size that is none',
      { overrides: { cpu: 'x' } },
      'InvalidParameter',
      "Invalid 'cpu' setting for task.",
    ],
    [
      'ECS Exec',
      { enableExecuteCommand: true },
      'Unsupported',
      'enableExecuteCommand is not supported by this version.',
    ],
    [
      'an override without a name',
      { overrides: { containerOverrides: [{ command: ['x'] } as unknown as ContainerOverride] } },
      'InvalidParameter',
      'A container override needs the name of the container that it changes.',
    ],
    ['a tag without a value', { tags: [{ key: 'a' }] }, 'InvalidParameter', 'Tag value can not be null.'],
    [
      'a capacity provider',
      { capacityProviderStrategy: [{ capacityProvider: 'x' }] },
      'InvalidParameter',
      'The specified capacity provider was not found. Specify a valid name or ARN and try again.',
    ],
    [
      'both ways to launch',
      { launchType: 'EC2', capacityProviderStrategy: [{ capacityProvider: 'x' }] },
      'InvalidParameter',
      'You may choose a capacity provider or a launch type but not both.',
    ],
    [
      'awsvpc without a network',
      { resolved: resolved({ networkMode: 'awsvpc' }) },
      'InvalidParameter',
      "Network Configuration must be provided when networkMode 'awsvpc' is specified.",
    ],
    [
      'awsvpc without subnets',
      { resolved: resolved({ networkMode: 'awsvpc' }), networkConfiguration: { awsvpcConfiguration: { subnets: [] } } },
      'InvalidParameter',
      'subnets can not be empty.',
    ],
    [
      'a network for a bridge',
      { networkConfiguration: { awsvpcConfiguration: { subnets: ['s'] } } },
      'InvalidParameter',
      'Network Configuration is not valid for the given networkMode of this task definition.',
    ],
    [
      'the group of a service',
      { group: 'service:web' },
      'InvalidParameter',
      'Task groups that begin with service: belong to services.',
    ],
    ['a long group', { group: 'x'.repeat(256) }, 'InvalidParameter', expect.stringMatching(/^group/) as never],
    ['a service to propagate tags from', { propagateTags: 'SERVICE' }, 'InvalidParameter', expect.any(String) as never],
    [
      'a reserved tag',
      { tags: [{ key: 'aws:x', value: '' }] },
      'InvalidParameter',
      expect.stringMatching(/reserved/) as never,
    ],
    ['a bad token', { clientToken: 'a b' }, 'InvalidParameter', expect.stringMatching(/^clientToken/) as never],
    [
      'a long startedBy',
      { startedBy: 'x'.repeat(129) },
      'InvalidParameter',
      expect.stringMatching(/^startedBy/) as never,
    ],
    [
      'an unknown constraint',
      { placementConstraints: [{ type: 'near' as never }] },
      'InvalidParameter',
      'Invalid placement constraint type: near.',
    ],
    [
      'an unknown strategy',
      { placementStrategy: [{ type: 'spread' }] },
      'InvalidParameter',
      'Invalid placement strategy: type spread, field absent.',
    ],
    [
      'six strategies',
      { placementStrategy: Array.from({ length: 6 }, () => ({ type: 'random' as const })) },
      'InvalidParameter',
      'placementStrategy can have at most 5 items.',
    ],
  ])('refuses %s', (_name, members, code, message) => {
    const cluster = given.hosts('host');
    const before = cluster.history.length;
    expect(cluster.submit(runTask(members))).toEqual({ rejection: { code, message } });
    expect(cluster.history).toHaveLength(before);
  });

  test('takes any text as the starter and as the group, as deploy tools send them', () => {
    const cluster = given.hosts('host');
    const { taskIds } = cluster.run({ startedBy: 'ECS Deploy', group: 'night shift (UTC+1)' });
    expect(cluster.task(taskIds[0] ?? '').template).toMatchObject({
      startedBy: 'ECS Deploy',
      group: 'night shift (UTC+1)',
    });
  });

  test('refuses a cluster without instances, without existence, or deleted', () => {
    expect(given.empty().submit(runTask())).toEqual({
      rejection: { code: 'InvalidParameter', message: 'No Container Instances were found in your cluster.' },
    });
    expect(new ClusterUnderTest().submit(runTask())).toMatchObject({ rejection: { code: 'ClusterNotFound' } });
  });
});
