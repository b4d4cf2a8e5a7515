import 'reflect-metadata';
import { resolve } from 'node:path';
import { DockerRuntime } from '#libs/container-runtime-docker';
import { createLogger, endWhenTold, processCommand, settingsOf } from '#libs/platform';
import { hostImages, noteEngineDisk } from './host/host-images.ts';
import { readHostSettings } from './settings/host-settings.ts';
import { readImageSettings } from './settings/image-settings.ts';
import { readNetworkSettings } from './settings/network-settings.ts';
import { startAgent } from './start-agent.ts';

const OWN_SETTINGS = `
  WAYBILL_CLUSTER     cluster that this host joins (default)
  WAYBILL_INSTANCE_ID the container instance (drawn at the first start and kept in the data folder)
  DOCKER_HOST         the container engine (the local socket); the others are in apps/agent/README.md`;

const command = processCommand(
  'agent',
  'The agent of this host. Containers run on when it ends.',
  OWN_SETTINGS,
).parse();
const settings = settingsOf(command);
/** Set by `waybill up`. An agent of its own keeps nothing in a data folder that may be thrown away. */
const stackHome = process.env['WAYBILL_STACK_HOME'];
const log = createLogger('agent', settings.logLevel);
const end = endWhenTold(log);

try {
  const network = { ...readNetworkSettings(process.env), warn: (text: string) => log.warn(text) };
  const images = await hostImages(readImageSettings(process.env), settings.home, log);
  void noteEngineDisk(log);
  const running = await startAgent({
    settings,
    env: process.env,
    makeRuntime: (instanceId) =>
      new DockerRuntime({
        instanceId,
        network,
        notice: (text) => log.warn(text),
        volumeFolder: resolve(settings.home, 'agent', 'volumes'),
        images,
        ...readHostSettings(process.env),
        ...(stackHome ? { home: stackHome } : {}),
      }),
    log,
    onServing: (instanceId) => {
      log.info({ instanceId }, 'the control plane has accepted this agent');
      process.send?.({ type: 'ready', ready: true, instanceId });
    },
  });
  end.stops(() => running.stop(), running.drain);
  // Containers run on; the supervisor starts it again.
  end.fail(await running.connectionClosed, 'the connection to NATS has ended for good');
} catch (error) {
  end.fail(error, 'the agent did not start');
}
