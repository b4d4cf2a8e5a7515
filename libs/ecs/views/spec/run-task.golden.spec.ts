import { describe, test } from '@jest/globals';
import {
  describeClusters,
  describeContainerInstances,
  describeTasks,
  listAttributes,
  listTasks,
} from '../src/index.ts';
import { expectGolden } from './golden.ts';
import { ALICE, hexId, make, runningReport, START, taskDefinition, template } from './log-builder.ts';
import { outputOf, World } from './world.ts';

const INSTANCE = hexId(1, 'c');
const TASK = hexId(1);

/** Two containers, a fixed port, a health check, overrides and tags: everything that a task of its own can show. */
function definition() {
  return taskDefinition({
    family: 'job',
    revision: 3,
    containerDefinitions: [
      {
        name: 'app',
        image: 'shop/app:1.2',
        cpu: 100,
        memory: 256,
        memoryReservation: 128,
        essential: true,
        portMappings: [
          { containerPort: 80, hostPort: 8080, protocol: 'tcp' },
          { containerPort: 53, hostPort: 5353, protocol: 'udp' },
        ],
        environment: [],
        healthCheck: { command: ['CMD-SHELL', 'true'], interval: 30, timeout: 5, retries: 3 },
      },
      { name: 'log', image: 'shop/log:1', cpu: 10, memory: 32, essential: false, portMappings: [], environment: [] },
    ],
  });
}

function requested(world: World) {
  const { cluster } = world;
  return [
    cluster.commit([make.clusterCreated({ tags: [{ key: 'team', value: 'shop' }] })], {
      command: 'CreateCluster',
      principal: ALICE,
    }),
    cluster.commit([make.instanceRegistered(INSTANCE, { tags: [{ key: 'rack', value: '7' }] })]),
    cluster.commit([
      make.imported(definition()),
      make.requested(
        [TASK],
        template({
          taskDefinitionArn: definition().taskDefinitionArn,
          group: 'family:job',
          startedBy: 'nightly',
          overrides: {
            containerOverrides: [{ name: 'app', command: ['report'], environment: [{ name: 'A', value: '1' }] }],
          },
          tags: [{ key: 'cost', value: 'shop' }],
        }),
        { cpu: 110, memory: 160, tcpPorts: [8080], udpPorts: [5353] },
      ),
      make.placed([TASK], INSTANCE),
    ]),
  ];
}

function running(world: World) {
  const { cluster } = world;
  return cluster.commit([
    make.changed(TASK, 'RUNNING', {
      ...runningReport(START + 4_200),
      healthStatus: 'HEALTHY',
      containers: [
        {
          name: 'app',
          lastStatus: 'RUNNING',
          runtimeId: 'f'.repeat(64),
          imageDigest: `sha256:${'1'.repeat(64)}`,
          networkBindings: [
            { bindIP: '0.0.0.0', containerPort: 80, hostPort: 8080, protocol: 'tcp' },
            { bindIP: '0.0.0.0', containerPort: 53, hostPort: 5353, protocol: 'udp' },
          ],
          healthStatus: 'HEALTHY',
        },
        { name: 'log', lastStatus: 'RUNNING', runtimeId: 'e'.repeat(64) },
      ],
    }),
  ]);
}

function stopped(world: World) {
  const { cluster } = world;
  return [
    cluster.commit([make.stopRequested(TASK, { stoppedReason: 'enough' })]),
    cluster.commit([make.changed(TASK, 'STOPPING')]),
    cluster.commit([
      make.changed(TASK, 'STOPPED', {
        executionStoppedAt: START + 6_900,
        containers: [
          { name: 'app', lastStatus: 'STOPPED', exitCode: 143, runtimeId: 'f'.repeat(64) },
          {
            name: 'log',
            lastStatus: 'STOPPED',
            exitCode: 137,
            reason: 'OutOfMemoryError: Container killed due to memory usage',
          },
        ],
      }),
    ]),
  ];
}

describe('a task of its own', () => {
  test('placed: PENDING, resources reserved', () => {
    const world = new World();
    world.apply(...requested(world));
    const input = { tasks: [TASK], include: ['TAGS'] };
    expectGolden('task-placed', outputOf(describeTasks(world.views, input)));
    expectGolden(
      'container-instance-with-task',
      outputOf(describeContainerInstances(world.views, { containerInstances: [INSTANCE], include: ['TAGS'] })),
    );
  });

  test('running: ports, digests, health', () => {
    const world = new World();
    world.apply(...requested(world), running(world));
    expectGolden('task-running', outputOf(describeTasks(world.views, { tasks: [TASK] })));
    const include = ['ATTACHMENTS', 'CONFIGURATIONS', 'SETTINGS', 'STATISTICS', 'TAGS'];
    expectGolden('cluster-with-everything', outputOf(describeClusters(world.views, { include })));
    expectGolden('cluster-plain', outputOf(describeClusters(world.views, {})));
  });

  test('stopped: exit codes, reasons, resources back', () => {
    const world = new World();
    world.apply(...requested(world), running(world), ...stopped(world));
    expectGolden('task-stopped', outputOf(describeTasks(world.views, { tasks: [TASK] })));
    expectGolden(
      'container-instance-empty-again',
      outputOf(describeContainerInstances(world.views, { containerInstances: [INSTANCE] })),
    );
    expectGolden('lists-after-stop', {
      running: outputOf(listTasks(world.views, {})),
      stopped: outputOf(listTasks(world.views, { desiredStatus: 'STOPPED' })),
      attributes: outputOf(listAttributes(world.views, { targetType: 'container-instance' })),
    });
  });
});
