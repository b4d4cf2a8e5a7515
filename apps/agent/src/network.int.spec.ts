import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { DockerRuntime } from '#libs/container-runtime-docker';
import type { TaskDefinition, TaskReport, WantedTask } from '#libs/ecs/messages';
import {
  busyboxImage,
  eventually,
  freeRange,
  removeNetwork,
  testNatsServer,
  type TestImage,
  type TestNatsServer,
} from '#libs/testing';
import Docker from 'dockerode';
import { agentOnNats } from '../spec/agent-on-nats.ts';
import { ControlPlaneDouble } from '../spec/control-plane-double.ts';
import { definitionOf, wantedTask } from '../spec/tasks.ts';
import { readNetworkSettings } from './settings/network-settings.ts';
import type { RunningAgent } from './start-agent.ts';

/** A real engine on a busy machine. */
jest.setTimeout(120_000);

const docker = new Docker();
const instanceId = randomBytes(16).toString('hex');
const name = `wbt-${randomBytes(4).toString('hex')}`;
const range = freeRange();
const settings = readNetworkSettings({
  WAYBILL_VPC_NAME: name,
  WAYBILL_VPC_CIDR: range,
  WAYBILL_SUBNETS: JSON.stringify({ 'subnet-a': range.replace('.0/24', '.128/25') }),
  WAYBILL_WARM_INTERFACES: '1',
});
let image: TestImage;
let nats: TestNatsServer;
let control: ControlPlaneDouble;
let runtime: DockerRuntime;
let agent: RunningAgent;

async function startOne(): Promise<void> {
  agent = await agentOnNats(nats, {
    env: { ...process.env, WAYBILL_INSTANCE_ID: instanceId, WAYBILL_TASK_CLEANUP_SECONDS: '1' },
    makeRuntime: () => (runtime = new DockerRuntime({ instanceId, network: settings })),
  });
}

const ours = (): Promise<Docker.ContainerInfo[]> =>
  docker.listContainers({ all: true, filters: { label: [`waybill.instance-id=${instanceId}`] } });

describe('an agent that gives tasks addresses', () => {
  beforeAll(async () => {
    nats = await testNatsServer();
    image = await busyboxImage();
    control = await ControlPlaneDouble.on(nats);
    await startOne();
  });
  afterAll(async () => {
    await agent.stop();
    for (const { Id } of await ours()) await docker.getContainer(Id).remove({ force: true });
    await removeNetwork(docker, name);
    await nats.stop();
    await image.remove();
  });

  function placed(subnet: string): WantedTask {
    const definition: TaskDefinition = {
      ...definitionOf(image.name, { command: ['httpd', '-f', '-p', '80'], portMappings: [{ containerPort: 80 }] }),
      networkMode: 'awsvpc',
    };
    const network = { subnets: [subnet], securityGroups: [], assignPublicIp: false };
    const task = wantedTask(definition, { lastStatus: 'PROVISIONING', network });
    control.place(agent.instanceId, task, definition);
    return task;
  }
  const running = ({ taskId }: WantedTask): Promise<TaskReport> =>
    control.reported(taskId, ({ knownStatus }) => knownStatus === 'RUNNING');

  test('runs two on one port, and its successor shows them as before', async () => {
    const one = placed('subnet-a');
    const first = await running(one);
    expect(first).toMatchObject({
      networkInterface: { subnetId: 'subnet-a', privateIpv4Address: expect.stringMatching(/\.1\d\d$/) },
      containers: [{ name: 'app' }],
    });
    await eventually(ours, (containers) =>
      containers.some(({ Names, State }) => Names[0]?.startsWith('/ecs-warm-') === true && State === 'running'),
    );
    const other = placed('subnet-a');
    const second = await running(other);
    expect(second.networkInterface).toMatchObject({ subnetId: 'subnet-a' });
    expect(second.networkInterface?.privateIpv4Address).not.toBe(first.networkInterface?.privateIpv4Address);

    await agent.stop();
    control.reports.clear();
    await startOne();
    expect((await running(one)).networkInterface).toEqual(first.networkInterface);
    expect((await running(other)).networkInterface).toEqual(second.networkInterface);

    for (const { taskId } of [one, other]) {
      control.stop(agent.instanceId, taskId);
      await control.reported(taskId, ({ knownStatus }) => knownStatus === 'STOPPED');
    }
    await eventually(
      () => runtime.list(),
      ({ length }) => length === 0,
    );
  });

  test('refuses a subnet that is elsewhere, with the reason of ECS', async () => {
    const { taskId } = placed('subnet-z');
    const { reason, stopCode } = await control.reported(taskId, ({ knownStatus }) => knownStatus === 'STOPPED');
    expect(stopCode).toBe('TaskFailedToStart');
    expect(reason).toBe('ContainerNetworkingError: none of the subnets subnet-z is on this host, which has subnet-a');
  });
});
