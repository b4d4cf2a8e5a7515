import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { TaskOutput } from '#libs/ecs/messages';
import { eventually } from '../../apps/cli/spec/running-cli.ts';
import { mapFewAtOnce } from '../../deploy/run/pool.mjs';
import { launchOf, readDefinition } from './support/definition-file.ts';
import { Refusal } from './support/ecs-call.ts';
import { OneHost } from './support/one-host.ts';

/* The shapes that people keep task definitions in: each is registered as it is, and run on a real host. */

jest.setTimeout(300_000);

const FOLDER = 'test/integration/definitions';
/** So that the tasks of some find room beside those of the others. */
const AT_ONCE = 4;
const RUNNING = [
  'addresses-on-instances',
  'bare-list',
  'capabilities',
  'console-copy',
  'empty-lists',
  'ephemeral-storage',
  'external',
  'hardened',
  'host-mode',
  'host-processes',
  'log-file',
  'network-disabled',
  'no-network',
  'one-virtual-cpu',
  'restart-policy',
  'shared-processes',
  'six-containers',
  'udp-and-tcp',
  'units-in-words',
  'volumes',
];

/** With RegisterTaskDefinition's answer. */
const REFUSED: Readonly<Record<string, string>> = {
  'access-point-with-folder':
    'ClientException: When using an EFS access point, the root directory must either be set to "/" or be omitted.',
  'empty-tags': 'ClientException: Tags can not be empty.',
  'family-placeholder': 'ClientException: Family contains invalid characters.',
  'host-path-on-fargate': 'ClientException: Fargate compatible task definitions do not support sourcePath',
  'host-port-differs':
    'ClientException: When networkMode=awsvpc, the host ports and container ports in port mappings must match.',
  'image-placeholder': 'ClientException: Container.image contains invalid characters.',
  'no-family': 'ClientException: Family can not be blank.',
  'no-memory':
    "ClientException: Invalid setting for container 'forgetful'. At least one of 'memory' or 'memoryReservation' must be specified.",
  'object-for-list':
    "SerializationException: Start of structure or map found where not expected (at 'containerDefinitions[0].portMappings')",
  'odd-fargate-size':
    'ClientException: No Fargate configuration exists for given values: 256 CPU, 8192 memory. ' +
    'See the Amazon ECS documentation for the valid values.',
  'port-as-text':
    "SerializationException: STRING_VALUE cannot be converted to Integer (at 'containerDefinitions[0].portMappings[0].containerPort')",
  'restart-as-text': "SerializationException: Unexpected field type (at 'containerDefinitions[0].restartPolicy')",
  'shared-memory-on-fargate': 'ClientException: Fargate compatible task definitions do not support sharedMemorySize',
  'unknown-dependency': "ClientException: Cannot depend on container + 'partner' because it does not exist",
  'unknown-link': "ClientException: Container 'lonely' is linked to unknown container 'partner'.",
};

const NOT_PLACED: Readonly<Record<string, string | RegExp>> = {
  constraint: 'MemberOf placement constraint unsatisfied attribute:rack == seven',
  'log-group': 'ATTRIBUTE missing com.amazonaws.ecs.capability.logging-driver.awslogs',
  privileged: 'ATTRIBUTE missing com.amazonaws.ecs.capability.privileged-container',
  'too-large': 'RESOURCE:CPU',
  'too-large-fargate': /^Capacity is unavailable at this time\..* RESOURCE:(CPU|MEMORY) on 1 of the hosts$/,
  'volume-plugin': 'ATTRIBUTE missing ecs.capability.docker-plugin.no-such/driver',
  windows: 'ATTRIBUTE missing ecs.os-type=windows, ecs.os-family=WINDOWS_SERVER_2022_CORE',
};

const FAILED_TO_START: Readonly<Record<string, RegExp>> = {
  'command-that-is-missing': /^CannotStartContainerError: .*no-such-program.*no such file or directory/,
  'image-that-is-missing': /^CannotPullContainerError: .*connection refused/,
  'missing-efs-folder': /^CannotCreateVolumeError: fs-1: \/missing: no such file or directory$/,
};

/** How a definition ended: where, and what was said. */
interface Ending {
  /** A call that said no, the task's stop code, or RUNNING. */
  readonly where: string;
  readonly text: string;
}

interface RegisterAnswer {
  readonly taskDefinition: { readonly taskDefinitionArn: string };
}

interface RunTaskAnswer {
  readonly tasks: readonly TaskOutput[];
  readonly failures: readonly { readonly reason: string; readonly detail?: string }[];
}

describe('task definitions as people keep them', () => {
  const endings = new Map<string, Ending>();
  let host: OneHost;

  beforeAll(async () => {
    host = await OneHost.start({ WAYBILL_DISABLE_PRIVILEGED: 'true' });
    const names = (await readdir(FOLDER)).map((file) => path.basename(file, '.json'));
    await mapFewAtOnce(names, AT_ONCE, async (name) => void endings.set(name, await ending(name)));
  });

  afterAll(() => host.stop());

  async function ending(name: string): Promise<Ending> {
    const definition = await readDefinition(path.join(FOLDER, `${name}.json`), name);
    let where = 'not registered';
    try {
      const { taskDefinition } = await host.ecs<RegisterAnswer>('RegisterTaskDefinition', definition);
      where = 'not run';
      const request = { taskDefinition: taskDefinition.taskDefinitionArn, ...launchOf(definition) };
      const { tasks, failures } = await host.ecs<RunTaskAnswer>('RunTask', request);
      const [task] = tasks;
      if (task !== undefined) return await endOf(task.taskArn ?? '', name);
      return {
        where: 'not placed',
        text: failures.map(({ reason, detail = '' }) => `${reason} ${detail}`.trim()).join(),
      };
    } catch (error) {
      if (error instanceof Refusal) return { where, text: error.message };
      throw error;
    }
  }

  async function endOf(task: string, name: string): Promise<Ending> {
    const seen = await eventually(`${name} runs or ends`, async () => {
      const { tasks } = await host.ecs<{ tasks: readonly TaskOutput[] }>('DescribeTasks', { tasks: [task] });
      return tasks[0] !== undefined && isSettled(tasks[0]) ? tasks[0] : null;
    });
    await host.ecs('StopTask', { task });
    const reasons = (seen.containers ?? []).flatMap(({ reason }) => reason ?? []);
    return { where: seen.stopCode ?? seen.lastStatus ?? '', text: reasons.join('; ') };
  }

  test('every file is in the table', () => {
    const byHost = ['arm-fargate', 'configured-at-launch', 'console-fargate'];
    const listed = [...RUNNING, ...byHost, ...[REFUSED, NOT_PLACED, FAILED_TO_START].flatMap(Object.keys)];
    expect([...endings.keys()].sort()).toEqual(listed.sort());
  });

  test.each(RUNNING)('%s runs', (name) => {
    expect(endings.get(name)).toEqual({ where: 'RUNNING', text: '' });
  });

  test.each(Object.entries(REFUSED))('%s is refused', (name, text) => {
    expect(endings.get(name)).toEqual({ where: 'not registered', text });
  });

  test.each(Object.entries(NOT_PLACED))('%s is not placed', (name, text) => {
    expect(endings.get(name)).toEqual({
      where: 'not placed',
      text: typeof text === 'string' ? text : expect.stringMatching(text),
    });
  });

  test.each(Object.entries(FAILED_TO_START))('%s fails to start', (name, text) => {
    expect(endings.get(name)).toEqual({ where: 'TaskFailedToStart', text: expect.stringMatching(text) });
  });

  test('a volume that is configured at launch needs its configuration', () => {
    const text =
      "InvalidParameterException: A volume configuration must be provided for volume 'runs', which is configured at launch.";
    expect(endings.get('configured-at-launch')).toEqual({ where: 'not run', text });
  });

  test('what was built for another processor is not placed here', () => {
    const [own, other] = process.arch === 'x64' ? ['console', 'arm'] : ['arm', 'console'];
    const architecture = process.arch === 'x64' ? 'arm64' : 'x86_64';
    expect(endings.get(`${own}-fargate`)).toEqual({ where: 'RUNNING', text: '' });
    expect(endings.get(`${other}-fargate`)).toEqual({
      where: 'not placed',
      text: `ATTRIBUTE missing ecs.cpu-architecture=${architecture}`,
    });
  });
});

/** Stopped, or all of it runs but what has done its work. */
function isSettled({ lastStatus, containers = [] }: TaskOutput): boolean {
  if (lastStatus === 'STOPPED') return true;
  const isUp = (status: string | undefined): boolean => status === 'RUNNING' || status === 'STOPPED';
  return lastStatus === 'RUNNING' && containers.every((container) => isUp(container.lastStatus));
}
