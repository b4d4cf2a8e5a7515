import { connect, createServer, type Socket } from 'node:net';
import { describe, expect, jest, test } from '@jest/globals';
import type { OwnContainerSpec } from '#libs/container-runtime';
import {
  busyboxImage,
  CONTRACT_COMMANDS,
  describeContainerRuntime,
  eventually,
  problemOf,
  removeNetwork,
} from '#libs/testing';
import Docker from 'dockerode';
import { dockerUnderTest, newInstanceId, newTaskNetwork } from '../spec/docker-under-test.ts';
import { openFilesHere } from './container/open-files.ts';
import { DockerRuntime } from './docker-runtime.ts';

/** A real engine on a busy machine. */
jest.setTimeout(60_000);

describeContainerRuntime('Docker', async () => {
  const image = await busyboxImage();
  const instanceId = newInstanceId();
  // None that run before their task is known: the contract's are made when it asks for them.
  const network = { ...newTaskNetwork(), warmInterfaces: { size: 0 } };
  const runtime = new DockerRuntime({ instanceId, network });
  const other = new DockerRuntime({ instanceId: newInstanceId() });
  return {
    runtime,
    instanceId,
    other,
    image: image.name,
    missingImage: 'localhost:1/waybill-no-such-image:1',
    async close() {
      await Promise.all([runtime.close(), other.close()]);
      await removeNetwork(new Docker(), network.name);
      await image.remove();
    },
  };
});

/** A TCP port that leads to a Unix socket, and whose connections can be cut. */
async function cuttableLine(socketPath: string): Promise<{ port: number; cut(): void; close(): void }> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(socketPath);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => [near, far].forEach((end) => end.destroy()));
    }
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const cut = (): void => sockets.forEach((socket) => socket.destroy());
  return {
    port: address.port,
    cut,
    close: () => {
      server.close();
      cut();
    },
  };
}

describe('containers of Docker', () => {
  const { docker, instanceId, runtime, specOf, run } = dockerUnderTest();
  const outputOf = async (spec: OwnContainerSpec): Promise<readonly string[]> => {
    await run({ ...spec, container: { ...spec.container, pseudoTerminal: true } });
    const logs = await docker.getContainer(spec.runtimeName).logs({ stdout: true, stderr: true });
    return logs
      .toString()
      .split(/\r?\n/)
      .filter((line) => line !== '');
  };

  test('run as the definition says', async () => {
    const spec = specOf({
      entryPoint: ['sh', '-c'],
      command: [
        'echo $COLOUR; pwd; id -u; cat /etc/hostname; ulimit -n; touch /x || echo read only; ls -d /scratch; cat /etc/hosts',
      ],
      workingDirectory: '/tmp',
      user: '1000',
      hostname: 'mercury',
      readonlyRootFilesystem: true,
      ulimits: [{ name: 'nofile', softLimit: 111, hardLimit: 222 }],
      linuxParameters: { initProcessEnabled: true, tmpfs: [{ containerPath: '/scratch', size: 1 }] },
      extraHosts: [{ hostname: 'venus', ipAddress: '192.0.2.7' }],
    });
    const output = await outputOf({ ...spec, environment: [{ name: 'COLOUR', value: 'blue = green' }] });
    expect(output.slice(0, 5)).toEqual(['blue = green', '/tmp', '1000', 'mercury', '111']);
    expect(output).toEqual(expect.arrayContaining(['read only', '/scratch', '192.0.2.7\tvenus']));
  });

  test('have as many open files on FARGATE as there, or as this machine allows', async () => {
    const spec = specOf({ entryPoint: ['sh', '-c'], command: ['ulimit -Sn; ulimit -Hn'] });
    const files = String(await openFilesHere());
    expect((await outputOf({ ...spec, launchType: 'FARGATE' })).slice(0, 2)).toEqual([files, files]);
  });

  test('carry labels and limits, and never a restart policy of the engine', async () => {
    const spec = specOf({
      command: ['true'],
      cpu: 128,
      memory: 64,
      memoryReservation: 32,
      dockerLabels: { team: 'blue', 'waybill.instance-id': 'forged' },
    });
    await runtime.create(spec);
    const { Config, HostConfig } = await docker.getContainer(spec.runtimeName).inspect();
    expect(Config.Labels).toEqual({
      team: 'blue',
      'com.amazonaws.ecs.task-arn': spec.taskArn,
      'com.amazonaws.ecs.container-name': 'app',
      'com.amazonaws.ecs.task-definition-family': 'contract',
      'com.amazonaws.ecs.task-definition-version': '1',
      'com.amazonaws.ecs.cluster': 'default',
      'waybill.instance-id': instanceId,
      'waybill.image': spec.image.reference,
    });
    expect(HostConfig).toMatchObject({ CpuShares: 128, Memory: 64 * 2 ** 20, MemoryReservation: 32 * 2 ** 20 });
    expect(HostConfig.RestartPolicy?.Name).toBe('no');
  });

  test('one binding per port, also where the engine gives the IPv6 twin another number', async () => {
    const image = (await docker.getImage(specOf().container.image).inspect()).Id;
    const sleeper = { Image: image, Cmd: ['sleep', '60'], ExposedPorts: { '80/tcp': {} } };
    const publish = (HostIp: string, HostPort: string) =>
      docker.createContainer({ ...sleeper, HostConfig: { PortBindings: { '80/tcp': [{ HostIp, HostPort }] } } });
    // The next dynamic port is taken for IPv4 alone: from here on the two families count apart.
    const probe = await publish('', '');
    await probe.start();
    const taken = Number((await probe.inspect()).NetworkSettings.Ports['80/tcp']?.[0]?.HostPort) + 1;
    const block = await publish('0.0.0.0', String(taken));
    try {
      await block.start();
      const { runtimeId } = await runtime.create(
        specOf({ command: ['sleep', '60'], portMappings: [{ containerPort: 8080 }] }),
      );
      const started = await runtime.start(runtimeId);
      expect(started?.networkBindings).toEqual([
        { bindIP: '0.0.0.0', containerPort: 8080, hostPort: expect.any(Number), protocol: 'tcp' },
      ]);
      await runtime.kill(runtimeId);
    } finally {
      await Promise.all([probe, block].map((container) => container.remove({ force: true })));
    }
  });

  test('empty lists for command and entry point mean what the image says', async () => {
    const base = await docker.createContainer({ Image: specOf().container.image, Cmd: ['true'] });
    const entry = { repo: 'waybill-test/entry', tag: instanceId.slice(0, 8) };
    await base.commit({ ...entry, changes: ['ENTRYPOINT ["echo","from-image"]', 'CMD ["arg"]'] });
    await base.remove();
    const image = `${entry.repo}:${entry.tag}`;
    try {
      expect(await outputOf(specOf({ image, entryPoint: [], command: [] }))).toEqual(['from-image arg']);
    } finally {
      await docker.getImage(image).remove({ force: true });
    }
  });

  test('the end of a container is not a health result', async () => {
    const check = { command: ['CMD-SHELL', 'true'], interval: 1, retries: 1 };
    const { runtimeId } = await runtime.create(specOf({ command: ['sleep', '60'], healthCheck: check }));
    await runtime.start(runtimeId);
    await eventually(
      () => runtime.inspect(runtimeId),
      (seen) => seen?.healthStatus === 'HEALTHY',
    );
    expect(await runtime.list()).toContainEqual(expect.objectContaining({ runtimeId, healthStatus: 'HEALTHY' }));
    await runtime.kill(runtimeId);
    const ended = await eventually(
      () => runtime.inspect(runtimeId),
      (seen) => seen?.phase === 'STOPPED',
    );
    expect(ended?.healthStatus).toBe('HEALTHY');
  });

  test('output without a log configuration is kept in bounded files', async () => {
    const spec = specOf({ command: ['true'] });
    await runtime.create(spec);
    const { HostConfig } = await docker.getContainer(spec.runtimeName).inspect();
    const { LoggingDriver } = (await docker.info()) as { LoggingDriver: string };
    expect(LoggingDriver).toBe('json-file');
    expect(HostConfig.LogConfig).toEqual({ Type: 'json-file', Config: { 'max-size': '50m', 'max-file': '2' } });
  });

  test('a command that does not exist', async () => {
    const { runtimeId } = await runtime.create(specOf({ command: ['/no/such/program'] }));
    const problem = await problemOf(runtime.start(runtimeId));
    expect(problem).toMatchObject({ name: 'CannotStartContainerError', retry: false });
    expect(problem.message).toMatch(/^CannotStartContainerError: Error response from daemon: .*\/no\/such\/program/);
    expect(problem.message).toContain('no such file or directory');
    expect((await runtime.inspect(runtimeId))?.exitCode).toBeUndefined();
  });

  test('one that needs more memory than it has', async () => {
    const observation = await run(
      specOf({ command: ['busybox', 'tail', '/dev/zero'], memory: 8, linuxParameters: { maxSwap: 0 } }),
    );
    expect(observation).toMatchObject({
      exitCode: 137,
      reason: 'OutOfMemoryError: Container killed due to memory usage',
    });
  });

  test('an image that does not exist, as ECS says it', async () => {
    const problem = await problemOf(runtime.pull({ reference: 'localhost:1/waybill-no-such-image:1' }));
    expect(problem.message).toMatch(/^CannotPullContainerError: Error response from daemon: /);
    const malformed = await problemOf(runtime.pull({ reference: 'NOT/A/Name:1' }));
    expect(malformed).toMatchObject({ name: 'CannotPullContainerError', retry: false });
  });

  test('what this runtime cannot give is refused with a reason', async () => {
    const secrets = [{ name: 'A', valueFrom: 'arn:aws:ssm:us-east-1:000000000000:parameter/a' }];
    expect((await problemOf(runtime.create(specOf({ secrets })))).message).toBe(
      'CannotCreateContainerError: secrets is not supported by this agent',
    );
  });

  test('one that somebody has removed before its start is gone', async () => {
    const { runtimeId } = await runtime.create(specOf({ command: ['true'] }));
    await docker.getContainer(runtimeId).remove();
    expect(await runtime.start(runtimeId)).toBeNull();
  });

  test('one that somebody has started before is left as it runs', async () => {
    const { runtimeId } = await runtime.create(specOf({ command: ['sleep', '60'] }));
    await docker.getContainer(runtimeId).start();
    const { State: before } = await docker.getContainer(runtimeId).inspect();
    expect(await runtime.start(runtimeId)).toMatchObject({ phase: 'RUNNING', startedAt: Date.parse(before.StartedAt) });
  });

  test('a name that another container has', async () => {
    const spec = specOf({ command: ['true'] });
    const stranger = await docker.createContainer({
      name: spec.runtimeName,
      Image: spec.container.image,
      Cmd: ['true'],
    });
    try {
      const problem = await problemOf(runtime.create(spec));
      expect(problem).toMatchObject({ name: 'CannotCreateContainerError', retry: false });
      expect(problem.detail).toContain('is already in use by container');
    } finally {
      await stranger.remove();
    }
  });

  test("a task's volume lives as long as its containers, a shared one longer", async () => {
    const volumes = [
      { name: 'own', host: {} },
      { name: 'waybill-test-shared', dockerVolumeConfiguration: { scope: 'shared', autoprovision: true } },
    ] as const;
    const mountPoints = [
      { sourceVolume: 'own', containerPath: '/own' },
      { sourceVolume: 'waybill-test-shared', containerPath: '/shared' },
    ];
    const command = ['sh', '-c', 'touch /own/a /shared/b; ls /own /shared'];
    const spec = specOf({ mountPoints, command }, { volumes });
    const own = `ecs-contract-1-own-${spec.taskId.slice(0, 20)}`;
    const namesOf = async (): Promise<readonly string[]> => {
      const { Volumes } = await docker.listVolumes();
      return (Volumes ?? []).map(({ Name }) => Name);
    };
    try {
      expect(await outputOf(spec)).toEqual(['/own:', 'a', '', '/shared:', 'b'].filter(Boolean));
      expect(await namesOf()).toEqual(expect.arrayContaining([own, 'waybill-test-shared']));
      await runtime.remove(spec.runtimeName);
      expect(await namesOf()).not.toContain(own);
      expect(await namesOf()).toContain('waybill-test-shared');
    } finally {
      await docker.getVolume('waybill-test-shared').remove();
    }
  });

  test('a Docker volume has the options and labels of its definition, and is not left behind', async () => {
    const dockerVolumeConfiguration = {
      scope: 'task' as const,
      driver: 'local',
      driverOpts: { type: 'tmpfs', device: 'tmpfs', o: 'size=1m' },
      labels: { team: 'shop' },
    };
    const volumes = [{ name: 'own', dockerVolumeConfiguration }];
    const mountPoints = [{ sourceVolume: 'own', containerPath: '/own' }];
    const spec = specOf({ mountPoints, command: ['sh', '-c', 'grep " /own " /proc/mounts'] }, { volumes });
    const own = `ecs-contract-1-own-${spec.taskId.slice(0, 20)}`;
    expect((await outputOf(spec)).join()).toContain('size=1024k');
    expect(await docker.getVolume(own).inspect()).toMatchObject({
      Labels: { team: 'shop' },
      Options: dockerVolumeConfiguration.driverOpts,
    });
    await runtime.remove(spec.runtimeName);
    await expect(docker.getVolume(own).inspect()).rejects.toMatchObject({ statusCode: 404 });

    const broken = { ...spec, image: { reference: 'localhost:1/waybill-no-such-image:1' } };
    await expect(runtime.create(broken)).rejects.toMatchObject({ name: 'CannotCreateContainerError' });
    await expect(docker.getVolume(own).inspect()).rejects.toMatchObject({ statusCode: 404 });
  });

  test('network modes host and none publish nothing', async () => {
    for (const networkMode of ['host', 'none'] as const) {
      const portMappings = networkMode === 'host' ? [{ containerPort: 54_321 }] : [];
      const { runtimeId } = await runtime.create(specOf({ portMappings, command: ['sleep', '60'] }, { networkMode }));
      expect(await runtime.start(runtimeId)).toMatchObject({ phase: 'RUNNING', networkBindings: [] });
    }
  });

  test('a change of health is hinted at', async () => {
    const heard: string[] = [];
    const end = runtime.subscribe({ onEvent: ({ taskId }) => void heard.push(taskId), onConnected: () => undefined });
    const healthCheck = { command: ['CMD', 'true'], interval: 1 };
    const spec = specOf({ command: CONTRACT_COMMANDS.obedient, healthCheck });
    const { runtimeId } = await runtime.create(spec);
    await runtime.start(runtimeId);
    await eventually(
      () => Promise.resolve(heard),
      (taskIds) => taskIds.includes(spec.taskId),
    );
    expect(await runtime.inspect(runtimeId)).toMatchObject({ phase: 'RUNNING', healthStatus: 'HEALTHY' });
    end();
  });

  test('events go on after the connection to the engine was cut', async () => {
    const line = await cuttableLine('/var/run/docker.sock');
    const distant = new DockerRuntime({ instanceId, docker: { host: '127.0.0.1', port: line.port } });
    const heard: string[] = [];
    let connections = 0;
    distant.subscribe({
      onEvent: ({ taskId }) => void heard.push(taskId),
      onConnected: () => {
        connections += 1;
      },
    });
    await eventually(
      () => Promise.resolve(connections),
      (count) => count === 1,
    );
    line.cut();
    await eventually(
      () => Promise.resolve(connections),
      (count) => count === 2,
    );
    const spec = specOf({ command: ['true'] });
    await run(spec);
    await eventually(
      () => Promise.resolve(heard),
      (taskIds) => taskIds.includes(spec.taskId),
    );
    await distant.close();
    line.close();
  });

  test('an engine that is not there: nothing is known, so it is worth another try', async () => {
    const nowhere = new DockerRuntime({ instanceId, docker: { socketPath: '/nonexistent/docker.sock' } });
    const spec = specOf();
    for (const call of [
      () => nowhere.list(),
      () => nowhere.pull({ reference: 'a:1' }),
      () => nowhere.create(spec),
      () => nowhere.start('x'),
      () => nowhere.inspect('x'),
    ]) {
      expect(await problemOf(call())).toMatchObject({
        retry: true,
        detail: expect.stringContaining('Cannot connect to the Docker daemon'),
      });
    }
    await nowhere.close();
  });
});
