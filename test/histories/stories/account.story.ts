import { accountShard } from '#libs/ecs/messages';
import type { AccountCommand, AccountEvent, Rejection, TaskDefinition } from '#libs/ecs/messages';
import { accountDecider } from '#libs/ecs/deciders';
import type { AccountState } from '#libs/ecs/deciders';
import { decodeCommit } from '#libs/kernel';
import type { Commit } from '#libs/kernel';
import { ShardRecorder } from '../recorder.ts';

export const ACCOUNT = '123456789012';
export const REGION = 'us-east-1';

export type AccountRecorder = ShardRecorder<AccountState, AccountCommand, AccountEvent, Rejection, never>;

/** Task definitions are registered, tagged, deregistered and deleted. */
export function recordAccount(): AccountRecorder {
  const account = new ShardRecorder(accountShard(ACCOUNT), accountDecider());
  account.wait(1);
  account.submit(
    {
      type: 'RegisterTaskDefinition',
      region: REGION,
      input: {
        family: 'web',
        containerDefinitions: [
          { name: 'web', image: 'web:1', cpu: 128, memory: 256, portMappings: [{ containerPort: 8080 }] },
        ],
      },
      tags: [
        { key: 'team', value: 'shop' },
        { key: 'stage', value: 'test' },
      ],
    },
    {
      type: 'RegisterTaskDefinition',
      region: REGION,
      input: { family: 'giant', containerDefinitions: [{ name: 'giant', image: 'giant:1', memory: 65_536 }] },
    },
  );
  account.wait(60);
  account.submit({
    type: 'RegisterTaskDefinition',
    region: REGION,
    input: {
      family: 'web',
      cpu: '512',
      memory: '1024',
      taskRoleArn: `arn:aws:iam::${ACCOUNT}:role/web`,
      networkMode: 'bridge',
      placementConstraints: [{ type: 'memberOf', expression: 'attribute:rack == r1' }],
      requiresCompatibilities: ['EC2'],
      volumes: [{ name: 'data', host: {} }],
      containerDefinitions: [
        {
          name: 'web',
          image: 'web:2',
          memoryReservation: 128,
          essential: true,
          portMappings: [{ containerPort: 8080, protocol: 'tcp' }],
          environment: [{ name: 'GREETING', value: 'größer' }],
          healthCheck: { command: ['CMD-SHELL', 'true'] },
          dependsOn: [{ containerName: 'side', condition: 'START' }],
          mountPoints: [{ sourceVolume: 'data', containerPath: '/data' }],
        },
        { name: 'side', image: 'side:1', memory: 64, essential: false, stopTimeout: 5 },
      ],
    },
  });
  account.submit({ type: 'TagTaskDefinition', family: 'web', revision: 1, tags: [{ key: 'owner', value: 'me' }] });
  account.submit({ type: 'UntagTaskDefinition', family: 'web', revision: 1, tagKeys: ['stage'] });
  account.look();
  account.reopen();
  account.wait(1);
  account.submit({ type: 'DeregisterTaskDefinition', family: 'web', revision: 1 });
  account.submit({
    type: 'DeleteTaskDefinitions',
    taskDefinitions: [{ name: 'web:1', id: { family: 'web', revision: 1 } }],
  });
  return account;
}

/** A definition as ECS registers it, defaults filled in. */
export function registered(
  family: string,
  revision: number,
  container: { readonly memory?: number; readonly healthCheck?: { readonly command: readonly string[] } } = {},
): TaskDefinition {
  const account = new ShardRecorder(accountShard(ACCOUNT), accountDecider());
  const image = `${family}:${revision}`;
  const app = { name: 'app', image, cpu: 64, memory: 128, portMappings: [{ containerPort: 80 }], ...container };
  for (let count = 0; count < revision; count++) {
    account.submit({ type: 'RegisterTaskDefinition', region: REGION, input: { family, containerDefinitions: [app] } });
  }
  const [decision] = (decodeCommit(account.lines.at(-1) ?? '') as Commit<AccountEvent>).decisions;
  const event = decision?.events[0];
  if (event?.type !== 'TaskDefinitionRegistered') throw new Error(`${family}:${revision} was not registered`);
  return event.taskDefinition;
}
