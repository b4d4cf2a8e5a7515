import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { environmentOf, runProgram, versionOf } from './support/aws-cli.ts';
import { runBoto3, testWithBoto3 } from './support/boto3.ts';
import { Served } from './support/served.ts';

/* AWS_ENDPOINT_URL sends every service to one port: what tools get there beside ECS, and how long it takes them. */

/** Each command of the AWS CLI takes seconds on a busy machine. */
jest.setTimeout(600_000);

/** A test whose client is missing is left out; every run lists those at its end, and CI counts them as failed. */
const testWithCli = (await versionOf('aws', '--version')) === undefined ? test.skip : test;
const ACCOUNT = '000000000000';
const IDENTITY = { Account: ACCOUNT, Arn: `arn:aws:iam::${ACCOUNT}:root`, UserId: ACCOUNT };

/** The part of the SDK that is used here. */
interface StsSdk {
  readonly STSClient: new (options: object) => { send(command: object): Promise<object>; destroy(): void };
  readonly GetCallerIdentityCommand: new (input: object) => object;
  readonly AssumeRoleCommand: new (input: object) => object;
  readonly AssumeRoleWithWebIdentityCommand: new (input: object) => object;
}

let served: Served;
beforeAll(async () => {
  served = await Served.start();
});
afterAll(() => served.stop());

describe('the caller', () => {
  testWithCli.each(['us-east-1', 'eu-central-1'])('asks the AWS CLI who it is, in %s', async (region) => {
    const { endpoint, key } = served;
    const env = { ...process.env, ...environmentOf(endpoint, key, '/nonexistent'), AWS_REGION: region };
    const args = ['sts', 'get-caller-identity', '--endpoint-url', endpoint, '--region', region];
    const { code, stdout, stderr } = await runProgram('aws', args, env);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual(IDENTITY);
  });

  testWithBoto3('asks boto3', async () => {
    const script = `
identity = client('sts').get_caller_identity()
identity.pop('ResponseMetadata')
print(json.dumps(identity))
`;
    expect(await runBoto3(served, script)).toEqual(IDENTITY);
  });

  testWithBoto3('is refused with a wrong secret, and with an unknown key, in words that SDKs know', async () => {
    const script = `
from botocore.exceptions import ClientError
known = boto3.Session().get_credentials()
codes = []
for key, secret in ((known.access_key, 'wrong'), ('AKIAUNKNOWN000000000', known.secret_key)):
    try:
        client('sts', aws_access_key_id=key, aws_secret_access_key=secret).get_caller_identity()
    except ClientError as e:
        codes.append([e.response['Error']['Code'], e.response['ResponseMetadata']['HTTPStatusCode'], e.response['ResponseMetadata']['RetryAttempts']])
print(json.dumps(codes))
`;
    expect(await runBoto3(served, script)).toEqual([
      ['SignatureDoesNotMatch', 403, 0],
      ['InvalidClientTokenId', 403, 0],
    ]);
  });
});

/* What aws-actions/configure-aws-credentials calls, with the client that it uses: who the keys belong to, and then, if
 * a role is given, that role by the keys or by GitHub's token (which needs no signature). */
describe('aws-actions/configure-aws-credentials', () => {
  const require = createRequire(import.meta.url);
  const sdk = require('@aws-sdk/client-sts') as StsSdk;
  const client = () =>
    new sdk.STSClient({
      endpoint: served.endpoint,
      region: 'eu-west-1',
      credentials: served.key,
      customUserAgent: 'configure-aws-credentials-for-github-actions',
    });

  test('learns the account of static keys', async () => {
    const sts = client();
    expect(await sts.send(new sdk.GetCallerIdentityCommand({}))).toMatchObject(IDENTITY);
    sts.destroy();
  });

  test('is told at once that roles are not offered', async () => {
    const sts = client();
    const role = {
      RoleArn: `arn:aws:iam::${ACCOUNT}:role/deploy`,
      RoleSessionName: 'GitHubActions',
      DurationSeconds: 3_600,
    };
    const Tags = [
      { Key: 'GitHub', Value: 'Actions' },
      { Key: 'Repository', Value: 'shop/web' },
    ];
    for (const command of [
      new sdk.AssumeRoleCommand({ ...role, Tags }),
      new sdk.AssumeRoleWithWebIdentityCommand({ ...role, WebIdentityToken: 'a.b.c' }),
    ]) {
      await expect(sts.send(command)).rejects.toMatchObject({
        name: 'UnsupportedOperation',
        message: expect.stringMatching(/^AssumeRole(WithWebIdentity)? is not offered/),
        $metadata: { httpStatusCode: 400, attempts: 1 },
      });
    }
    sts.destroy();
  });
});

interface Refused {
  readonly code: string;
  readonly message: string;
  readonly retries: number;
  readonly seconds: number;
}

const OTHER_SERVICES = `
from botocore.exceptions import ClientError
calls = {
  's3': lambda: client('s3').list_buckets(),
  's3 upload': lambda: client('s3').put_object(Bucket='bucket', Key='key', Body=b'x' * 5000000),
  's3 head': lambda: client('s3').head_bucket(Bucket='bucket'),
  'sqs': lambda: client('sqs').list_queues(),
  'iam': lambda: client('iam').list_users(),
  'logs': lambda: client('logs').describe_log_groups(),
  'ec2': lambda: client('ec2').describe_instances(),
  'elbv2': lambda: client('elbv2').describe_load_balancers(),
  'cloudwatch': lambda: client('cloudwatch').list_metrics(),
  'lambda': lambda: client('lambda').list_functions(),
  'dynamodb': lambda: client('dynamodb').list_tables(),
  'route53': lambda: client('route53').list_hosted_zones(),
  'events': lambda: client('events').list_rules(),
  'ecr': lambda: client('ecr').get_authorization_token(),
}
refused = {}
for name, call in calls.items():
  start = time.monotonic()
  try:
    call()
  except ClientError as e:
    error, metadata = e.response['Error'], e.response['ResponseMetadata']
    refused[name] = dict(code=error['Code'], message=error['Message'], retries=metadata['RetryAttempts'],
                         seconds=time.monotonic() - start)
print(json.dumps(refused))
`;

describe('a service that is not offered', () => {
  testWithBoto3('says so to boto3 in its own protocol, and is not asked again', async () => {
    const refused = await runBoto3<Record<string, Refused>>(served, OTHER_SERVICES);
    const { 's3 head': head, ...told } = refused;
    expect(Object.keys(told)).toHaveLength(13);
    for (const [name, { code, message, retries, seconds }] of Object.entries(told)) {
      expect({ name, code, message, retries }).toEqual({
        name,
        code: expect.stringMatching(/^(InvalidAction|UnknownOperationException)$/),
        message: expect.stringMatching(/^The service \w+ is not offered by this endpoint/),
        retries: 0,
      });
      expect(seconds).toBeLessThan(10);
    }
    // A HEAD response has no body to say anything in.
    expect(head).toMatchObject({ code: '400', retries: 0 });
  });

  testWithCli('reaches scripts through the AWS CLI', async () => {
    const { endpoint, key } = served;
    const env = { ...process.env, ...environmentOf(endpoint, key, '/nonexistent') };
    const { code, stderr } = await runProgram('aws', ['iam', 'list-roles', '--endpoint-url', endpoint], env);
    expect(code).not.toBe(0);
    expect(stderr).toContain('The service iam is not offered by this endpoint, which serves ecs and sts only.');
  });
});
