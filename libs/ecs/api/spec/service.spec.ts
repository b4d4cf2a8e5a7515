import { describe, expect, test } from '@jest/globals';
import { arn, shopWorld } from './api-world.ts';
import { outcomesIn, plansIn } from './plan-table.ts';

const SERVICE = arn('service/default/shop');
const UNKNOWN_DEFINITION = { code: 'ClientError', message: 'TaskDefinition not found.' };
const web3 = { taskDefinition: { family: 'web', revision: 3 } };

describe('plans', () => {
  plansIn(shopWorld, [
    [
      'CreateService',
      { serviceName: 'new', taskDefinition: 'web', desiredCount: 1, clientToken: 't' },
      {
        command: {
          type: 'CreateService',
          serviceName: 'new',
          resolved: web3,
          requestHash: '["CreateService",{"desiredCount":1,"serviceName":"new","taskDefinition":"web"}]',
        },
        clientToken: 't',
      },
    ],
    // What cannot be resolved goes along: the decider looks at the request first.
    [
      'CreateService',
      { serviceName: 'new', taskDefinition: 'x' },
      { command: { resolved: { rejection: UNKNOWN_DEFINITION } } },
    ],
    [
      'CreateService',
      { serviceName: 'new' },
      { command: { resolved: { rejection: { message: 'TaskDefinition can not be blank.' } } } },
    ],
    ['CreateService', { cluster: 'b', serviceName: 'new', taskDefinition: 'x' }, { rejected: 'Cluster not found.' }],
    [
      'UpdateService',
      { service: SERVICE, taskDefinition: 'web:2' },
      {
        command: { type: 'UpdateService', serviceName: 'shop', resolved: { taskDefinition: { revision: 2 } } },
      },
    ],
    ['UpdateService', { service: arn('task/default/x') }, { rejected: 'Service not found.' }],
    [
      'UpdateService',
      { service: 'shop', taskDefinition: 'web:1' },
      { command: { resolved: { rejection: { message: 'TaskDefinition is inactive' } } } },
    ],
    ['DeleteService', { service: 'shop' }, { command: { type: 'DeleteService', serviceName: 'shop', force: false } }],
    [
      'DescribeServices',
      { services: ['shop', 'x'] },
      {
        answer: {
          services: [{ serviceArn: SERVICE, desiredCount: 2 }],
          failures: [{ arn: arn('service/default/x'), reason: 'MISSING' }],
        },
      },
    ],
    ['ListServices', {}, { answer: { serviceArns: [SERVICE] } }],
    ['ListServicesByNamespace', { namespace: 'n' }, { rejected: 'The specified namespace was not found.' }],
  ]);
});

describe('responses', () => {
  outcomesIn(shopWorld, [
    [
      'CreateService',
      { serviceName: 'new', taskDefinition: 'web', desiredCount: 1, tags: [{ key: 'a', value: 'b' }] },
      { service: { serviceName: 'new', status: 'ACTIVE', events: [], tags: [{ key: 'a', value: 'b' }] } },
    ],
    ['CreateService', { serviceName: 'new', taskDefinition: 'x', desiredCount: 1 }, 'TaskDefinition not found.'],
    // A bad value is seen before an unknown definition, and that before a service that is there already.
    [
      'CreateService',
      { serviceName: 'new', taskDefinition: 'x', desiredCount: -1 },
      'DesiredCount can not be lesser than 0',
    ],
    ['CreateService', { serviceName: 'shop', taskDefinition: 'x', desiredCount: 1 }, 'TaskDefinition not found.'],
    ['CreateService', { serviceName: 'new', desiredCount: 1 }, 'TaskDefinition can not be blank.'],
    ['UpdateService', { service: 'shop', desiredCount: 3 }, { service: { serviceName: 'shop', desiredCount: 3 } }],
    ['UpdateService', { service: 'x', taskDefinition: 'x', desiredCount: -1 }, 'Task count can not be lesser than 0'],
    ['UpdateService', { service: 'x', taskDefinition: 'x' }, 'TaskDefinition not found.'],
    ['UpdateService', { service: 'x', desiredCount: 1 }, 'Service not found.'],
    ['DeleteService', { service: 'shop' }, 'The service cannot be stopped while it is scaled above 0.'],
    ['DeleteService', { service: 'shop', force: true }, { service: { status: 'DRAINING' } }],
    ['DeleteService', { service: 'x' }, ''],
  ]);

  test('DeleteService leaves out what only a service that goes on needs', () => {
    const outcome = shopWorld().run('DeleteService', { service: 'shop', force: true });
    expect(outcome).not.toHaveProperty('output.service.currentServiceRevisions');
  });

  test('a creation that is repeated with its token changes nothing, whatever its tags', () => {
    const request = { serviceName: 'new', taskDefinition: 'web', desiredCount: 0, clientToken: 't' };
    const world = shopWorld().given(['CreateService', request]);
    expect(world.run('CreateService', { ...request, tags: [{ key: 'a', value: 'b' }] })).toHaveProperty('output');
    expect(world.run('CreateService', { ...request, desiredCount: 1 })).toMatchObject({
      rejection: { message: 'Creation of service was not idempotent.' },
    });
  });
});
