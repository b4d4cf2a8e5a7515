import type { CallResult, ContainerObservation, RuntimeCall } from '#libs/agents/core';
import { RuntimeProblem } from '../container-runtime.ts';
import type { ContainerRuntime, RuntimeInfo, RuntimeListener } from '../container-runtime.ts';
import type { SimulatedHost } from './simulated-host.ts';

/** What a simulated host says of itself. */
export const SIMULATED_RUNTIME_INFO: RuntimeInfo = {
  version: '0.0.0-simulated',
  apiVersion: '1.44',
  loggingDrivers: ['json-file', 'none'],
  osType: 'linux',
  cpuArchitecture: 'x86_64',
  securityOptions: [],
  cpus: 4,
  memoryMiB: 16_384,
  capabilities: [
    'privileged-container',
    'docker-plugin.local',
    'task-eni',
    'pid-ipc-namespace-sharing',
    'container-restart-policy',
    'container-port-range',
  ],
};

/** A simulated host behind the port. */
export function simulatedRuntime(host: SimulatedHost): ContainerRuntime {
  const listeners = new Set<RuntimeListener>();
  host.listen(
    (hint) => listeners.forEach((listener) => listener.onEvent(hint)),
    () => listeners.forEach((listener) => listener.onConnected()),
  );
  const perform = (call: RuntimeCall): Promise<CallResult> => new Promise((resolve) => host.perform(call, resolve));
  const observed = async (call: RuntimeCall): Promise<ContainerObservation | null> => {
    const result = await perform(call);
    if (result.kind === 'failed') throw new RuntimeProblem(result.name, result.detail, result.retry);
    return result.kind === 'done' ? (result.observation ?? null) : null;
  };
  return {
    info: () => answered(host, () => SIMULATED_RUNTIME_INFO),
    pull: async (image) => {
      const result = await perform({ call: 'pull', image });
      if (result.kind === 'failed') throw new RuntimeProblem(result.name, result.detail, result.retry);
      return result.kind === 'done' ? (result.imageId ?? null) : null;
    },
    create: async (spec) => {
      const observation = await observed({ call: 'create', spec });
      if (observation === null) throw new RuntimeProblem('CannotCreateContainerError', 'nothing was made', true);
      return observation;
    },
    start: (ref) => observed({ call: 'start', ref }),
    restart: (ref) => observed({ call: 'restart', ref }),
    signal: (ref) => observed({ call: 'signal', ref }),
    kill: (ref) => observed({ call: 'kill', ref }),
    inspect: (ref) => observed({ call: 'inspect', ref }),
    describe: (ref, withSize) => answered(host, () => host.facts(ref, withSize)),
    stats: (ref) => answered(host, () => host.stats(ref)),
    remove: async (ref) => void (await observed({ call: 'remove', ref })),
    list: async () => {
      const items = await new Promise<Parameters<Parameters<SimulatedHost['list']>[0]>[0]>((resolve) =>
        host.list(resolve),
      );
      if (items === null) throw new RuntimeProblem('CannotListContainersError', 'no answer', true);
      return items;
    },
    subscribe: (listener) => {
      listeners.add(listener);
      listener.onConnected();
      return () => listeners.delete(listener);
    },
    close: () => Promise.resolve(listeners.clear()),
  };
}

/** A simulated host answers at once, unless it is away. */
function answered<Value>(host: SimulatedHost, look: () => Value): Promise<Value> {
  if (!host.isAway) return Promise.resolve(look());
  return Promise.reject(new RuntimeProblem('CannotInspectContainerError', 'no answer', true));
}
