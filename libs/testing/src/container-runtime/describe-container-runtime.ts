import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import {
  type ContainerObservation,
  type ContainerRuntime,
  type ContainerSpec,
  RuntimeProblem,
} from '#libs/container-runtime';
import type { ContainerDefinition } from '#libs/ecs/messages';
import { containerSpecOf, eventually } from './container-specs.ts';
import { describeSharedParts } from './describe-shared-parts.ts';
import { endOf, removeContainers, startContainer } from './run-containers.ts';

/** Commands that every runtime under test understands, real or not. */
export const CONTRACT_COMMANDS = {
  /** Runs until the stop signal and then ends with 143; it heeds the signal once `OBEYS` is healthy. */
  obedient: ['sh', '-c', 'trap "exit 143" TERM; : > /obeys; while :; do sleep 3600 & wait $!; done'],
  /** Does not heed the stop signal. */
  stubborn: ['sh', '-c', 'trap "" TERM; while :; do sleep 1; done'],
  exitsWith7: ['sh', '-c', 'exit 7'],
} as const;

/** The health check of `obedient`: a first process ignores every signal that it has not asked for yet. */
export const OBEYS = { command: ['CMD-SHELL', 'test -e /obeys'], interval: 1 };

/** One engine, with the eyes of two container instances. */
export interface ContainerRuntimeUnderTest {
  readonly runtime: ContainerRuntime;
  readonly instanceId: string;
  readonly other: ContainerRuntime;
  /** An image that understands the commands, and one that does not exist. */
  readonly image: string;
  readonly missingImage: string;
  close(): Promise<void>;
}

/** The promises of the ContainerRuntime port. Every adapter runs them. */
export function describeContainerRuntime(name: string, make: () => Promise<ContainerRuntimeUnderTest>): void {
  describe(`${name} as a container runtime`, () => {
    let made: ContainerRuntimeUnderTest;
    let runtime: ContainerRuntime;
    beforeAll(async () => {
      made = await make();
      ({ runtime } = made);
    });
    afterEach(async () => {
      await removeContainers(runtime);
    });
    afterAll(async () => await made.close());

    const specOf = (container: Partial<ContainerDefinition> = {}): ContainerSpec =>
      containerSpecOf(made, { command: CONTRACT_COMMANDS.obedient, ...container });
    const started = (spec: ContainerSpec): Promise<ContainerObservation> => startContainer(runtime, spec);
    const ended = (ref: string): Promise<ContainerObservation | null> => endOf(runtime, ref);

    test('tells about its engine', async () => {
      const info = await runtime.info();
      expect(info.version).not.toBe('');
      expect(info.osType).toBe('linux');
      expect(info.cpus).toBeGreaterThan(0);
      expect(info.memoryMiB).toBeGreaterThan(0);
      expect(info.loggingDrivers).toContain('json-file');
    });

    test('has an image that is there, and says what ECS says of one that is not', async () => {
      await runtime.pull({ reference: made.image });
      await expect(runtime.pull({ reference: made.missingImage })).rejects.toMatchObject({
        name: 'CannotPullContainerError',
      });
    });

    test('creates, lists and starts', async () => {
      const spec = specOf();
      const created = await runtime.create(spec);
      expect(created.phase).toBe('CREATED');
      const { taskId, containerName } = spec;
      const { runtimeId } = created;
      expect(await runtime.list()).toEqual([{ taskId, containerName, runtimeId, phase: 'CREATED' }]);
      expect(await runtime.start(runtimeId)).toMatchObject({
        runtimeId,
        phase: 'RUNNING',
        startedAt: expect.any(Number),
      });
      expect(await runtime.list()).toMatchObject([{ phase: 'RUNNING' }]);
      expect(await runtime.inspect(spec.runtimeName)).toMatchObject({ runtimeId, phase: 'RUNNING' });
    });

    test("does not show another instance's containers", async () => {
      await started(specOf());
      expect(await made.other.list()).toEqual([]);
    });

    test('a creation that is repeated makes no second container', async () => {
      const spec = specOf();
      const first = await started(spec);
      expect(await runtime.create(spec)).toMatchObject({ runtimeId: first.runtimeId, phase: 'RUNNING' });
      expect(await runtime.list()).toHaveLength(1);
    });

    test('describes a container, from its creation to its end', async () => {
      const spec = specOf();
      const { runtimeId } = await runtime.create(spec);
      const created = await runtime.describe(runtimeId);
      expect(created).toMatchObject({ runtimeId, runtimeName: spec.runtimeName, image: made.image });
      expect(Date.parse(created?.createdAt ?? '')).toBeGreaterThan(0);
      expect(created).not.toHaveProperty('startedAt');
      expect(created).not.toHaveProperty('pid');
      expect(await runtime.stats(runtimeId)).toBeNull();

      await runtime.start(runtimeId);
      const running = await runtime.describe(spec.runtimeName, true);
      expect(running).toMatchObject({ runtimeId, startedAt: expect.any(String), writtenBytes: expect.any(Number) });
      expect(running).not.toHaveProperty('finishedAt');
      expect(await runtime.stats(runtimeId)).toMatchObject({
        id: runtimeId,
        read: expect.stringMatching(/^20\d\d-/),
        cpu_stats: { cpu_usage: { total_usage: expect.any(Number) } },
      });

      await runtime.kill(runtimeId);
      await ended(runtimeId);
      expect(await runtime.describe(runtimeId)).toMatchObject({ finishedAt: expect.any(String) });
      expect(await runtime.stats(runtimeId)).toBeNull();
      await runtime.remove(runtimeId);
      expect(await runtime.describe(runtimeId)).toBeNull();
      expect(await runtime.stats(runtimeId)).toBeNull();
    });

    test('a start that is repeated leaves the container as it is', async () => {
      const first = await started(specOf());
      expect(await runtime.start(first.runtimeId)).toMatchObject({ phase: 'RUNNING', startedAt: first.startedAt });
    });

    test('a container that ends tells its exit code, and is not started again', async () => {
      const { runtimeId } = await started(specOf({ command: CONTRACT_COMMANDS.exitsWith7 }));
      expect(await ended(runtimeId)).toMatchObject({ phase: 'STOPPED', exitCode: 7, finishedAt: expect.any(Number) });
      expect(await runtime.start(runtimeId)).toMatchObject({ phase: 'STOPPED', exitCode: 7 });
    });

    test('a container that has ended runs again in place', async () => {
      const first = await started(specOf());
      const { runtimeId } = first;
      expect(await runtime.restart(runtimeId)).toMatchObject({ phase: 'RUNNING', startedAt: first.startedAt });
      await runtime.kill(runtimeId);
      expect(await ended(runtimeId)).toMatchObject({ exitCode: 137 });
      const again = await runtime.restart(runtimeId);
      expect(again).toMatchObject({ runtimeId, phase: 'RUNNING' });
      expect(again).not.toHaveProperty('exitCode');
      expect(again?.startedAt).toBeGreaterThanOrEqual(first.startedAt ?? Number.POSITIVE_INFINITY);
      expect(await runtime.list()).toMatchObject([{ runtimeId, phase: 'RUNNING' }]);
    });

    test('a restart starts nothing that was never started', async () => {
      const { runtimeId } = await runtime.create(specOf());
      expect(await runtime.restart(runtimeId)).toMatchObject({ phase: 'CREATED' });
    });

    test('the stop signal ends a container that heeds it', async () => {
      const { runtimeId } = await started(specOf({ healthCheck: OBEYS }));
      await eventually(
        () => runtime.inspect(runtimeId),
        (seen) => seen?.healthStatus === 'HEALTHY',
      );
      await runtime.signal(runtimeId);
      expect(await ended(runtimeId)).toMatchObject({ exitCode: 143 });
      expect(await runtime.signal(runtimeId)).toMatchObject({ phase: 'STOPPED' });
    });

    test('SIGKILL ends one that does not', async () => {
      const { runtimeId } = await started(specOf({ command: CONTRACT_COMMANDS.stubborn }));
      await runtime.signal(runtimeId);
      expect(await runtime.inspect(runtimeId)).toMatchObject({ phase: 'RUNNING' });
      await runtime.kill(runtimeId);
      expect(await ended(runtimeId)).toMatchObject({ exitCode: 137 });
    });

    test('events hint at what ended', async () => {
      const heard: string[] = [];
      let connected = false;
      const end = runtime.subscribe({
        onEvent: ({ taskId, containerName }) => void heard.push(`${taskId}/${containerName}`),
        onConnected: () => void (connected = true),
      });
      await eventually(() => Promise.resolve(connected), Boolean);
      const spec = specOf({ command: CONTRACT_COMMANDS.exitsWith7 });
      await started(spec);
      await eventually(
        () => Promise.resolve(heard),
        ({ length }) => length > 0,
      );
      expect(heard).toContain(`${spec.taskId}/app`);
      end();
    });

    test('dynamic host ports are told, each once', async () => {
      const portMappings = [{ containerPort: 53, protocol: 'udp', hostPort: 0 }, { containerPort: 80 }] as const;
      const [one, two] = [await started(specOf({ portMappings })), await started(specOf({ portMappings }))];
      expect(one.networkBindings).toEqual([
        { bindIP: '0.0.0.0', containerPort: 53, hostPort: expect.any(Number), protocol: 'udp' },
        { bindIP: '0.0.0.0', containerPort: 80, hostPort: expect.any(Number), protocol: 'tcp' },
      ]);
      const ports = [one, two].map(({ networkBindings }) => networkBindings?.at(1)?.hostPort);
      expect(new Set(ports).size).toBe(2);
    });

    test('a range of ports gets as many host ports in a row', async () => {
      const portMappings = [{ containerPortRange: '8000-8003' }];
      const { networkBindings = [] } = await started(specOf({ portMappings }));
      expect(networkBindings).toEqual([
        {
          bindIP: '0.0.0.0',
          containerPortRange: '8000-8003',
          hostPortRange: expect.stringMatching(/^\d+-\d+$/),
          protocol: 'tcp',
        },
      ]);
      const [first = 0, last = 0] = networkBindings[0]?.hostPortRange?.split('-').map(Number) ?? [];
      expect(last - first).toBe(3);
    });

    test('a host port that is taken', async () => {
      const [binding] = (await started(specOf({ portMappings: [{ containerPort: 80 }] }))).networkBindings ?? [];
      const hostPort = binding?.hostPort ?? 0;
      const problem = await started(specOf({ portMappings: [{ containerPort: 80, hostPort }] })).catch(
        (error: unknown) => error,
      );
      expect(problem).toBeInstanceOf(RuntimeProblem);
      expect(problem).toMatchObject({ name: 'CannotStartContainerError', retry: false });
      expect(String(problem)).toContain(`Bind for 0.0.0.0:${hostPort} failed: port is already allocated`);
    });

    test('removes what runs, and what is gone is gone', async () => {
      const { runtimeId } = await started(specOf());
      await runtime.remove(runtimeId);
      await runtime.remove(runtimeId);
      expect(await runtime.list()).toEqual([]);
      expect(await runtime.inspect(runtimeId)).toBeNull();
      expect(await runtime.start(runtimeId)).toBeNull();
      expect(await runtime.signal(runtimeId)).toBeNull();
      expect(await runtime.kill(runtimeId)).toBeNull();
      expect(await runtime.restart(runtimeId)).toBeNull();
    });

    test('remembers the stopTimeout that a container was made with', async () => {
      const { runtimeId } = await started(specOf({ stopTimeout: 7 }));
      expect(await runtime.inspect(runtimeId)).toMatchObject({ stopTimeoutSeconds: 7 });
    });

    test('a health check is told, and only that of the definition', async () => {
      const healthCheck = { command: ['CMD-SHELL', 'true'], interval: 1 };
      const { runtimeId } = await started(specOf({ healthCheck }));
      await eventually(
        () => runtime.inspect(runtimeId),
        (seen) => seen?.healthStatus === 'HEALTHY',
      );
      const unchecked = await started(specOf());
      expect(unchecked.healthStatus).toBeUndefined();
    });

    describeSharedParts(() => made, started, CONTRACT_COMMANDS.obedient);
  });
}
