import { randomBytes } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { clusterDecider, clusterStateCodec } from '#libs/ecs/deciders';
import type { ClusterState } from '#libs/ecs/deciders';
import { arns } from '#libs/ecs/messages';
import type { ClusterCommand, ClusterEvent, TaskDefinition } from '#libs/ecs/messages';
import { schedulerSaga } from '#libs/ecs/reconcile';
import { ViewDirectory } from '#libs/ecs/views';
import { decideWhole, GENESIS_HASH } from '#libs/kernel';
import type { RecordedDecision } from '#libs/kernel';
import { median } from './figures.ts';
import type { Figure, Tell } from './figures.ts';

const HOSTS = 200;
const TASKS = 10_000;
const REPORTS_PER_COMMAND = 50;
const LOCALE = { account: '000000000000', region: 'us-east-1' };
const SHARD = `ecs.${LOCALE.account}.default`;
const BEGAN_AT_MS = 1_767_225_600_000;

/** What a running task costs in the writer's state and in the view, as both are after a fold of the log; and a snapshot. */
export function benchState(tell: Tell, rounds: number): Promise<readonly Figure[]> {
  const texts = recordRunningTasks();
  tell(`${TASKS} tasks of one request each are running on ${HOSTS} hosts`);
  const samples = Array.from({ length: rounds }, () => measure(texts));
  const medianOf = (member: keyof Sample): number => median(samples.map((sample) => sample[member]));
  const figure = (name: string, unit: string, member: keyof Sample): Figure => ({
    name: `state: ${name}`,
    value: medianOf(member),
    unit,
    better: 'lower',
  });
  return Promise.resolve([
    figure("a running task in the writer's state", 'bytes', 'stateBytes'),
    figure('a running task in the view', 'bytes', 'viewBytes'),
    figure('a running task in a snapshot', 'bytes', 'snapshotBytes'),
    figure(`a snapshot of ${TASKS} tasks written`, 'ms', 'encodeMs'),
    figure(`a snapshot of ${TASKS} tasks read`, 'ms', 'decodeMs'),
  ]);
}

interface Sample {
  readonly stateBytes: number;
  readonly viewBytes: number;
  readonly snapshotBytes: number;
  readonly encodeMs: number;
  readonly decodeMs: number;
}

function measure(texts: readonly string[]): Sample {
  const decider = clusterDecider({ sagas: [] });
  const empty = usedBytes();
  const state = decider.initialState(SHARD);
  for (const text of texts) {
    const { events, at } = JSON.parse(text) as RecordedDecision<ClusterEvent>;
    for (const event of events) decider.evolve(state, event, at);
  }
  const folded = usedBytes();
  const views = new ViewDirectory(LOCALE);
  const head = { v: 1, shard: SHARD, term: 1, prevHash: GENESIS_HASH, hash: GENESIS_HASH };
  for (const [index, text] of texts.entries()) {
    const decision = JSON.parse(text) as RecordedDecision<ClusterEvent>;
    views.apply({ ...head, deciderVersion: 1, revision: index + 1, at: decision.at, decisions: [decision] });
  }
  const viewed = usedBytes();
  if (state.tasks.size !== TASKS || views.revisionOf(SHARD) !== texts.length) throw new Error('the log was not folded');

  const began = performance.now();
  const snapshot = JSON.stringify(clusterStateCodec.encode(state));
  const written = performance.now();
  clusterStateCodec.decode(JSON.parse(snapshot) as object);
  return {
    stateBytes: (folded - empty) / TASKS,
    viewBytes: (viewed - folded) / TASKS,
    snapshotBytes: snapshot.length / TASKS,
    encodeMs: written - began,
    decodeMs: performance.now() - written,
  };
}

/** The log of a cluster in which every task was asked for by a request of its own, placed, and reported RUNNING. */
function recordRunningTasks(): readonly string[] {
  const decider = clusterDecider({ sagas: [schedulerSaga] });
  const state = decider.initialState(SHARD);
  const texts: string[] = [];
  const submit = (command: ClusterCommand): void => {
    const commandId = `command-${texts.length}`;
    const at = BEGAN_AT_MS + texts.length;
    const envelope = { commandId, command, principal: 'bench', source: 'nats', correlationId: commandId } as const;
    const whole = decideWhole(decider, state, { ...envelope, causationId: null, at }, at);
    if (whole.kind === 'rejected') throw new Error(whole.rejection.message);
    if (whole.recorded !== null) texts.push(whole.recorded.text);
  };
  submit({ type: 'CreateCluster', clusterName: 'default', clusterArn: arns.cluster(LOCALE, 'default') });
  for (let host = 1; host <= HOSTS; host++) submit(registration(`host${host}`));
  const resolved = { taskDefinition: taskDefinition(), tags: [] };
  for (let task = 0; task < TASKS; task++) submit({ type: 'RunTask', resolved, count: 1 });
  for (const { instanceId } of state.instances.values()) reportRunning(state, instanceId, submit);
  return texts;
}

function reportRunning(state: ClusterState, instanceId: string, submit: (command: ClusterCommand) => void): void {
  const reports = Array.from(state.instances.get(instanceId)?.taskIds ?? [], (taskId) => ({
    taskId,
    knownStatus: 'RUNNING' as const,
    startedAt: BEGAN_AT_MS,
    containers: [
      {
        name: 'app',
        lastStatus: 'RUNNING' as const,
        runtimeId: randomBytes(32).toString('hex'),
        imageDigest: `sha256:${'0'.repeat(64)}`,
        networkBindings: [{ bindIP: '0.0.0.0', containerPort: 80, hostPort: 32_768, protocol: 'tcp' as const }],
      },
    ],
  }));
  for (let from = 0; from < reports.length; from += REPORTS_PER_COMMAND) {
    const some = reports.slice(from, from + REPORTS_PER_COMMAND);
    submit({ type: 'ReportTaskStates', instanceId, sessionId: instanceId, reports: some });
  }
}

function registration(instanceId: string): ClusterCommand {
  return {
    type: 'RegisterContainerInstance',
    instanceId,
    sessionId: instanceId,
    resources: { cpu: 65_536, memory: 262_144, reservedTcpPorts: [22], reservedUdpPorts: [] },
    attributes: [{ name: 'ecs.os-type', value: 'linux' }],
    versionInfo: { agentVersion: '1.0.0', dockerVersion: 'DockerVersion: 20.10.24' },
    hostname: instanceId,
  };
}

function taskDefinition(): TaskDefinition {
  return {
    taskDefinitionArn: arns.taskDefinition(LOCALE, 'web', 1),
    family: 'web',
    revision: 1,
    containerDefinitions: [
      {
        name: 'app',
        image: 'app:1',
        cpu: 10,
        memory: 20,
        essential: true,
        portMappings: [{ containerPort: 80, hostPort: 0, protocol: 'tcp' }],
        environment: [],
      },
    ],
    placementConstraints: [],
  };
}

/** Bytes in use, after everything else was collected. */
function usedBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let pass = 0; pass < 3; pass++) collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
