import { describe, expect, test } from '@jest/globals';
import type { ClusterEvent, ResolvedTaskDefinition, TaskDefinition } from '#libs/ecs/messages';
import { OneHost } from './one-host.ts';

const SUBNETS = ['subnet-1', 'subnet-2'];
const network = { networkConfiguration: { awsvpcConfiguration: { subnets: SUBNETS } } };

function definition(revision: number, members: Partial<TaskDefinition> = {}): ResolvedTaskDefinition {
  const app = { name: 'app', image: 'app:1', cpu: 64, memory: 64, essential: true, environment: [] };
  const portMappings = [{ containerPortRange: '90-95', protocol: 'tcp' as const }];
  const taskDefinition: TaskDefinition = {
    taskDefinitionArn: `arn:aws:ecs:us-east-1:123456789012:task-definition/web:${revision}`,
    family: 'web',
    revision,
    placementConstraints: [],
    containerDefinitions: [{ ...app, portMappings }],
    ...members,
  };
  return { taskDefinition, tags: [] };
}

const withAddress = definition(1, { networkMode: 'awsvpc' });

function taskIdOf(events: readonly ClusterEvent[]): string {
  return events.find((event) => event.type === 'TasksRequested')?.taskIds[0] ?? '';
}

function withoutRepetition<Item>(items: readonly Item[]): readonly Item[] {
  return items.filter((item, i) => item !== items[i - 1]);
}

describe('what a cluster records of tasks that a host runs', () => {
  test('an address of its own: from PROVISIONING to DEPROVISIONING, the address once', () => {
    const world = new OneHost();
    const taskId = taskIdOf(world.submit({ type: 'RunTask', resolved: withAddress, count: 1, ...network }));
    expect(world.state.tasks.get(taskId)?.lastStatus).toBe('PROVISIONING');
    world.elapse(30);
    world.submit({ type: 'StopTask', taskId });
    world.elapse(60);
    const changes = world.changesOf(taskId);
    expect(withoutRepetition(changes.map(({ lastStatus }) => lastStatus))).toEqual([
      'PENDING',
      'RUNNING',
      'STOPPING',
      'DEPROVISIONING',
      'STOPPED',
    ]);
    const addresses = changes.flatMap(({ networkInterface }) => networkInterface ?? []);
    expect(addresses).toHaveLength(1);
    expect(SUBNETS).toContain(addresses[0]?.subnetId);
    expect(changes[0]?.networkInterface).toEqual(addresses[0]);
  });

  test('stopped before it has an address, it ends', () => {
    const world = new OneHost();
    const taskId = taskIdOf(world.submit({ type: 'RunTask', resolved: withAddress, count: 1, ...network }));
    world.submit({ type: 'StopTask', taskId });
    world.elapse(60);
    expect(world.state.tasks.get(taskId)).toMatchObject({ lastStatus: 'STOPPED', stopCode: 'UserInitiated' });
  });

  test('ranges of ports are published as ranges', () => {
    const world = new OneHost();
    const taskId = taskIdOf(world.submit({ type: 'RunTask', resolved: definition(2), count: 1 }));
    world.elapse(30);
    const [container] = world.changesOf(taskId).at(-1)?.containers ?? [];
    expect(container?.networkBindings).toEqual([
      {
        bindIP: '0.0.0.0',
        containerPortRange: '90-95',
        hostPortRange: expect.stringMatching(/^\d+-\d+$/),
        protocol: 'tcp',
      },
    ]);
  });

  test('a deployment settles on the digest of its first task, and its host runs the next one by it', () => {
    const world = new OneHost();
    world.submit({ type: 'CreateService', serviceName: 'web', resolved: definition(2), desiredCount: 2 });
    const deploymentId = world.state.services.get('web')?.deployments[0]?.deploymentId ?? '';
    const start = () =>
      taskIdOf(world.submit({ type: 'StartServiceTasks', serviceName: 'web', deploymentId, count: 1 }));
    const first = start();
    world.elapse(30);
    const digest = world.changesOf(first).at(-1)?.containers[0]?.imageDigest;
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    const second = start();
    world.elapse(30);
    expect([first, second].map((taskId) => world.wanted(taskId)?.imageDigests)).toEqual([undefined, { app: digest }]);
    expect(world.changesOf(second).at(-1)).toMatchObject({
      lastStatus: 'RUNNING',
      containers: [{ imageDigest: digest }],
    });
    expect(world.events.filter(({ type }) => type === 'DeploymentImagesResolved')).toHaveLength(1);
  });

  test('tags that change reach the host of a task', () => {
    const world = new OneHost();
    const taskId = taskIdOf(world.submit({ type: 'RunTask', resolved: definition(2), count: 1 }));
    world.elapse(30);
    const tags = [{ key: 'team', value: 'shop' }];
    world.submit({ type: 'TagClusterResource', resource: { kind: 'task', id: taskId }, tags });
    world.elapse(1);
    expect(world.wanted(taskId)?.tags).toEqual(tags);
  });
});
