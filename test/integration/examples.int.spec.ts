import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { enforcementObstacle } from '#libs/container-runtime-docker';
import { productFolder } from '#libs/platform';
import { freeRange, testRegistry, type TestRegistry } from '#libs/testing';
import Docker from 'dockerode';
import { RunningCli } from '../../apps/cli/spec/running-cli.ts';
import { shellBlocks } from '../../deploy/fresh-machine/shell-blocks.mjs';
import { mapFewAtOnce } from '../../deploy/run/pool.mjs';
import { versionOf } from '../conformance/support/aws-cli.ts';
import { removeLeftovers } from './support/stack-leftovers.ts';
import { typeInShell, type ShellPlace, type Typed } from './support/typed-shell.ts';

/* deploy/examples, word for word: what its README tells a user to type is what runs here. */

/** The waiters of the AWS CLI look every few seconds, and a machine of CI is busy. */
jest.setTimeout(600_000);

const README = await readFile('deploy/examples/README.md', 'utf8');
const SECTIONS = [...README.matchAll(/^## (.*)$/gm)].map(([, heading = '']) => heading);
const EXAMPLES = SECTIONS.filter((heading) => heading !== 'Before you start');
/** They wait most of the time, and the machine has room for these. */
const AT_ONCE = 3;

const versions = await Promise.all(['aws', 'docker', 'curl'].map((program) => versionOf(program, '--version')));
const canRun = !versions.includes(undefined) && (await enforcementObstacle()) === undefined;
/** Without what the README's reader has by then, they are left out. */
const describeWithPrograms = canRun ? describe : describe.skip;
const skeletons = await Promise.all(
  ['register-task-definition', 'run-task'].map((name) => versionOf('aws', 'ecs', name, '--generate-cli-skeleton')),
);
/** Debian 12's AWS CLI is older than some members. */
const cliKnows = (member: string): boolean => skeletons.some((skeleton) => skeleton?.includes(`"${member}"`) === true);

describeWithPrograms('deploy/examples', () => {
  const docker = new Docker();
  const network = `wbx-${randomBytes(4).toString('hex')}`;
  let folder: string;
  let registry: TestRegistry;
  let up: RunningCli;
  let results: ReadonlyMap<string, Typed>;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'waybill-examples-'));
    await symlink(path.join(productFolder(), 'deploy'), path.join(folder, 'deploy'));
    registry = await testRegistry(docker, { login: true });
    const [start = '', shell = ''] = shellBlocks(README, 'Before you start');
    const env = await namedBefore(start);
    const home = path.join(folder, '.waybill');
    up = new RunningCli(home, ['up', '--port', '0'], {
      env: { ...env, WAYBILL_VPC_NAME: network, WAYBILL_VPC_CIDR: freeRange() },
    });
    await up.says(/^Waybill is ready at /m);
    const place = placeOf({ WAYBILL_HOME: home });
    const waybill = `waybill() { '${process.execPath}' '${productFolder()}/deploy/waybill.mjs' "$@"; }`;
    const typed = await mapFewAtOnce(EXAMPLES, AT_ONCE, async (heading): Promise<[string, Typed]> => {
      const { code, blocks, stderr } = await typeInShell(
        [`${waybill}\n${shell}`, ...shellBlocks(README, heading)],
        place,
      );
      return [heading, { code, blocks: blocks.slice(1), stderr }];
    });
    results = new Map(typed);
  });

  afterAll(async () => {
    await up.end('SIGTERM');
    await removeLeftovers(up.home, network);
    await registry.stop();
    await rm(folder, { recursive: true });
  });

  /** Nothing of this machine's own configuration. */
  const placeOf = (env: NodeJS.ProcessEnv): ShellPlace => ({
    cwd: folder,
    env: {
      ...process.env,
      AWS_CONFIG_FILE: path.join(folder, 'aws-config'),
      AWS_SHARED_CREDENTIALS_FILE: path.join(folder, 'aws-credentials'),
      AWS_PAGER: '',
      DOCKER_CONFIG: path.join(folder, 'docker'),
      REGISTRY: registry.host,
      ...env,
    },
  });

  /** The settings that a user has exported by `npm start`. */
  async function namedBefore(block: string): Promise<NodeJS.ProcessEnv> {
    const [settings = '', start] = block.split(/\n(?=npm start$)/);
    expect(start).toBe('npm start');
    const { code, blocks } = await typeInShell([`${settings}\nenv -0`], placeOf({}));
    expect(code).toBe(0);
    const variables = blocks
      .join('')
      .split('\0')
      .filter((line) => line.startsWith('WAYBILL_'));
    return Object.fromEntries(variables.map((line) => /^(\w+)=([^]*)$/.exec(line)?.slice(1) ?? []));
  }

  /** What the blocks of a section wrote, every command of which has succeeded. */
  function outputs(heading: string): readonly string[] {
    const { code, blocks, stderr } = results.get(heading) ?? { code: null, blocks: [], stderr: 'no such section' };
    if (code !== 0) throw new Error(`exit code ${code} after\n${blocks.join('\n')}\n${stderr}`);
    return blocks;
  }

  /** One whose member this AWS CLI does not know is refused by it, which the README says. */
  function expectRefusedByCli(heading: string, words: RegExp): void {
    expect(results.get(heading)).toMatchObject({ code: expect.any(Number), stderr: expect.stringMatching(words) });
    expect(results.get(heading)?.code).not.toBe(0);
  }

  test('an init container writes the page, and a sidecar is restarted in place', () => {
    const heading = 'A web server with an init container and a sidecar';
    if (!cliKnows('restartPolicy')) return expectRefusedByCli(heading, /Unknown parameter.*restartPolicy/);
    expect(outputs(heading).slice(1, 3)).toEqual(['prepared\n', 'RUNNING\n']);
  });

  test('two services answer on one port, each at an address of its own', () => {
    const [, answers = ''] = outputs('Two services on one port');
    const [, blue, green] = /^blue (\S+): ok\ngreen (\S+): ok\n$/.exec(answers) ?? [];
    expect(blue).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
    expect(green).not.toBe(blue);
  });

  test('a Fargate task answers at its address', () => {
    const [started = ''] = outputs('Fargate');
    expect(started).toMatch(/^FARGATE\t1\.4\.0\t256\t512$/m);
    expect(started).toMatch(/^waybill demo, version 2, on /m);
  });

  test('data outlives the task', () => {
    expect(outputs('Data that outlives the task')[1]).toBe('started\nstarted\n');
  });

  test('a private image is pulled with what repositoryCredentials name', () => {
    expect(outputs('A private image')[1]).toMatch(/^waybill demo, version 1, on /m);
  });

  test('who is in the group may connect, and nobody else', () => {
    expect(outputs('Who may connect')[1]).toBe('sg-caller 0\ndefault 1\n');
  });

  test('a folder is an EFS file system', () => {
    expect(outputs('EFS by folder')[0]).toMatch(/^a page of a file system$/m);
  });

  test('a task has the file system that it was started with', () => {
    const heading = 'A volume that is configured at launch';
    if (!cliKnows('volumeConfigurations'))
      return expectRefusedByCli(
        heading,
        /Unknown parameter.*configuredAtLaunch|Unknown options: --volume-configurations/,
      );
    expect(outputs(heading)[0]).toMatch(/^ on \/scratch type ext4$/m);
  });
});
