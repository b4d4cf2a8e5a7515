import { describe, expect, test } from '@jest/globals';
import { SettingsProblem } from '#libs/platform';
import { readNetworkSettings } from './network-settings.ts';

describe("the settings of tasks' addresses", () => {
  test('none are needed', () => {
    expect(readNetworkSettings({ WAYBILL_VPC_CIDR: '' })).toEqual({});
  });

  test('all of them', () => {
    const env = {
      WAYBILL_VPC_NAME: 'blue',
      WAYBILL_VPC_CIDR: '10.1.0.0/16',
      WAYBILL_SUBNETS: '{"subnet-1":"10.1.1.0/24"}',
      WAYBILL_SECURITY_GROUPS: '/etc/waybill/groups.json',
      WAYBILL_WARM_INTERFACES: '0',
    };
    expect(readNetworkSettings(env)).toEqual({
      name: 'blue',
      vpcCidr: '10.1.0.0/16',
      subnets: { 'subnet-1': '10.1.1.0/24' },
      securityGroupsFile: '/etc/waybill/groups.json',
      warmInterfaces: { size: 0 },
    });
  });

  test.each([
    ['WAYBILL_VPC_NAME', 'a name with blanks'],
    ['WAYBILL_VPC_CIDR', '10.1.0.0'],
    ['WAYBILL_SUBNETS', 'subnet-1=10.1.1.0/24'],
    ['WAYBILL_SUBNETS', '["10.1.1.0/24"]'],
    ['WAYBILL_SUBNETS', '{"subnet-1":1}'],
    ['WAYBILL_SUBNETS', '{"subnet-1":"10.1.1.0/24"}'],
    ['WAYBILL_WARM_INTERFACES', '-1'],
    ['WAYBILL_WARM_INTERFACES', 'many'],
  ])('%s=%s is refused by name', (name, value) => {
    const read = (): unknown => readNetworkSettings({ [name]: value });
    expect(read).toThrow(SettingsProblem);
    expect(read).toThrow(name);
  });
});
