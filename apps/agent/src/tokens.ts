/** Providers that are interfaces. */
export const NATS_CONNECTION = Symbol('NatsConnection');
export const CONTAINER_RUNTIME = Symbol('ContainerRuntime');
