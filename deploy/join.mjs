// @ts-check
/** `npm run join -- TOKEN`: sets up what is missing, builds, and makes this machine a host: `waybill agent join`. */
import { fileURLToPath } from 'node:url';
import { runCommand } from './run/command.mjs';
import { entryFileOf } from './setup/nest-projects.mjs';

await runCommand({
  needs: ['build', 'docker', 'demo-image-if-possible'],
  script: entryFileOf(fileURLToPath(new URL('..', import.meta.url)), 'cli'),
  args: ['agent', 'join'],
});
