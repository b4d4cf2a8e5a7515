import { expect, test } from '@jest/globals';
import type { ContainerObservation, ContainerRuntime, ContainerSpec } from '#libs/container-runtime';
import type { TaskNetworkInterface } from '#libs/ecs/messages';
import { joiningSpecOf, pauseSpecOf } from './pause-specs.ts';
import { endOf } from './run-containers.ts';

/** What a runtime promises of the containers of one task that share something, and of the container that holds it. */
export function describeSharedParts(
  made: () => { readonly runtime: ContainerRuntime; readonly instanceId: string; readonly image: string },
  start: (spec: ContainerSpec) => Promise<ContainerObservation>,
  command: readonly string[],
): void {
  const runtime = (): ContainerRuntime => made().runtime;
  const ended = (ref: string): Promise<ContainerObservation | null> => endOf(runtime(), ref);

  test('a pause container has an address once it runs, and keeps it while it is looked at', async () => {
    const spec = pauseSpecOf(made());
    const { runtimeId, phase, networkInterface: early } = await runtime().create(spec);
    expect({ phase, early }).toEqual({ phase: 'CREATED', early: undefined });
    const seen = await runtime().start(runtimeId);
    expect(seen).toMatchObject({
      phase: 'RUNNING',
      networkInterface: {
        subnetId: spec.network?.subnets[0],
        macAddress: expect.stringMatching(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/),
        privateIpv4Address: expect.stringMatching(/^(\d{1,3}\.){3}\d{1,3}$/),
      },
    });
    expect(await runtime().start(runtimeId)).toMatchObject({ networkInterface: seen?.networkInterface });
    expect(await runtime().inspect(spec.runtimeName)).toMatchObject({ networkInterface: seen?.networkInterface });
    const { taskId, containerName } = spec;
    expect(await runtime().list()).toEqual([{ taskId, containerName, runtimeId, phase: 'RUNNING' }]);
  });

  test('no two tasks have the same address', async () => {
    const addressOf = async (): Promise<string> => interfaceOf(await start(pauseSpecOf(made()))).privateIpv4Address;
    expect(await addressOf()).not.toBe(await addressOf());
  });

  test('the others join it, publish nothing, and go on when it ends', async () => {
    const pause = pauseSpecOf(made());
    const pauseId = (await start(pause)).runtimeId;
    const portMappings = [{ containerPort: 80, protocol: 'tcp' as const }];
    const joined = await start(joiningSpecOf(pause, made().image, { command, portMappings }));
    expect(joined).toMatchObject({ phase: 'RUNNING', networkBindings: [] });
    expect(joined.networkInterface).toBeUndefined();
    await runtime().kill(pauseId);
    expect(await ended(pauseId)).toMatchObject({ phase: 'STOPPED', exitCode: 137 });
    expect(await runtime().inspect(joined.runtimeId)).toMatchObject({ phase: 'RUNNING' });
  });

  test('those that share its processes end with it', async () => {
    const pause = pauseSpecOf(made(), { network: null, sharesPid: true });
    const pauseId = (await start(pause)).runtimeId;
    const joined = await start(joiningSpecOf(pause, made().image, { command }));
    await runtime().kill(pauseId);
    expect(await ended(joined.runtimeId)).toMatchObject({ phase: 'STOPPED', exitCode: 137 });
  });

  test.each([
    ['network', {}],
    ['processes', { network: null, sharesPid: true }],
    ['memory', { network: null, sharesIpc: true }],
  ] as const)('nothing joins the %s of a pause container that does not run', async (_name, shares) => {
    const pause = pauseSpecOf(made(), shares);
    await runtime().create(pause);
    const joining = joiningSpecOf(pause, made().image, { command });
    await expect(start(joining)).rejects.toMatchObject({ name: 'CannotStartContainerError', retry: false });
  });

  test('one that is removed gives its address back', async () => {
    const spec = pauseSpecOf(made());
    const { runtimeId } = await start(spec);
    await runtime().kill(runtimeId);
    await runtime().remove(runtimeId);
    expect(await runtime().inspect(spec.runtimeName)).toBeNull();
    expect(await start(spec)).toMatchObject({ phase: 'RUNNING', networkInterface: expect.anything() });
  });
}

function interfaceOf({ networkInterface }: ContainerObservation): TaskNetworkInterface {
  if (networkInterface === undefined) throw new Error('it has no network interface');
  return networkInterface;
}
