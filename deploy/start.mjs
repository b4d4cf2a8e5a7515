// @ts-check
/** `npm start`: sets up what is missing, builds, and runs everything on this machine in the foreground. */
import { runCommand } from './run/command.mjs';

await runCommand({
  needs: ['build', 'nats-server', 'docker', 'demo-image-if-possible'],
  script: 'dist/apps/cli/src/main.js',
  args: ['up'],
});
