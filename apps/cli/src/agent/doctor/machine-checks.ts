import { type HostCheck, missing, ok, unknown } from './host-check.ts';

/** Times in the log are those of the control plane; agents’ own show when containers started. */
const CLOCK_OFFSET_MS_MAX = 2_000;

export const machineChecks: readonly HostCheck[] = [
  {
    name: 'rights',
    needs: 'task metadata, security groups, limits of tasks as a whole, volumes configured at launch',
    async run({ isRoot }) {
      return isRoot
        ? ok('root')
        : missing('an ordinary user', 'run the agent as root: access to the engine amounts to it anyway');
    },
  },
  {
    name: 'clock',
    needs: 'times of containers that agree with those of the log; credentials and TLS',
    async run({ clockAheadMs }) {
      const ahead = await clockAheadMs();
      if (typeof ahead === 'string') return unknown(ahead);
      const seconds = `${(Math.abs(ahead) / 1000).toFixed(1)} s ${ahead < 0 ? 'behind' : 'ahead'}`;
      if (Math.abs(ahead) <= CLOCK_OFFSET_MS_MAX) return ok(seconds);
      return missing(seconds, 'let a time service set the clock: apt-get install systemd-timesyncd, or chrony');
    },
  },
];
