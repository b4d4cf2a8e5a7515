export { DockerRuntime } from './docker-runtime.ts';
export type { DockerRuntimeOptions } from './docker-runtime.ts';
export { listStackContainers } from './stack-containers.ts';
export type { StackContainer } from './stack-containers.ts';
export { removeSecurityRules } from './network/security-groups/nft.ts';
export { networkProblem } from './network/network-options.ts';
export type { NetworkOptions } from './network/network-options.ts';
