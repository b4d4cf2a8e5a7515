// @ts-check
/** The set-up as a whole: which steps a command needs, always in the same order. */
import { ensureAwsClients } from './aws-clients.mjs';
import { ensureBuild } from './build.mjs';
import { ensureDemoImage } from './demo-image.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { ensureDocker } from './docker.mjs';
import { ensureNatsServer } from './nats-server.mjs';
import { ensureHostPackages } from './host-packages.mjs';
import { ensureNetworkTools } from './network-tools.mjs';
import { ensureNodeVersion } from './node-version.mjs';
import { SetupError } from './progress.mjs';
import { ensureTestRegistry } from './test-registry.mjs';

/** @typedef {'build' | 'nats-server' | 'docker' | 'demo-image' | 'demo-image-if-possible' | 'aws-clients' | 'network-tools' | 'test-registry' | 'host-packages'} Need */

/**
 * Sets up what the needs name; Node.js and the npm packages are always looked after.
 *
 * @param {import('./context.mjs').SetupContext} context
 * @param {readonly Need[]} needs
 * @returns {Promise<NodeJS.ProcessEnv>} the environment for the program that is to be run
 */
export async function setUp(context, needs) {
  const env = { ...context.env };
  await ensureNodeVersion(context);
  await ensureDependencies(context);
  if (needs.includes('build')) await ensureBuild(context);
  if (needs.includes('nats-server')) env['WAYBILL_NATS_SERVER'] = (await ensureNatsServer(context)).path;
  if (needs.includes('test-registry')) env['WAYBILL_TEST_REGISTRY'] = (await ensureTestRegistry(context)).path;
  if (needs.includes('aws-clients')) await ensureAwsClients(context);
  if (needs.includes('network-tools')) await ensureNetworkTools(context);
  if (needs.includes('host-packages')) await ensureHostPackages(context);
  if (!needs.includes('docker')) return env;
  const docker = await ensureDocker(context);
  env['DOCKER_HOST'] = docker.dockerHost;
  if (needs.includes('demo-image')) await ensureDemoImage(context, docker);
  if (needs.includes('demo-image-if-possible')) await tryDemoImage(context, docker);
  return env;
}

/**
 * The product runs without the demo images; a user who wants to try it with them learns why they are missing.
 *
 * @param {import('./context.mjs').SetupContext} context
 * @param {{ dockerHost: string }} docker
 */
async function tryDemoImage(context, docker) {
  try {
    await ensureDemoImage(context, docker);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    context.log.warn(error.message);
  }
}
