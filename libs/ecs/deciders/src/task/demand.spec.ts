import { describe, expect, test } from '@jest/globals';
import type { TaskDefinition, TaskOverride } from '#libs/ecs/messages';
import { appContainer, taskDefinition } from '../../spec/cluster-builder.ts';
import { demandOf } from './demand.ts';

const NOTHING = { cpu: 0, memory: 0, tcpPorts: [], udpPorts: [], requiresAttributes: [] };

describe('the demand of a task', () => {
  test.each<[string, Partial<TaskDefinition>, TaskOverride | undefined, object]>([
    [
      'the sum of its containers; a reservation counts before a limit',
      {
        containerDefinitions: [
          appContainer({ cpu: 100, memory: 500, memoryReservation: 200 }),
          appContainer({ name: 'b', cpu: 28, memory: 100 }),
        ],
      },
      undefined,
      { cpu: 128, memory: 300 },
    ],
    ['the sizes of the task', { cpu: '1024', memory: '2048' }, undefined, { cpu: 1024, memory: 2048 }],
    [
      'overrides of containers',
      {},
      { containerOverrides: [{ name: 'app', cpu: 512, memoryReservation: 64 }] },
      { cpu: 512, memory: 64 },
    ],
    ['overrides of the task', { cpu: '256' }, { cpu: '512', memory: '128' }, { cpu: 512, memory: 128 }],
    [
      'fixed ports on a bridge',
      {
        containerDefinitions: [
          appContainer({
            cpu: 0,
            memory: 0,
            portMappings: [
              { containerPort: 80, hostPort: 8080, protocol: 'tcp' },
              { containerPort: 53, hostPort: 53, protocol: 'udp' },
              { containerPort: 81, hostPort: 0, protocol: 'tcp' },
            ],
          }),
        ],
      },
      undefined,
      { tcpPorts: [8080], udpPorts: [53] },
    ],
    [
      'container ports on the host network',
      {
        networkMode: 'host',
        containerDefinitions: [
          appContainer({ cpu: 0, memory: 0, portMappings: [{ containerPort: 80, protocol: 'tcp' }] }),
        ],
      },
      undefined,
      { tcpPorts: [80] },
    ],
    [
      'no host ports with a network interface of its own',
      {
        networkMode: 'awsvpc',
        containerDefinitions: [
          appContainer({ cpu: 0, memory: 0, portMappings: [{ containerPort: 80, hostPort: 80, protocol: 'tcp' }] }),
        ],
      },
      undefined,
      {},
    ],
    [
      'attributes, those of the platform among them',
      {
        cpu: '0',
        memory: '0',
        requiresAttributes: [{ name: 'ecs.capability.x' }],
        runtimePlatform: { cpuArchitecture: 'ARM64', operatingSystemFamily: 'LINUX' },
      },
      undefined,
      {
        requiresAttributes: [
          { name: 'ecs.capability.x' },
          { name: 'ecs.os-type', value: 'linux' },
          { name: 'ecs.cpu-architecture', value: 'arm64' },
        ],
      },
    ],
    [
      'devices of all containers, by type',
      {
        cpu: '0',
        memory: '0',
        containerDefinitions: [
          appContainer({
            resourceRequirements: [
              { type: 'GPU', value: '2' },
              { type: 'InferenceAccelerator', value: 'device_1' },
            ],
          }),
          appContainer({ name: 'b', resourceRequirements: [{ type: 'GPU', value: '1' }] }),
        ],
      },
      undefined,
      { devices: { GPU: 3, InferenceAccelerator: 1 } },
    ],
    [
      'devices of an override instead of the definition',
      {
        cpu: '0',
        memory: '0',
        containerDefinitions: [appContainer({ resourceRequirements: [{ type: 'GPU', value: '2' }] })],
      },
      { containerOverrides: [{ name: 'app', resourceRequirements: [{ type: 'GPU', value: '8' }] }] },
      { devices: { GPU: 8 } },
    ],
    [
      'more devices than any host has where the number is none',
      {
        cpu: '0',
        memory: '0',
        containerDefinitions: [appContainer({ resourceRequirements: [{ type: 'GPU', value: 'all' }] })],
      },
      undefined,
      { devices: { GPU: 2 ** 31 } },
    ],
    [
      'what overrides need beyond the definition',
      { cpu: '0', memory: '0', networkMode: 'host' },
      {
        taskRoleArn: 'arn:aws:iam::000000000000:role/r',
        containerOverrides: [{ name: 'app', environmentFiles: [{ type: 's3', value: 'arn:aws:s3:::b/f.env' }] }],
      },
      {
        requiresAttributes: [
          { name: 'com.amazonaws.ecs.capability.task-iam-role' },
          { name: 'com.amazonaws.ecs.capability.task-iam-role-network-host' },
          { name: 'ecs.capability.env-files.s3' },
        ],
      },
    ],
    [
      'a Windows family',
      { cpu: '0', memory: '0', runtimePlatform: { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' } },
      undefined,
      {
        requiresAttributes: [
          { name: 'ecs.os-type', value: 'windows' },
          { name: 'ecs.os-family', value: 'WINDOWS_SERVER_2022_CORE' },
        ],
      },
    ],
  ])('is %s', (_name, definition, overrides, expected) => {
    expect(demandOf(taskDefinition(definition), overrides)).toEqual({ ...NOTHING, ...sizes(expected), ...expected });
  });

  function sizes(expected: object): object {
    return 'cpu' in expected ? {} : { cpu: 0, memory: 0 };
  }
});
