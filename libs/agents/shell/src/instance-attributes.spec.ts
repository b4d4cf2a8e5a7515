import { describe, expect, test } from '@jest/globals';
import { SIMULATED_RUNTIME_INFO } from '#libs/container-runtime';
import { instanceAttributes } from './instance-attributes.ts';

const PLACE = { availabilityZone: 'us-east-1a', customAttributes: [{ name: 'stack', value: 'blue' }] };

describe('what a host registers with', () => {
  const info = {
    ...SIMULATED_RUNTIME_INFO,
    apiVersion: '1.19',
    loggingDrivers: ['awslogs', 'json-file', 'none'],
    capabilities: ['privileged-container', 'docker-plugin.local', 'efs'],
    securityOptions: ['name=apparmor', 'name=seccomp,profile=default'],
  };

  test('place, machine, engine and what people added', () => {
    expect(instanceAttributes(info, PLACE)).toEqual([
      { name: 'ecs.availability-zone', value: 'us-east-1a' },
      { name: 'ecs.instance-type', value: 'external' },
      { name: 'ecs.os-type', value: 'linux' },
      { name: 'ecs.os-family', value: 'LINUX' },
      { name: 'ecs.cpu-architecture', value: 'x86_64' },
      { name: 'com.amazonaws.ecs.capability.privileged-container' },
      { name: 'ecs.capability.docker-plugin.local' },
      { name: 'ecs.capability.efs' },
      { name: 'ecs.capability.container-health-check' },
      { name: 'ecs.capability.container-ordering' },
      { name: 'ecs.capability.extensible-ephemeral-storage' },
      { name: 'ecs.capability.task-cpu-mem-limit' },
      { name: 'com.amazonaws.ecs.capability.docker-remote-api.1.17' },
      { name: 'com.amazonaws.ecs.capability.docker-remote-api.1.18' },
      { name: 'com.amazonaws.ecs.capability.docker-remote-api.1.19' },
      { name: 'com.amazonaws.ecs.capability.logging-driver.json-file' },
      { name: 'com.amazonaws.ecs.capability.logging-driver.none' },
      { name: 'com.amazonaws.ecs.capability.apparmor' },
      { name: 'stack', value: 'blue' },
    ]);
  });
});
