export { connectNats, controlPlaneNatsEnv, natsOptionsFromEnv } from './nats/connect.ts';
export type { NatsConnectOptions } from './nats/connect.ts';
export { credentialsOf, readNatsCredentials } from './nats/credentials.ts';
export type { NatsCredentials, NatsCredentialsByUser } from './nats/credentials.ts';
export { findNatsServer, NatsServerMissing } from './nats/find-server.ts';
export type { FoundNatsServer } from './nats/find-server.ts';
export {
  agentUser,
  auditorUser,
  controlPlaneUser,
  followerUser,
  gatewayUser,
  hostDeskUser,
  joiningUser,
  joinedUser,
  principalUser,
  rootUser,
} from './nats/permissions.ts';
export type { NatsAccount } from './nats/accounts.ts';
export type { NatsPermissions, NatsUser } from './nats/permissions.ts';
export { claimNatsHome, NatsHomeInUse, readNatsServerState, releaseNatsHome } from './nats/server-claim.ts';
export type { NatsServerState } from './nats/server-claim.ts';
export type { NatsServerConfig, NatsServerTls, WrittenNatsServerConfig } from './nats/server-config.ts';
export { startNatsServer } from './nats/start-server.ts';
export type { NatsServerOptions, SupervisedNatsServer } from './nats/start-server.ts';
export { ensureRootAccessKey, readRootAccessKey, rootAccessKeyFile } from './access-keys/root-access-key.ts';
export type { RootAccessKey } from './access-keys/root-access-key.ts';
export { createLogger, NestLogger } from './logging/logging.ts';
export { openProcessLog, watchProcessLog } from './logging/process-log.ts';
export type { ProcessLogWatch } from './logging/process-log.ts';
export { DEFAULT_ACCOUNT, readSettings, Settings, SettingsProblem } from './settings/settings.ts';
export { mayConfigureNetwork } from './process-rights.ts';
export { parseDuration } from './settings/duration.ts';
export { ensureInstanceId, instanceIdFrom, readInstanceId } from './instance-id.ts';
export { FileDamaged } from './file-damaged.ts';
export { pollUntil } from './poll-until.ts';
export { readTextFile, writePrivateFile } from './private-files.ts';
export { restartDelayMs } from './restart-delay.ts';
export { sha256 } from './sha256.ts';
export { productFolder, productVersion } from './version.ts';
export { AGENT_NODE_ARGUMENTS, SERVER_NODE_ARGUMENTS } from './node-arguments.ts';
export { logNotes, processClock } from './process-ports.ts';
export { endWhenTold, LOG_DAMAGED_EXIT_CODE } from './process-end.ts';
export { processCommand, settingsOf } from './process-start.ts';
