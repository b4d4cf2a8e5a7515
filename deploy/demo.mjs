// @ts-check
/** `npm run demo`: the main job end to end with real containers, on free ports and a data folder of its own. */
import { runCommand } from './run/command.mjs';

await runCommand({ needs: ['build', 'nats-server', 'docker', 'demo-image'], script: 'dist/test/demo/demo.js' });
