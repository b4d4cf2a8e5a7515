import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import Docker from 'dockerode';
import type { MetricsMessage } from '#libs/agents/protocol';
import { metricsMessage, read } from '#libs/agents/protocol';
import { DockerRuntime } from '#libs/container-runtime-docker';
import type { ContainerDefinition, TaskDefinition, WantedTask } from '#libs/ecs/messages';
import { METADATA_ADDRESS, METADATA_PORT } from '#libs/agents/metadata';
import { createLogger } from '#libs/platform';
import { metrics } from '#libs/subjects';
import { busyboxImage, eventually, testNatsServer, type TestImage, type TestNatsServer } from '#libs/testing';
import { agentOnNats } from '../../spec/agent-on-nats.ts';
import { ControlPlaneDouble } from '../../spec/control-plane-double.ts';
import { definitionOf, wantedTask } from '../../spec/tasks.ts';
import type { RunningAgent } from '../start-agent.ts';
import { redirectWellKnownPort, runProgram } from './metadata-address.ts';
import { metadataHost, metadataObstacle, openMetadataPlace } from './metadata-place.ts';

jest.setTimeout(120_000);

/** Reads its pages, one per line, and runs on. */
const READS_ITS_PAGES =
  'for page in "" /task /stats /task/stats; do wget -q -O - $ECS_CONTAINER_METADATA_URI_V4$page; echo; done; ' +
  'wget -q -O - $ECS_CONTAINER_METADATA_URI/task; echo; exec sleep 600';
const PAGES = 5;

/** Of a range for tests of networks (RFC 2544). */
const [HERE, THERE] = ['198.18.77.1', '198.18.77.2'];
const HERE_ANY = '0.0.0.0';

/** As the set-up leaves them out: without the programs, or without the right to use them. */
const host = await metadataHost(process.env);
const hasPrograms = await Promise.all([runProgram('ip', ['-V']), runProgram('nft', ['-v'])]).then(
  () => true,
  () => false,
);
const describeWhereServed = hasPrograms && metadataObstacle(host) === undefined ? describe : describe.skip;

const docker = new Docker();
/** The address was there before: another agent of this machine uses it. */
let isShared: boolean;
let image: TestImage;
let nats: TestNatsServer;
let control: ControlPlaneDouble;
let runtime: DockerRuntime;
let agent: RunningAgent;
const measured: unknown[] = [];

const hasAddress = async (): Promise<boolean> =>
  (await runProgram('ip', ['-o', '-4', 'address', 'show', 'dev', 'lo'])).includes(` ${METADATA_ADDRESS}/`);

describeWhereServed('containers of an agent', () => {
  beforeAll(async () => {
    isShared = await hasAddress();
    nats = await testNatsServer();
    image = await busyboxImage();
    control = await ControlPlaneDouble.on(nats);
    const root = await nats.connect('root');
    root.subscribe(metrics.every, { callback: (_error, message) => void measured.push(message.json()) });
    await root.flush();
    agent = await agentOnNats(nats, {
      env: { ...process.env, WAYBILL_METRICS_INTERVAL: '2s' },
      makeRuntime: (instanceId) => (runtime = new DockerRuntime({ instanceId })),
    });
  });

  afterAll(async () => {
    await agent.stop();
    for (const { runtimeId } of await runtime.list()) await runtime.remove(runtimeId);
    await nats.stop();
    await image.remove();
    if (isShared) return;
    await runProgram('nft', ['delete', 'table', 'ip', 'waybill-metadata']);
    await runProgram('ip', ['address', 'del', `${METADATA_ADDRESS}/32`, 'dev', 'lo']);
  });

  /** A task whose container reads its pages. */
  async function run(
    container: Partial<ContainerDefinition>,
    definition: Partial<TaskDefinition>,
    wanted: Partial<WantedTask> = {},
  ): Promise<{ readonly task: WantedTask; readonly runtimeId: string; readonly pages: readonly unknown[] }> {
    const made = definitionOf(
      image.name,
      { command: ['sh', '-c', READS_ITS_PAGES], pseudoTerminal: true, ...container },
      `metadata-${definition.networkMode}`,
    );
    const whole = { ...made, ...definition };
    const task = wantedTask(whole, wanted);
    control.place(agent.instanceId, task, whole);
    const { containers } = await control.reported(task.taskId, ({ knownStatus }) => knownStatus === 'RUNNING');
    const runtimeId = containers[0]?.runtimeId ?? '';
    const lines = await eventually(
      async () => (await docker.getContainer(runtimeId).logs({ stdout: true })).toString().split('\r\n'),
      ({ length }) => length > PAGES,
    );
    return { task, runtimeId, pages: lines.slice(0, PAGES).map((line) => JSON.parse(line) as unknown) };
  }

  describe('a container reads about itself', () => {
    test('in mode bridge', async () => {
      const { task, runtimeId, pages } = await run(
        { portMappings: [{ containerPort: 80 }], memory: 64 },
        { networkMode: 'bridge' },
        { group: 'service:web' },
      );
      const [own, whole, stats, taskStats, older] = pages;
      expect(own).toMatchObject({
        DockerId: runtimeId,
        Name: 'app',
        Image: image.name,
        Ports: [{ ContainerPort: 80, Protocol: 'tcp', HostPort: expect.any(Number), HostIp: '0.0.0.0' }],
        Labels: { 'com.amazonaws.ecs.task-arn': task.taskArn },
        DesiredStatus: 'RUNNING',
        Limits: { CPU: 0, Memory: 64 },
        Type: 'NORMAL',
        LogDriver: 'json-file',
        Networks: [{ NetworkMode: 'bridge', IPv4Addresses: [expect.stringMatching(/^\d+\.\d+\.\d+\.\d+$/)] }],
      });
      expect(whole).toMatchObject({
        Cluster: 'default',
        TaskARN: task.taskArn,
        ServiceName: 'web',
        Revision: '1',
        Containers: [{ DockerId: runtimeId }],
      });
      expect(older).toMatchObject({ TaskARN: task.taskArn });
      expect(stats).toMatchObject({ id: runtimeId, memory_stats: { usage: expect.any(Number) }, networks: {} });
      expect(taskStats).toMatchObject({
        [runtimeId]: { network_rate_stats: { rx_bytes_per_sec: expect.any(Number) } },
      });
    });

    test('in mode host', async () => {
      const { runtimeId, pages } = await run({}, { networkMode: 'host' });
      expect(pages[0]).toMatchObject({ DockerId: runtimeId, Networks: [{ NetworkMode: 'host' }] });
    });

    test('in mode awsvpc, with the address of its task', async () => {
      const network = { subnets: ['subnet-metadata'], securityGroups: [], assignPublicIp: false };
      const { task, runtimeId, pages } = await run({}, { networkMode: 'awsvpc' }, { network });
      const address = control.reports.get(task.taskId)?.networkInterface;
      expect(pages[0]).toMatchObject({
        DockerId: runtimeId,
        Networks: [
          {
            NetworkMode: 'awsvpc',
            IPv4Addresses: [address?.privateIpv4Address],
            MACAddress: address?.macAddress,
            AttachmentIndex: 0,
            SubnetGatewayIpv4Address: expect.stringMatching(/\/\d+$/),
          },
        ],
      });
      expect(pages[1]).toMatchObject({ Containers: [{ Type: 'CNI_PAUSE' }, { Type: 'NORMAL' }] });
      expect(pages[2]).toMatchObject({ networks: { eth0: { rx_bytes: expect.any(Number) } } });
    });

    test('port 80 stays free for tasks, and a task that has it does not get what is meant for the agent', async () => {
      const taken = { portMappings: [{ containerPort: 80, hostPort: 80 }] };
      const { task } = await run(taken, { networkMode: 'bridge' });
      const { pages } = await run({}, { networkMode: 'host' });
      expect(pages[0]).toMatchObject({ Name: 'app' });
      control.stop(agent.instanceId, task.taskId);
      await control.reported(task.taskId, ({ knownStatus }) => knownStatus === 'STOPPED');
    });
  });

  /** A machine beside this one, by a cable: its name, and how it asks for a page. */
  async function neighbour(): Promise<{ fetch(url: string): Promise<string>; leave(): Promise<void> }> {
    const name = `waybill-${randomBytes(4).toString('hex')}`;
    const cable = name.slice(-8);
    const ip = (...args: string[]): Promise<string> => runProgram('ip', args);
    await ip('netns', 'add', name);
    await ip('link', 'add', cable, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name);
    await ip('address', 'add', `${HERE}/30`, 'dev', cable);
    await ip('link', 'set', cable, 'up');
    await ip('-n', name, 'address', 'add', `${THERE}/30`, 'dev', 'eth0');
    await ip('-n', name, 'link', 'set', 'eth0', 'up');
    await ip('-n', name, 'route', 'add', METADATA_ADDRESS, 'via', HERE);
    const script = `
      const end = (text) => process.stdout.write(String(text), () => process.exit());
      fetch(process.argv[1], { signal: AbortSignal.timeout(2000) }).then(({ status }) => end(status), () => end('none'));`;
    return {
      fetch: (url) => runProgram('ip', ['netns', 'exec', name, process.execPath, '-e', script, url]),
      leave: async () => void (await ip('netns', 'del', name)),
    };
  }

  test('a neighbour in the network of the machine reaches the machine, but not the endpoint', async () => {
    const open = createServer((_request, response) => void response.end()).listen(0, HERE_ANY);
    await once(open, 'listening');
    const { port } = open.address() as AddressInfo;
    const beside = await neighbour();
    try {
      expect(await beside.fetch(`http://${HERE}:${port}/`)).toBe('200');
      for (const own of ['', `:${METADATA_PORT}`]) {
        expect(await beside.fetch(`http://${METADATA_ADDRESS}${own}/v4/x`)).toBe('none');
      }
      // Nothing else keeps it away.
      await runProgram('nft', ['flush', 'chain', 'ip', 'waybill-metadata', 'input']);
      expect(await beside.fetch(`http://${METADATA_ADDRESS}/v4/x`)).toBe('404');
    } finally {
      await redirectWellKnownPort(runProgram);
      await beside.leave();
      open.close();
    }
  });

  test('a second agent of the machine has a port of its own, and the next process of its home finds it again', async () => {
    const home = await mkdtemp(join(tmpdir(), 'waybill-metadata-'));
    const open = () => openMetadataPlace({ host, home, log: createLogger('agent', 'silent') });
    const second = await open();
    expect(second?.uri).toMatch(/^http:\/\/169\.254\.170\.2:\d+$/);
    second?.server.close();
    const next = await open();
    expect(next?.uri).toBe(second?.uri);
    next?.server.close();
    await rm(home, { recursive: true });
  });

  describe('what containers use', () => {
    /** Messages about a task of that family, once there are some. */
    const messagesAbout = (family: string): Promise<readonly MetricsMessage[]> =>
      eventually(
        () =>
          Promise.resolve(
            measured.flatMap((message) => {
              const understood = read(metricsMessage, message);
              if (!('value' in understood)) throw new Error(understood.rejection);
              const { taskMetrics } = understood.value;
              return taskMetrics.some(({ taskDefinitionFamily }) => taskDefinitionFamily === family)
                ? [understood.value]
                : [];
            }),
          ),
        ({ length }) => length > 1,
      );

    test('is sent per interval: CPU, memory, network and storage', async () => {
      const messages = await messagesAbout('metadata-bridge');
      const task = messages
        .at(-1)
        ?.taskMetrics.find(({ taskDefinitionFamily }) => taskDefinitionFamily === 'metadata-bridge');
      expect(task?.containerMetrics).toMatchObject([
        {
          containerName: 'app',
          cpuStatsSet: { sampleCount: expect.any(Number) },
          memoryStatsSet: { sampleCount: expect.any(Number) },
          networkStatsSet: { rxBytes: { sampleCount: expect.any(Number) } },
          storageStatsSet: { readBytes: { sampleCount: expect.any(Number) } },
        },
      ]);
    });

    test('in mode awsvpc the network is the task’s, in mode host nobody’s', async () => {
      const inTask = (family: string) => async () =>
        (await messagesAbout(family))
          .flatMap(({ taskMetrics }) => taskMetrics)
          .findLast(({ taskDefinitionFamily }) => taskDefinitionFamily === family);
      const awsvpc = await eventually(inTask('metadata-awsvpc'), (task) => task?.networkStatsSet !== undefined);
      expect(awsvpc?.containerMetrics[0]).not.toHaveProperty('networkStatsSet');
      const host = await inTask('metadata-host')();
      expect(host).not.toHaveProperty('networkStatsSet');
      expect(host?.containerMetrics[0]).not.toHaveProperty('networkStatsSet');
    });
  });
});
