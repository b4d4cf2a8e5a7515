import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { AGENT_NODE_ARGUMENTS } from './node-arguments.ts';

const ENTRY = 'dist/apps/agent/src/main.js';

test('systemd starts an agent as everything else does', () => {
  const unit = readFileSync('deploy/systemd/waybill-agent.service', 'utf8');
  expect(unit).toContain(`\nExecStart=/usr/bin/node ${AGENT_NODE_ARGUMENTS.join(' ')} ${ENTRY}\n`);
});

test('so does the image', () => {
  const image = readFileSync('deploy/images/Dockerfile', 'utf8');
  const command = ['node', ...AGENT_NODE_ARGUMENTS, ENTRY].map((word) => JSON.stringify(word)).join(', ');
  expect(image).toContain(`\nCMD [${command}]\n`);
});
