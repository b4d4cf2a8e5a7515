import 'reflect-metadata';
import { DockerRuntime } from '#libs/container-runtime-docker';
import { createLogger, endWhenTold, readSettings } from '#libs/platform';
import { startAgent } from './start-agent.ts';

const settings = readSettings(process.env);
const log = createLogger('agent', settings.logLevel);
const end = endWhenTold(log);

try {
  const running = await startAgent({
    settings,
    env: process.env,
    makeRuntime: (instanceId) => new DockerRuntime({ instanceId }),
    log,
    onServing: (instanceId) => {
      log.info({ instanceId }, 'the control plane has accepted this agent');
      process.send?.({ type: 'ready', ready: true, instanceId });
    },
  });
  end.stops(() => running.stop());
  // Containers run on; whoever looks after this process starts it again.
  end.fail(await running.connectionClosed, 'the connection to NATS has ended for good');
} catch (error) {
  end.fail(error, 'the agent did not start');
}
