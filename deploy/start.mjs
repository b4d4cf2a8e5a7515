// @ts-check
/** `npm start`: sets up what is missing, builds, and runs everything on this machine in the foreground. */
import { fileURLToPath } from 'node:url';
import { runCommand } from './run/command.mjs';
import { entryFileOf } from './setup/nest-projects.mjs';

await runCommand({
  needs: ['build', 'nats-server', 'docker', 'demo-image-if-possible'],
  script: entryFileOf(fileURLToPath(new URL('..', import.meta.url)), 'cli'),
  args: ['up'],
});
