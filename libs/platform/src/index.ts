export { connectNats, natsOptionsFromEnv } from './nats/connect.ts';
export type { NatsConnectOptions } from './nats/connect.ts';
export { credentialsOf, readNatsCredentials } from './nats/credentials.ts';
export type { NatsCredentials, NatsCredentialsByUser } from './nats/credentials.ts';
export { findNatsServer, NatsServerMissing } from './nats/find-server.ts';
export type { FoundNatsServer } from './nats/find-server.ts';
export { agentInboxPrefix, agentUser, controlPlaneUser, principalUser, rootUser } from './nats/permissions.ts';
export type { NatsPermissions, NatsUser } from './nats/permissions.ts';
export { NatsHomeInUse, readNatsServerState } from './nats/server-claim.ts';
export type { NatsServerState } from './nats/server-claim.ts';
export { writeNatsServerConfig } from './nats/server-config.ts';
export type { NatsServerConfig, WrittenNatsServerConfig } from './nats/server-config.ts';
export { startNatsServer } from './nats/start-server.ts';
export type { NatsServerOptions, SupervisedNatsServer } from './nats/start-server.ts';
export { ensureRootAccessKey, readRootAccessKey, rootAccessKeyFile } from './access-keys/root-access-key.ts';
export type { RootAccessKey } from './access-keys/root-access-key.ts';
export { createLogger, NestLogger } from './logging/logging.ts';
export {
  DEFAULT_ACCOUNT,
  DEFAULT_PORT,
  DEFAULT_REGION,
  readSettings,
  Settings,
  SettingsProblem,
} from './settings/settings.ts';
export { productVersion } from './version.ts';
export { SERVER_NODE_ARGUMENTS } from './node-arguments.ts';
