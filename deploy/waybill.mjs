#!/usr/bin/env node
// @ts-check
/** `waybill …`: the command line program, as built by `npm start`. It sets nothing up, and works from any folder. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createContext } from './setup/context.mjs';
import { cachedNatsServer } from './setup/nats-server.mjs';
import { entryFileOf } from './setup/nest-projects.mjs';

const root = new URL('..', import.meta.url);
const program = new URL(entryFileOf(fileURLToPath(root), 'cli'), root);
if (existsSync(program)) {
  // The commands that run a server find the one that the set-up has fetched.
  const natsServer = process.env['WAYBILL_NATS_SERVER'] || cachedNatsServer(createContext());
  if (natsServer !== undefined) process.env['WAYBILL_NATS_SERVER'] = natsServer;
  await import(program.href);
} else {
  process.stderr.write('waybill is not built yet: run npm start first\n');
  process.exitCode = 1;
}
