import type { Rejection } from '#libs/contracts';
import { clientError } from '../shared/rejections.ts';
import { listOf, memberOf } from './opaque-members.ts';
import type { FilledTaskDefinition } from './task-definition-defaults.ts';

const KNOWN = ['EC2', 'FARGATE', 'EXTERNAL', 'MANAGED_INSTANCES'];

/** Task sizes of Fargate: CPU units → memory in MiB, from, to, step (ecs-behaviour §9). */
const FARGATE_SIZES: Readonly<Record<string, readonly [from: number, to: number, step: number]>> = {
  '512': [1_024, 4_096, 1_024],
  '1024': [2_048, 8_192, 1_024],
  '2048': [4_096, 16_384, 1_024],
  '4096': [8_192, 30_720, 1_024],
  '8192': [16_384, 61_440, 4_096],
  '16384': [32_768, 122_880, 8_192],
};
const SMALLEST_FARGATE_CPU = '256';
const SMALLEST_FARGATE_MEMORY = ['512', '1024', '2048'];

/** Everything the definition would run on: always EC2; EXTERNAL without network interfaces; FARGATE if all rules hold. */
export function compatibilitiesOf(definition: FilledTaskDefinition): readonly string[] {
  const fits = ['EC2'];
  if (definition.networkMode !== 'awsvpc') fits.unshift('EXTERNAL');
  if (fargateFault(definition) === null) fits.push('FARGATE');
  return fits;
}

/** Whether the definition keeps what it promises in requiresCompatibilities. */
export function checkCompatibilities(definition: FilledTaskDefinition): Rejection | null {
  const required = definition.requiresCompatibilities ?? [];
  const unknown = required.find((name) => !KNOWN.includes(name));
  if (unknown !== undefined) return clientError(`Invalid value for requiresCompatibilities: ${unknown}.`);
  if (required.includes('EXTERNAL') && definition.networkMode === 'awsvpc') {
    return clientError("EXTERNAL launch type does not support network mode 'awsvpc'.");
  }
  if (!required.includes('FARGATE')) return null;
  const fault = fargateFault(definition);
  return fault === null ? null : clientError(fault);
}

/** The first rule of Fargate that the definition breaks, in ECS's words where they are known; null when it fits. */
function fargateFault(definition: FilledTaskDefinition): string | null {
  const { networkMode, cpu, memory } = definition;
  if (networkMode !== 'awsvpc') return 'Fargate only supports network mode ‘awsvpc’.';
  if (cpu === undefined) return "Fargate requires that 'cpu' be defined at the task level.";
  if (memory === undefined) return "Fargate requires that 'memory' be defined at the task level.";
  if (!isFargateSize(cpu, memory)) return 'No Fargate configuration exists for given values.';
  return roleFault(definition) ?? featureFault(definition);
}

function isFargateSize(cpu: string, memory: string): boolean {
  if (cpu === SMALLEST_FARGATE_CPU) return SMALLEST_FARGATE_MEMORY.includes(memory);
  const range = FARGATE_SIZES[cpu];
  if (range === undefined) return false;
  const [from, to, step] = range;
  const mebibytes = Number(memory);
  return mebibytes >= from && mebibytes <= to && (mebibytes - from) % step === 0;
}

function roleFault(definition: FilledTaskDefinition): string | null {
  if (definition['executionRoleArn'] !== undefined) return null;
  const needs = 'Fargate requires task definition to have execution role ARN to support';
  for (const container of definition.containerDefinitions) {
    if (container.image.includes('.dkr.ecr.')) return `${needs} ECR images.`;
    if (memberOf(container['logConfiguration'], 'logDriver') === 'awslogs') return `${needs} log driver awslogs.`;
  }
  return null;
}

function featureFault(definition: FilledTaskDefinition): string | null {
  if (definition.placementConstraints.length > 0) return 'Fargate does not support placement constraints.';
  if (definition['ipcMode'] !== undefined) return 'Fargate does not support ipcMode.';
  for (const container of definition.containerDefinitions) {
    if (container['privileged'] === true) return 'Fargate does not support privileged containers.';
    if (listOf(container, 'links').length > 0) return 'Fargate does not support container links.';
  }
  for (const volume of listOf(definition, 'volumes')) {
    if (memberOf(volume, 'dockerVolumeConfiguration') !== undefined) return 'Fargate does not support Docker volumes.';
    if (memberOf(memberOf(volume, 'host'), 'sourcePath') !== undefined) {
      return 'Fargate does not support volumes with a host sourcePath.';
    }
  }
  return null;
}
