import { describe, expect, jest, test } from '@jest/globals';
import { busyboxImage, containerSpecOf, runContainer } from '#libs/testing';
import { newInstanceId } from '../../spec/docker-under-test.ts';
import { startPrivateEngine } from '../../spec/private-engine.ts';
import { DockerRuntime } from '../docker-runtime.ts';

/** An engine of its own, on a busy machine. */
jest.setTimeout(60_000);

const describeAsRoot = process.getuid?.() === 0 ? describe : describe.skip;

describeAsRoot('an engine without room', () => {
  test('the container that fills the disk fails by itself; the next one cannot be made, and says why', async () => {
    const engine = await startPrivateEngine({}, 64);
    const instanceId = newInstanceId();
    const runtime = new DockerRuntime({ instanceId, docker: { socketPath: engine.socketPath } });
    try {
      const image = await busyboxImage(engine.docker);
      const specOf = (line: string) =>
        containerSpecOf({ instanceId, image: image.name }, { command: ['sh', '-c', line] }, { networkMode: 'none' });
      const filling = specOf('dd if=/dev/zero of=/large bs=1M count=128 || exit 28');
      expect(await runContainer(runtime, filling)).toMatchObject({ exitCode: 28 });
      await expect(runtime.create(specOf('true'))).rejects.toMatchObject({
        name: 'CannotCreateContainerError',
        detail: expect.stringContaining('no space left on device'),
        retry: false,
      });
      await runtime.remove(filling.runtimeName);
      expect(await runtime.create(specOf('true'))).toMatchObject({ phase: 'CREATED' });
    } finally {
      await runtime.close();
      await engine.stop();
    }
  });
});
