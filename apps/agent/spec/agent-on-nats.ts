import type { ContainerRuntime } from '#libs/container-runtime';
import { createLogger, credentialsOf, readSettings } from '#libs/platform';
import type { TestNatsServer } from '#libs/testing';
import { type RunningAgent, startAgent } from '../src/start-agent.ts';

/** Starts an agent on a server of a spec, with its home as the data folder. */
export function agentOnNats(
  nats: TestNatsServer,
  {
    env,
    makeRuntime,
    logLevel = 'warn',
    onServing = () => {},
  }: {
    /** Besides what leads to the server. */
    readonly env: NodeJS.ProcessEnv;
    readonly makeRuntime: (instanceId: string) => ContainerRuntime;
    readonly logLevel?: string;
    readonly onServing?: (instanceId: string) => void;
  },
): Promise<RunningAgent> {
  return startAgent({
    settings: readSettings({ WAYBILL_HOME: nats.home }),
    env: {
      NATS_URL: nats.url,
      NATS_USER: 'agents',
      NATS_PASSWORD: credentialsOf(nats.credentials, 'agents').password,
      ...env,
    },
    makeRuntime,
    log: createLogger('agent', logLevel),
    onServing,
  });
}
