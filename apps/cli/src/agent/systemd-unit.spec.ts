import { expect, test } from '@jest/globals';
import { AGENT_NODE_ARGUMENTS } from '#libs/platform';
import { agentUnit, environmentFile } from './systemd-unit.ts';

test('a unit that waits for the drain and names every path', () => {
  const unit = agentUnit({
    node: '/usr/bin/node',
    productFolder: '/srv/way bill',
    entry: '/srv/way bill/main.js',
    envFile: '/var/lib/waybill-agent/agent/agent.env',
    stopSeconds: 605,
  });
  expect(unit).toContain(`ExecStart="/usr/bin/node" ${AGENT_NODE_ARGUMENTS.join(' ')} "/srv/way bill/main.js"\n`);
  expect(unit).toContain('EnvironmentFile=/var/lib/waybill-agent/agent/agent.env\n');
  expect(unit).toContain('TimeoutStopSec=605s\n');
});

test('an environment file keeps values whole and leaves out what is absent', () => {
  expect(environmentFile({ A: 'b "c" $d # e', B: undefined, C: '{"x":"y"}' })).toBe(
    'A="b \\"c\\" \\$d # e"\nC="{\\"x\\":\\"y\\"}"\n',
  );
});
