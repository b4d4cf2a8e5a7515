#!/usr/bin/env node
// @ts-check
/** `npx waybill …`: the command line program, as built by `npm start`. It sets nothing up. */
import { existsSync } from 'node:fs';

const program = new URL('../dist/apps/cli/src/main.js', import.meta.url);
if (existsSync(program)) {
  await import(program.href);
} else {
  process.stderr.write('waybill is not built yet: run npm start first\n');
  process.exitCode = 1;
}
