import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DockerRuntime } from '#libs/container-runtime-docker';
import { productFolder } from '#libs/platform';
import { CliProblem, messageOf } from '../shell/cli-problem.ts';

/** The set-up of `npm start`, which is plain JavaScript beside the built product. */
interface EngineSetup {
  readonly ensureDocker: (context: object) => Promise<{ readonly dockerHost: string }>;
}
interface SetupContexts {
  readonly createContext: (env: NodeJS.ProcessEnv) => object;
}

/**
 * A container engine that answers: the one that is there, or on request, as root on Debian, the package docker.io.
 *
 * @returns where it is, as DOCKER_HOST, or null: where it is looked for anyway
 * @throws CliProblem
 */
export async function ensureEngine(env: NodeJS.ProcessEnv, mayInstall: boolean): Promise<string | null> {
  const problem = await engineProblem();
  if (problem === null) return null;
  if (!mayInstall) {
    throw new CliProblem(
      `no container engine answers (${problem}): start it, or let it be installed (docker.io, as root on Debian): repeat this with --yes`,
    );
  }
  const setup = async <Module>(file: string): Promise<Module> =>
    (await import(pathToFileURL(join(productFolder(), 'deploy', 'setup', file)).href)) as Module;
  const { createContext } = await setup<SetupContexts>('context.mjs');
  const { ensureDocker } = await setup<EngineSetup>('docker.mjs');
  try {
    return (await ensureDocker(createContext(env))).dockerHost;
  } catch (error) {
    throw new CliProblem(messageOf(error));
  }
}

async function engineProblem(): Promise<string | null> {
  const runtime = new DockerRuntime({ instanceId: 'none' });
  try {
    await runtime.info();
    return null;
  } catch (error) {
    return messageOf(error);
  } finally {
    await runtime.close();
  }
}
