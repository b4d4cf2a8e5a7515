import { createRequire } from 'node:module';
import { loadLater } from './loaded-later.ts';

/*
 * Imported before dockerode. For builds and for engines behind SSH it loads a third of an agent's code (gRPC, ssh2), though
 * an agent never builds, and seldom has such an engine.
 */
const ofDockerode = createRequire(createRequire(import.meta.url).resolve('dockerode'));

loadLater(ofDockerode, './session');
loadLater(ofDockerode, 'docker-modem/lib/ssh.js');
