import { connect, createServer } from 'node:net';
import { describe, expect, jest, test } from '@jest/globals';
import type { OwnContainerSpec } from '#libs/container-runtime';
import type { NetworkBinding, PortMapping } from '#libs/ecs/messages';
import { eventually, joiningSpecOf, pauseSpecOf } from '#libs/testing';
import { dockerUnderTest, newTaskNetwork } from '../../spec/docker-under-test.ts';
import { DockerRuntime } from '../docker-runtime.ts';

/** A real engine on a busy machine. */
jest.setTimeout(90_000);

describe('ranges of ports', () => {
  const network = { ...newTaskNetwork(), warmInterfaces: { size: 0 } };
  const host = dockerUnderTest({ network });
  const { docker, instanceId, runtime } = host;
  const specOf = (portMappings: readonly PortMapping[], command: readonly string[] = ['sleep', '3600']) =>
    host.specOf({ portMappings, command });
  const hostPortsOf = ({ hostPortRange = '' }: NetworkBinding): readonly [number, number] => {
    const [first = 0, last = 0] = hostPortRange.split('-').map(Number);
    return [first, last];
  };
  const bindingOf = async (spec: OwnContainerSpec): Promise<NetworkBinding> => {
    const { runtimeId } = await runtime.create(spec);
    const binding = (await runtime.start(runtimeId))?.networkBindings?.find(
      (one) => one.containerPortRange !== undefined,
    );
    if (binding === undefined) throw new Error('no binding');
    return binding;
  };
  const lineFrom = (port: number): Promise<string> =>
    new Promise((resolve) => {
      let text = '';
      const socket = connect(port, '127.0.0.1');
      socket.on('data', (chunk) => (text += chunk.toString()));
      socket.on('error', () => resolve(text));
      socket.on('close', () => resolve(text));
    });

  test('are published on as many consecutive ports of the host, each on its own', async () => {
    const serve = [7001, 7002].map((port) => `nc -ll -p ${port} -e echo ${port} &`).join(' ');
    const spec = specOf([{ containerPort: 80 }, { containerPortRange: '7001-7002' }], ['sh', '-c', `${serve} wait`]);
    const { runtimeId } = await runtime.create(spec);
    const seen = await runtime.start(runtimeId);
    expect(seen?.networkBindings).toEqual([
      { bindIP: '0.0.0.0', containerPort: 80, hostPort: expect.any(Number), protocol: 'tcp' },
      {
        bindIP: '0.0.0.0',
        containerPortRange: '7001-7002',
        hostPortRange: expect.stringMatching(/^\d+-\d+$/),
        protocol: 'tcp',
      },
    ]);
    const binding = seen?.networkBindings?.[1];
    const [first, last] = binding === undefined ? [0, 0] : hostPortsOf(binding);
    expect(last).toBe(first + 1);
    await eventually(
      () => lineFrom(first),
      (text) => text === '7001\n',
    );
    await eventually(
      () => lineFrom(last),
      (text) => text === '7002\n',
    );
  });

  test('of two containers do not meet, also when neither runs yet', async () => {
    const specs = [specOf([{ containerPortRange: '100-119' }]), specOf([{ containerPortRange: '100-119' }])];
    await Promise.all(specs.map((spec) => runtime.create(spec)));
    const started = await Promise.all(specs.map((spec) => runtime.start(spec.runtimeName)));
    const [one, other] = started.map((seen) => seen?.networkBindings?.[0]);
    if (one === undefined || other === undefined) throw new Error('two bindings');
    const [[a, b], [c, d]] = [hostPortsOf(one), hostPortsOf(other)];
    expect(b < c || d < a).toBe(true);
  });

  test('go elsewhere where the host has taken a port between creation and start', async () => {
    const spec = specOf([{ containerPortRange: '100-103' }]);
    const created = await runtime.create(spec);
    const { HostConfig } = await docker.getContainer(created.runtimeId).inspect();
    const bindings: Readonly<Record<string, readonly { readonly HostPort: string }[]>> = HostConfig.PortBindings;
    const taken = Number(bindings['102/tcp']?.[0]?.HostPort);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(taken, '0.0.0.0', resolve));
    const seen = await runtime.start(created.runtimeId);
    server.close();
    expect(seen?.phase).toBe('RUNNING');
    const binding = seen?.networkBindings?.[0];
    const [first, last] = binding === undefined ? [0, 0] : hostPortsOf(binding);
    expect(last).toBe(first + 3);
    expect(first <= taken && taken <= last).toBe(false);
    expect(await runtime.list()).toMatchObject([{ runtimeId: seen?.runtimeId, phase: 'RUNNING' }]);
  });

  test('are found again by an agent that comes after', async () => {
    const spec = specOf([{ containerPortRange: '9000-9001', protocol: 'udp' }]);
    const binding = await bindingOf(spec);
    const next = new DockerRuntime({ instanceId, network });
    expect((await next.inspect(spec.runtimeName))?.networkBindings).toEqual([binding]);
    await next.close();
  });

  test('are those of the address in the network of a task', async () => {
    const pause = pauseSpecOf({ instanceId });
    await runtime.create(pause);
    await runtime.start(pause.runtimeName);
    const spec = joiningSpecOf(pause, host.image, {
      command: ['sleep', '3600'],
      portMappings: [{ containerPort: 80 }, { containerPortRange: '9000-9001' }],
    });
    expect(await bindingOf(spec)).toEqual({
      bindIP: '0.0.0.0',
      containerPortRange: '9000-9001',
      hostPortRange: '9000-9001',
      protocol: 'tcp',
    });
  });
});
