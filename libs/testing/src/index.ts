export { testNatsServer } from './test-nats-server.ts';
export type { TestNatsServer, TestNatsServerOptions } from './test-nats-server.ts';
