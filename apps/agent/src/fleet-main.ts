import type { DelayMs, SimulatedDelays } from '#libs/container-runtime';
import { connectNats, createLogger, endWhenTold, natsOptionsFromEnv, productVersion, settingsOf } from '#libs/platform';
import { fleetCommand, type FleetFlags } from './fleet/fleet-command.ts';
import { SimulatedFleet } from './fleet/simulated-fleet.ts';

const command = fleetCommand(process.env).parse();
const { zones, starts, pullMs, createMs, startMs, stopMs, startFailures, ...hosts } = command.opts<FleetFlags>();
const settings = settingsOf(command);
const log = createLogger('fleet', settings.logLevel);
const end = endWhenTold(log);

try {
  const nc = await connectNats({ ...natsOptionsFromEnv(process.env), name: 'waybill-fleet', waitForServer: true });
  const fleet = new SimulatedFleet({
    ...hosts,
    nc,
    availabilityZones: zones ?? ['a', 'b', 'c'].map((letter) => settings.region + letter),
    startsInFlightMax: starts,
    delays: given({ pull: pullMs, create: createMs, start: startMs, stop: stopMs }),
    failures: { start: startFailures },
    agentVersion: productVersion(),
    log,
  });
  end.stops(() => {
    fleet.stop();
    return nc.close();
  });
  await fleet.allJoined;
  log.info({ hosts: hosts.hosts }, 'every host has joined');
  process.send?.({ type: 'ready', hosts: hosts.hosts });
} catch (error) {
  end.fail(error, 'the fleet did not start');
}

/** Without the members that no option has given. */
function given(delays: Readonly<Record<string, DelayMs | undefined>>): SimulatedDelays {
  return Object.fromEntries(Object.entries(delays).filter(([, delay]) => delay !== undefined));
}
