import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  AGENT_NODE_ARGUMENTS,
  agentUser,
  controlPlaneNatsEnv,
  credentialsOf,
  ensureInstanceId,
  instanceIdFrom,
  ensureRootAccessKey,
  rootAccessKeyFile,
  SERVER_NODE_ARGUMENTS,
  SettingsProblem,
} from '#libs/platform';
import type { Settings, SupervisedNatsServer } from '#libs/platform';
import { type Endpoint, NO_PROCESSES, type ProcessIds, readEndpoint, writeEndpoint } from '../home/endpoint-file.ts';
import { homePaths, makeHome } from '../home/home-files.ts';
import { CliProblem } from '../shell/cli-problem.ts';
import { EXIT } from '../shell/exit-codes.ts';
import { buryLeftOver } from './left-over.ts';
import { type Deferred, deferred } from './deferred.ts';
import { HostDesk } from '../hosts/host-desk.ts';
import { stackUsers, startNats } from './nats.ts';
import type { NewRootKey, UpReporter } from './up-report.ts';
import { portTrouble } from './port-check.ts';
import { untilReady } from './readiness.ts';
import { StackProcess } from './stack-process.ts';
import type { UpSettings } from './up-settings.ts';

/** Compiled beside this module. */
const CONTROL_PLANE_ENTRY = fileURLToPath(new URL('../../../control-plane/src/main.js', import.meta.url));
const AGENT_ENTRY = fileURLToPath(new URL('../../../agent/src/main.js', import.meta.url));

/** Each part gets this long to stop by itself. */
const AGENT_STOP_GRACE_MS = 5_000;
const CONTROL_PLANE_STOP_GRACE_MS = 10_000;
/** The one host takes everything, so that tasks of each launch type share what this machine has. */
const LOCAL_LAUNCH_TYPES = 'EC2,EXTERNAL,FARGATE';
/** A start does not wait longer for the agent: Docker may be down, and the API is of use without it. */
const AGENT_READY_TIMEOUT_MS = 15_000;

/** What a started stack reports. */
export interface StartedStack {
  readonly endpoint: Endpoint;
  /** Set when this start made the root key. */
  readonly newKey: NewRootKey | null;
}

/** nats-server, control plane and agent of one data folder, as processes that are looked after. */
export class LocalStack {
  readonly #settings: Settings;
  readonly #cluster: string;
  readonly #reach: Pick<UpSettings, 'listen' | 'tls'>;
  readonly #withAgent: boolean;
  readonly #env: NodeJS.ProcessEnv;
  readonly #reporter: UpReporter;
  #nats: SupervisedNatsServer | null = null;
  #isStoppingNats = false;
  #hostDesk: HostDesk | null = null;
  #controlPlane: StackProcess | null = null;
  #agent: StackProcess | null = null;
  #port: number;
  #endpoint: Endpoint | null = null;
  #written: Promise<void> = Promise.resolve();
  readonly #stop = new AbortController();
  readonly #broken: Deferred<never> = deferred();

  constructor({ settings, cluster, listen, tls, withAgent }: UpSettings, env: NodeJS.ProcessEnv, reporter: UpReporter) {
    this.#settings = settings;
    this.#cluster = cluster;
    this.#reach = { listen, tls };
    this.#withAgent = withAgent;
    this.#env = env;
    this.#reporter = reporter;
    this.#port = settings.port;
    // Awaited or not: an end before that is reported all the same.
    this.#broken.promise.catch(() => {});
  }

  /** Rejects when a part has ended that must not be started again. */
  get broken(): Promise<never> {
    return this.#broken.promise;
  }

  /** Starts everything and waits until it serves. @throws CliProblem; `stop` cleans up what was started */
  async start(progress: (what: string) => void): Promise<StartedStack> {
    const { home } = this.#settings;
    await makeHome(home);
    const [previous, rootKey, instanceId] = await Promise.all([
      readEndpoint(home),
      ensureRootAccessKey(home),
      this.#instanceId(home),
    ]);
    progress('starting nats-server');
    const nats = await this.#startNats(previous, instanceId);
    this.#stop.signal.throwIfAborted();
    await this.#openHostDesk(nats, instanceId);
    await this.#takePort(previous);
    this.#stop.signal.throwIfAborted();
    progress('starting control plane and agent');
    // Before the API answers: `waybill env` works as soon as it is ready.
    if (this.#port !== 0) await this.#publish(nats, instanceId, null);
    const controlPlane = this.#forkControlPlane(nats);
    const agent = this.#withAgent ? this.#forkAgent(nats, instanceId) : null;
    await Promise.all([controlPlane.start(), agent?.start()]);
    const { port } = await controlPlane.firstReady(this.#stop.signal);
    this.#port = port ?? this.#port;
    await this.#publish(nats, instanceId, null);
    await untilReady(`http://127.0.0.1:${this.#port}`, this.#stop.signal);
    if (agent !== null) await this.#awaitAgent(agent);
    const newKey = rootKey.created ? { ...rootKey.key, file: rootAccessKeyFile(home) } : null;
    return { endpoint: await this.#publish(nats, instanceId, new Date()), newKey };
  }

  /** Stops the agent (its containers run on), then the control plane, then nats-server. Safe at any moment, also twice. */
  async stop(): Promise<void> {
    this.#stop.abort(new CliProblem('stopped before it was ready'));
    await this.#agent?.stop(AGENT_STOP_GRACE_MS);
    await this.#hostDesk?.close();
    await this.#controlPlane?.stop(CONTROL_PLANE_STOP_GRACE_MS);
    await this.#written;
    // Before nats-server gives the home back: from then on the file may be another start's.
    if (this.#endpoint !== null) await writeEndpoint(this.#settings.home, { ...this.#endpoint, pids: NO_PROCESSES });
    this.#endpoint = null;
    this.#isStoppingNats = true;
    await this.#nats?.stop();
  }

  /** Kills what is left; a `stop` under way then comes to its end. Acknowledged writes are on disk. */
  kill(): void {
    this.#agent?.kill();
    this.#controlPlane?.kill();
    // Before its turn to stop has come, it would be taken for one that needs a new start.
    if (this.#isStoppingNats) this.#nats?.signal('SIGKILL');
  }

  async #startNats(previous: Endpoint | null, instanceId: string): Promise<SupervisedNatsServer> {
    this.#nats = await startNats({
      home: this.#settings.home,
      env: this.#env,
      instanceId,
      cluster: this.#cluster,
      ...this.#reach,
      previous,
      log: (message) => {
        this.#reporter.report({ type: 'nats-server', message });
        this.#pidsChanged();
      },
    });
    return this.#nats;
  }

  async #openHostDesk(nats: SupervisedNatsServer, instanceId: string): Promise<void> {
    this.#hostDesk = new HostDesk({
      home: this.#settings.home,
      nats,
      users: stackUsers(this.#cluster, instanceId),
      log: (message) => this.#reporter.report({ type: 'nats-server', message }),
    });
    await this.#hostDesk.open();
  }

  /** The home is ours, so whatever a killed start left behind can go; then the port must be free. */
  async #takePort(previous: Endpoint | null): Promise<void> {
    await Promise.all([
      buryLeftOver(previous?.pids.controlPlane ?? null, CONTROL_PLANE_ENTRY),
      buryLeftOver(previous?.pids.agent ?? null, AGENT_ENTRY),
    ]);
    if (this.#port === 0) {
      // Any free port will do, so take the one that clients know, if it is still free.
      if (previous !== null && (await portTrouble(previous.port)) === null) this.#port = previous.port;
      return;
    }
    const trouble = await portTrouble(this.#port);
    if (trouble !== null) throw new CliProblem(`${trouble}; choose another port with --port (0 = any free one)`);
  }

  /** It is known before the agent runs, because the agent's NATS user may touch the subjects of this instance only. */
  async #instanceId(home: string): Promise<string> {
    try {
      return instanceIdFrom(this.#env) ?? (await ensureInstanceId(home));
    } catch (error) {
      if (error instanceof SettingsProblem) throw new CliProblem(error.message, EXIT.usage);
      throw error;
    }
  }

  #forkControlPlane(nats: SupervisedNatsServer): StackProcess {
    const { home, account, region, logLevel } = this.#settings;
    this.#controlPlane = new StackProcess({
      name: 'control plane',
      entry: CONTROL_PLANE_ENTRY,
      nodeArguments: SERVER_NODE_ARGUMENTS,
      logFile: homePaths(home).log('control-plane'),
      reporter: this.#reporter,
      pidChanged: () => this.#pidsChanged(),
      gaveUp: (problem) => this.#broken.reject(problem),
      env: () => ({
        ...this.#env,
        ...controlPlaneNatsEnv(nats),
        WAYBILL_HOME: home,
        WAYBILL_PORT: String(this.#port),
        WAYBILL_ACCOUNT: account,
        AWS_REGION: region,
        WAYBILL_LOG_LEVEL: logLevel,
      }),
    });
    return this.#controlPlane;
  }

  #forkAgent(nats: SupervisedNatsServer, instanceId: string): StackProcess {
    const { home, logLevel } = this.#settings;
    this.#agent = new StackProcess({
      name: 'agent',
      entry: AGENT_ENTRY,
      nodeArguments: AGENT_NODE_ARGUMENTS,
      logFile: homePaths(home).log('agent'),
      reporter: this.#reporter,
      pidChanged: () => this.#pidsChanged(),
      gaveUp: (problem) => this.#broken.reject(problem),
      env: () => ({
        WAYBILL_LAUNCH_TYPES: LOCAL_LAUNCH_TYPES,
        ...this.#env,
        ...natsEnv(nats, agentUser(this.#cluster, instanceId).name),
        WAYBILL_HOME: home,
        WAYBILL_CLUSTER: this.#cluster,
        WAYBILL_INSTANCE_ID: instanceId,
        WAYBILL_STACK_HOME: home,
        // Every EFS file system that a task names is a folder of the data folder.
        WAYBILL_EFS: this.#env['WAYBILL_EFS'] || JSON.stringify({ '*': resolve(home, 'efs') }),
        // Images are built on this machine, under names that no registry has.
        WAYBILL_IMAGE_PULL_BEHAVIOR: this.#env['WAYBILL_IMAGE_PULL_BEHAVIOR'] || 'prefer-cached',
        // Its control plane ends with it: nobody could move its tasks.
        WAYBILL_DRAIN_ON_SIGTERM: undefined,
        WAYBILL_LOG_LEVEL: logLevel,
      }),
    });
    return this.#agent;
  }

  async #awaitAgent(agent: StackProcess): Promise<void> {
    const timeout = AbortSignal.timeout(AGENT_READY_TIMEOUT_MS);
    try {
      await agent.firstReady(AbortSignal.any([this.#stop.signal, timeout]));
    } catch (error) {
      this.#stop.signal.throwIfAborted();
      const problem = error instanceof CliProblem ? error : null;
      const why =
        problem?.message ?? `the agent is not ready yet; its log is ${homePaths(this.#settings.home).log('agent')}`;
      this.#reporter.report({
        type: 'warning',
        message: `${why}; it is tried again, and tasks wait for it`,
        lines: problem?.details ?? [],
      });
    }
  }

  async #publish(nats: SupervisedNatsServer, instanceId: string, startedAt: Date | null): Promise<Endpoint> {
    const { account, region } = this.#settings;
    this.#endpoint = {
      endpoint: `http://127.0.0.1:${this.#port}`,
      port: this.#port,
      natsUrl: nats.url,
      natsMonitorUrl: nats.monitorUrl,
      region,
      account,
      instanceId,
      startedAt: startedAt?.toISOString() ?? null,
      pids: this.#pids(),
    };
    this.#pidsChanged();
    await this.#written;
    return this.#endpoint;
  }

  #pids(): ProcessIds {
    return {
      up: process.pid,
      natsServer: this.#nats?.pid ?? null,
      controlPlane: this.#controlPlane?.pid ?? null,
      agent: this.#agent?.pid ?? null,
    };
  }

  /** One write after the other, the last one with the last truth. */
  #pidsChanged(): void {
    if (this.#endpoint === null || this.#stop.signal.aborted) return;
    const endpoint = this.#endpoint;
    this.#written = this.#written
      .then(() => writeEndpoint(this.#settings.home, { ...endpoint, pids: this.#pids() }))
      .catch((error: unknown) => {
        this.#reporter.report({ type: 'warning', message: `endpoint.json could not be written: ${String(error)}` });
      });
  }
}

function natsEnv(nats: SupervisedNatsServer, user: string): NodeJS.ProcessEnv {
  const { password } = credentialsOf(nats.credentials, user);
  // A .creds file of the caller's environment is for another server.
  const caFile = nats.caFile ?? undefined;
  return { NATS_URL: nats.url, NATS_USER: user, NATS_PASSWORD: password, NATS_CREDS: undefined, NATS_CA: caFile };
}
