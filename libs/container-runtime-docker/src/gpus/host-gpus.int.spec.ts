import { describe, expect, jest, test } from '@jest/globals';
import { dockerUnderTest, newInstanceId } from '../../spec/docker-under-test.ts';
import { DockerRuntime } from '../docker-runtime.ts';

/** A real engine on a busy machine. */
jest.setTimeout(60_000);

/** The engine takes any ids when it makes a container; only a start needs the devices. */
describe('GPUs of a host', () => {
  const instanceId = newInstanceId();
  const [first = '', second = '', third = ''] = ['a', 'b', 'c'].map((letter) => `${letter}-${instanceId.slice(0, 8)}`);
  const host = dockerUnderTest({ instanceId, gpuIds: [first, second, third] });
  const { docker, runtime } = host;
  const specOf = (count: number) =>
    host.specOf({ command: ['true'], resourceRequirements: [{ type: 'GPU', value: String(count) }] });

  test('each belongs to one container, also when several are made at once', async () => {
    expect((await runtime.info()).gpuIds).toEqual([first, second, third]);
    const specs = [specOf(2), specOf(1)];
    await Promise.all(specs.map((spec) => runtime.create(spec)));
    const seen = await Promise.all(specs.map(({ runtimeName }) => runtime.inspect(runtimeName)));
    expect(seen.flatMap((observation) => observation?.gpuIds ?? []).sort()).toEqual([first, second, third]);
    const { HostConfig } = await docker.getContainer(specs[0]?.runtimeName ?? '').inspect();
    expect(HostConfig.DeviceRequests).toMatchObject([{ Driver: 'nvidia', DeviceIDs: seen[0]?.gpuIds }]);

    await expect(runtime.create(specOf(1))).rejects.toMatchObject({
      name: 'CannotCreateContainerError',
      detail: 'the host has no 1 free GPUs of 3',
    });
    await runtime.remove(specs[0]?.runtimeName ?? '');
    expect(await runtime.create(specOf(2))).toMatchObject({ phase: 'CREATED' });
  });

  test('a host without GPUs refuses', async () => {
    const without = new DockerRuntime({ instanceId, gpuIds: [] });
    expect(await without.info()).not.toHaveProperty('gpuIds');
    await expect(without.create(specOf(1))).rejects.toMatchObject({ detail: 'the host has no 1 free GPUs of 0' });
    await without.close();
  });
});
