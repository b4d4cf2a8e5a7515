import type { ContainerDefinition } from '#libs/ecs/messages';

type Requirements = NonNullable<ContainerDefinition['resourceRequirements']>;

/** As many as a text of this length says; no host has more. */
const GPU_COUNT = /^[1-9]\d{0,3}$/;

/** Why no container instance could give a container what it asks for, in words for the sender; null when one could. */
export function requirementsFault(containerName: string, requirements: Requirements = []): string | null {
  const of = `for container '${containerName}'`;
  const types = new Set<string>();
  for (const { type, value, sharingStrategy } of requirements) {
    if (type === 'InferenceAccelerator') return `Unsupported resource requirement 'InferenceAccelerator' ${of}.`;
    if (type === 'NeuronDevice') {
      return `Unsupported resource requirement 'NeuronDevice' ${of}. Container instances have no Neuron devices.`;
    }
    if (types.has(type)) return `There is more than one resource requirement of type ${type} ${of}.`;
    types.add(type);
    if (value === undefined || !GPU_COUNT.test(value)) {
      return `Invalid GPU resource requirement ${of}. The value must be a number of GPUs, as text.`;
    }
    if (sharingStrategy !== undefined)
      return `Unsupported sharingStrategy ${of}. GPUs cannot be shared between containers.`;
  }
  return null;
}
