import { runCli } from './program.ts';
import { processTerminal } from './shell/terminal.ts';

process.exitCode = await runCli(process.argv.slice(2), {
  terminal: processTerminal(),
  env: process.env,
  nowMs: Date.now,
});
