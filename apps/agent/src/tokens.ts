/** Providers that are not classes. */
export const NATS_CONNECTION = Symbol('NatsConnection');
export const CONTAINER_RUNTIME = Symbol('ContainerRuntime');
export const INSTANCE_ID = Symbol('InstanceId');
export const WATCH = Symbol('Watch');
