import { describe, expect, test } from '@jest/globals';
import { type Access, environmentVariables, VARIABLE_NAMES } from './variables.ts';

const ACCESS: Access = {
  endpoint: 'http://127.0.0.1:8420',
  region: 'eu-west-1',
  accessKeyId: 'AKIA',
  secretAccessKey: 'secret',
  natsUrl: 'nats://127.0.0.1:4222',
  natsUser: 'root',
  natsPassword: 'password',
  natsAuditorUser: 'auditor',
  natsAuditorPassword: 'password',
  natsFollowerUser: 'follower',
  natsFollowerPassword: 'password',
};

describe('the environment of AWS tools', () => {
  test('has one endpoint per served service, so that all others still reach AWS', () => {
    const variables = environmentVariables(ACCESS, false);
    expect(variables).toMatchObject({
      AWS_ENDPOINT_URL_ECS: ACCESS.endpoint,
      AWS_ENDPOINT_URL_STS: ACCESS.endpoint,
      AWS_REGION: 'eu-west-1',
      AWS_DEFAULT_REGION: 'eu-west-1',
      AWS_SESSION_TOKEN: '',
    });
    expect(variables).not.toHaveProperty('AWS_ENDPOINT_URL');
  });

  test('with all, also the endpoint of every service', () => {
    expect(environmentVariables(ACCESS, true)).toMatchObject({ AWS_ENDPOINT_URL: ACCESS.endpoint });
  });

  test('can be removed by name, whatever was set', () => {
    expect(VARIABLE_NAMES).toEqual(Object.keys(environmentVariables(ACCESS, true)));
  });
});
