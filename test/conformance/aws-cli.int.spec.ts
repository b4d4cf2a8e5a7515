import { ECSClient, RunTaskCommand } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { findOutputFault } from '#libs/aws-wire';
import { ecsService } from '#libs/ecs/messages';
import { ecsCall } from '../integration/support/ecs-call.ts';
import { AwsCli, environmentOf, runProgram, versionOf } from './support/aws-cli.ts';
import { expectGolden } from './support/golden.ts';
import { Served } from './support/served.ts';

/* Amazon's own clients, unmodified, against a real control plane with simulated hosts. */

/** Each command of Debian's AWS CLI takes seconds on a busy machine. */
jest.setTimeout(600_000);

const PYTHON = 'python3';
const CLI = await versionOf('aws', '--version');
const BOTO3 = await versionOf(PYTHON, '-c', 'import boto3; print("boto3", boto3.__version__)');
/** A test whose client is missing is left out; every run lists those at its end, and CI counts them as failed. */
const testWithCli = CLI === undefined ? test.skip : test;
const testWithBoto3 = BOTO3 === undefined ? test.skip : test;
/** Exit codes of version 1 and of version 2, which scripts tell apart: the service said no; the command line is wrong. */
const IS_VERSION_1 = CLI?.startsWith('aws-cli/1.') === true;
const SERVICE_ERROR_CODE = IS_VERSION_1 ? 255 : 254;
const USAGE_ERROR_CODE = IS_VERSION_1 ? 2 : 252;
const FAMILY = {
  family: 'web',
  containerDefinitions: [
    { name: 'app', image: 'app:1', cpu: 64, memory: 128, essential: true, portMappings: [{ containerPort: 80 }] },
  ],
  tags: [{ key: 'team', value: 'shop' }],
};

let served: Served;
beforeAll(async () => {
  served = await Served.start();
});
afterAll(() => served.stop());

/** An operation's raw answer, checked against the output of the model. */
async function wire<Output>(operation: string, input: object): Promise<Output> {
  const output = await ecsCall<Output>(served.root, operation, input);
  expect(findOutputFault(ecsService, operation, output)).toBeUndefined();
  return output;
}

type Task = { readonly taskArn: string; readonly lastStatus: string };

async function taskThatIs(lastStatus: string, task: string): Promise<object> {
  for (;;) {
    const { tasks } = await wire<{ tasks: Task[] }>('DescribeTasks', { cluster: 'default', tasks: [task] });
    if (tasks[0]?.lastStatus === lastStatus) return { tasks };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('the wire (AWS SDK for JavaScript, and NATS for the raw JSON)', () => {
  test('main answers are those of the reviewed golden files', async () => {
    expectGolden('register-task-definition', await wire('RegisterTaskDefinition', FAMILY));
    expectGolden('describe-clusters', await wire('DescribeClusters', { include: ['TAGS', 'STATISTICS', 'SETTINGS'] }));
    const { containerInstanceArns } = await wire<{ containerInstanceArns: string[] }>('ListContainerInstances', {});
    const containerInstances = containerInstanceArns.slice(0, 1);
    const instances = await wire<{ containerInstances: { attributes: { name: string }[] }[] }>(
      'DescribeContainerInstances',
      { containerInstances },
    );
    // What a host can do depends on its engine and tools.
    for (const instance of instances.containerInstances) {
      instance.attributes = instance.attributes.filter(({ name }) => !name.includes('ecs.capability.'));
    }
    expectGolden('describe-container-instances', instances);

    const { endpoint, key } = served;
    const ecs = new ECSClient({ endpoint, region: 'us-east-1', credentials: key, maxAttempts: 1 });
    const input = { taskDefinition: 'web', startedBy: 'golden', clientToken: 'golden' };
    const { tasks } = await ecs.send(new RunTaskCommand(input));
    ecs.destroy();
    const task = tasks?.[0]?.taskArn ?? '';
    // The same token: the same answer, raw this time. The hosts take a while to start anything.
    expectGolden('task-pending', await wire('RunTask', input));
    expectGolden('task-running', await taskThatIs('RUNNING', task));
    await wire('StopTask', { task, reason: 'seen enough' });
    expectGolden('task-stopped', await taskThatIs('STOPPED', task));
    const service = { serviceName: 'golden', taskDefinition: 'web', desiredCount: 0 };
    expectGolden('create-service', await wire('CreateService', service));
    await wire('DeleteService', { service: 'golden' });
    const missing = { tasks: ['f'.repeat(32)] };
    expectGolden('describe-tasks-missing', await wire('DescribeTasks', missing));
  });
});

describe(`the AWS CLI (${CLI ?? 'not on this machine'})`, () => {
  testWithCli('leads a service from its creation to its end', async () => {
    const aws = await AwsCli.at(served.endpoint, served.key);
    try {
      await clusterAndDefinition(aws);
      await standaloneTask(aws);
      await serviceLife(aws);
      await errors(aws);
      await theEnd(aws);
    } finally {
      await aws.remove();
    }
  });
});

async function clusterAndDefinition(aws: AwsCli): Promise<void> {
  const created = await aws.json<{ cluster: object }>(
    'create-cluster',
    '--cluster-name',
    'cli',
    '--tags',
    'key=team,value=cli',
  );
  expect(created.cluster).toMatchObject({
    clusterName: 'cli',
    status: 'ACTIVE',
    tags: [{ key: 'team', value: 'cli' }],
  });
  for (const revision of [1, 2, 3]) {
    // Three requests that differ: equal ones of one second have one signature, and count as one call.
    const tags = [{ key: 'build', value: String(revision) }];
    const file = await aws.file('definition.json', { ...FAMILY, family: 'cli', tags });
    const { taskDefinition } = await aws.json<{ taskDefinition: object }>(
      'register-task-definition',
      '--cli-input-json',
      file,
    );
    expect(taskDefinition).toMatchObject({ family: 'cli', revision, status: 'ACTIVE' });
  }
  const listed = await aws.json<{ taskDefinitionArns: string[] }>(
    'list-task-definitions',
    '--family-prefix',
    'cli',
    '--sort',
    'DESC',
    '--page-size',
    '2',
  );
  expect(listed.taskDefinitionArns.map((arn) => arn.split(':').at(-1))).toEqual(['3', '2', '1']);
  const { containerInstanceArns } = await aws.json<{ containerInstanceArns: string[] }>(
    'list-container-instances',
    '--page-size',
    '2',
  );
  expect(containerInstanceArns).toHaveLength(3);
}

async function standaloneTask(aws: AwsCli): Promise<void> {
  const run = await aws.json<{ tasks: Task[]; failures: object[] }>(
    'run-task',
    '--task-definition',
    'cli:1',
    '--count',
    '2',
  );
  expect(run.failures).toEqual([]);
  expect(run.tasks).toMatchObject([{ lastStatus: 'PENDING' }, { lastStatus: 'PENDING' }]);
  const arns = run.tasks.map(({ taskArn }) => taskArn);
  const described = await aws.json<{ tasks: object[]; failures: object[] }>(
    'describe-tasks',
    '--tasks',
    ...arns,
    'f'.repeat(32),
  );
  expect(described.tasks).toHaveLength(2);
  expect(described.failures).toMatchObject([{ reason: 'MISSING' }]);
  for (const arn of arns) {
    const { task } = await aws.json<{ task: object }>('stop-task', '--task', arn, '--reason', 'enough');
    expect(task).toMatchObject({ desiredStatus: 'STOPPED', stopCode: 'UserInitiated', stoppedReason: 'enough' });
  }
}

async function serviceLife(aws: AwsCli): Promise<void> {
  const { service } = await aws.json<{ service: { serviceArn: string } }>(
    'create-service',
    '--service-name',
    'cli',
    '--task-definition',
    'cli',
    '--desired-count',
    '3',
  );
  expect(service).toMatchObject({ status: 'ACTIVE', desiredCount: 3, deployments: [{ status: 'PRIMARY' }] });
  expect(await aws.run('wait', 'services-stable', '--services', 'cli')).toMatchObject({ code: 0 });
  const { services } = await aws.json<{ services: object[] }>('describe-services', '--services', 'cli', 'nobody');
  expect(services).toMatchObject([{ runningCount: 3, pendingCount: 0, deployments: [{ status: 'PRIMARY' }] }]);
  const { taskArns } = await aws.json<{ taskArns: string[] }>(
    'list-tasks',
    '--service-name',
    'cli',
    '--page-size',
    '2',
  );
  expect(new Set(taskArns).size).toBe(3);
  const { serviceArn } = service;
  expect(await aws.run('tag-resource', '--resource-arn', serviceArn, '--tags', 'key=stage,value=test')).toMatchObject({
    code: 0,
  });
  expect(await aws.json('list-tags-for-resource', '--resource-arn', serviceArn)).toEqual({
    tags: [{ key: 'stage', value: 'test' }],
  });
  expect(await aws.run('untag-resource', '--resource-arn', serviceArn, '--tag-keys', 'stage')).toMatchObject({
    code: 0,
  });
}

/** Exit code and text of each error, as scripts look for them. */
async function errors(aws: AwsCli): Promise<void> {
  const told = (name: string, operation: string, text: string) =>
    `An error occurred (${name}) when calling the ${operation} operation: ${text}`;
  const cases: readonly (readonly [args: readonly string[], message: string])[] = [
    [['list-tasks', '--cluster', 'nowhere'], told('ClusterNotFoundException', 'ListTasks', 'Cluster not found.')],
    [
      ['update-service', '--service', 'nobody', '--desired-count', '1'],
      told('ServiceNotFoundException', 'UpdateService', 'Service not found.'),
    ],
    [
      ['create-service', '--service-name', 'cli', '--task-definition', 'cli', '--desired-count', '4'],
      told('InvalidParameterException', 'CreateService', 'Creation of service was not idempotent.'),
    ],
    [
      ['delete-service', '--service', 'cli'],
      told('InvalidParameterException', 'DeleteService', 'The service cannot be stopped while it is scaled above 0.'),
    ],
    [
      ['describe-task-definition', '--task-definition', 'nothing'],
      told('ClientException', 'DescribeTaskDefinition', 'Unable to describe task definition.'),
    ],
  ];
  for (const [args, message] of cases) {
    const { code, stdout, stderr } = await aws.run(...args);
    // Debian 12's CLI adds this when it may not retry.
    const text = stderr.replace(' (reached max retries: 0)', '').trim();
    expect({ code, stdout, stderr: text }).toMatchObject({
      code: expect.any(Number),
      stdout: '',
      stderr: expect.stringContaining(message),
    });
    expect(code).toBe(SERVICE_ERROR_CODE);
  }
  expect((await aws.run('describe-tasks')).code).toBe(USAGE_ERROR_CODE);
}

async function theEnd(aws: AwsCli): Promise<void> {
  const { service } = await aws.json<{ service: object }>('delete-service', '--service', 'cli', '--force');
  expect(service).toMatchObject({ status: 'DRAINING' });
  expect(await aws.run('wait', 'services-inactive', '--services', 'cli')).toMatchObject({ code: 0 });
  const { taskDefinition } = await aws.json<{ taskDefinition: object }>(
    'deregister-task-definition',
    '--task-definition',
    'cli:1',
  );
  expect(taskDefinition).toMatchObject({ status: 'INACTIVE' });
  const { cluster } = await aws.json<{ cluster: object }>('delete-cluster', '--cluster', 'cli');
  expect(cluster).toMatchObject({ status: 'INACTIVE' });
}

const BOTO3_SCRIPT = `
import boto3, json, os
# Older ones (Debian 12's) do not read the variable by themselves.
ecs = boto3.client('ecs', endpoint_url=os.environ['AWS_ENDPOINT_URL'])
ecs.register_task_definition(family='boto', containerDefinitions=[{'name': 'app', 'image': 'app:1', 'memory': 64}])
arns = [t['taskArn'] for t in ecs.run_task(taskDefinition='boto', count=3, startedBy='boto')['tasks']]
ecs.get_waiter('tasks_running').wait(tasks=arns, WaiterConfig={'Delay': 1, 'MaxAttempts': 60})
pages = [p['taskArns'] for p in ecs.get_paginator('list_tasks').paginate(startedBy='boto', PaginationConfig={'PageSize': 2})]
created = ecs.describe_tasks(tasks=arns)['tasks'][0]['createdAt']
try:
    ecs.list_services(cluster='nowhere')
    error = None
except ecs.exceptions.ClusterNotFoundException as e:
    error = e.response['Error']
for arn in arns: ecs.stop_task(task=arn)
ecs.get_waiter('tasks_stopped').wait(tasks=arns, WaiterConfig={'Delay': 1, 'MaxAttempts': 60})
print(json.dumps({'pages': [len(p) for p in pages], 'year': created.year, 'error': error}))
`;

describe(`the AWS SDK for Python (${BOTO3 ?? 'not on this machine'})`, () => {
  testWithBoto3('runs tasks, waits, turns pages, and raises the modelled exception', async () => {
    const env = { ...process.env, ...environmentOf(served.endpoint, served.key, '/nonexistent') };
    const { code, stdout, stderr } = await runProgram(PYTHON, ['-c', BOTO3_SCRIPT], env);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({
      pages: [2, 1],
      year: new Date().getUTCFullYear(),
      error: { Code: 'ClusterNotFoundException', Message: 'Cluster not found.' },
    });
  });
});
