export { DockerRuntime } from './docker-runtime.ts';
export type { DockerRuntimeOptions } from './docker-runtime.ts';
