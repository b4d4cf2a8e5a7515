// @ts-check
/** `npm run sim -- [--seeds N] [--seed S] [--hours H]`: the deterministic simulation; it needs no server at all. */
import { runCommand } from './run/command.mjs';

await runCommand({ needs: ['build'], script: 'dist/test/simulation/main.js' });
