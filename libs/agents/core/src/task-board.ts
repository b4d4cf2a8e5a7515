import type { TaskDefinition, WantedTask } from '#libs/ecs/messages';
import { assert } from '#libs/kernel';
import { advance } from './advance.ts';
import { applyResult } from './apply-result.ts';
import type { PerformedStep } from './apply-result.ts';
import { containerSpec, imageSpec, pauseSpec, runtimeNameOf } from './container-spec.ts';
import type { SpecContext } from './container-spec.ts';
import { Deadlines } from './deadlines.ts';
import { DefinitionStore } from './definition-store.ts';
import { compareInventory } from './inventory.ts';
import { adopt, alignContainers, containerOf, definitionOf, isSettled, isStopping, newTask } from './known.ts';
import type { KnownContainer, KnownTask } from './known.ts';
import { KeptTasks } from './kept-tasks.ts';
import { Lane, laneOf } from './lanes.ts';
import type { LaneLimits, LaneName } from './lanes.ts';
import { REMEMBERED_TASKS_MAX } from './limits.ts';
import { mergeWanted } from './merge-wanted.ts';
import { nextStep } from './next-step.ts';
import { PAUSE_CONTAINER_NAME } from './pause-container.ts';
import type { CallResult, ContainerHint, InventoryItem, RuntimeCall } from './step.ts';
import { isWorthReporting } from './task-report.ts';

/** A task with what is wanted of it and what is being done to it. */
export interface TaskRecord {
  readonly known: KnownTask;
  wanted: WantedTask | undefined;
  definition: TaskDefinition | undefined;
  /** The definition has been asked for; nothing is done with the task before it is there. */
  awaitsDefinition: boolean;
  /** The step in flight; 0: none. */
  stepId: number;
  /** Containers that something happened to while a step was in flight; null: none. */
  hints: Set<string> | null;
  /** When it must be looked at again (ms); entries of the heap with another moment are void. */
  wakeAt: number | null;
  /** It has ended, and its containers stay for a while; or not even that, because too many others have ended since. */
  keeping: 'none' | 'kept' | 'surplus';
}

/** A call for the shell, to be answered by `stepDone`. */
export interface StepOrder {
  readonly stepId: number;
  readonly taskId: string;
  readonly call: RuntimeCall;
}

export interface TaskBoardOptions extends SpecContext, LaneLimits {
  readonly cleanupDelayMs: number;
  readonly stoppedTasksKeptMax: number;
}

interface StepInFlight {
  readonly record: TaskRecord;
  readonly step: PerformedStep;
  readonly lane: LaneName;
}

/** All tasks of one host: asks `nextStep` for those that something happened to, and lets only so many steps go at once. */
export class TaskBoard {
  readonly #options: TaskBoardOptions;
  readonly #records = new Map<string, TaskRecord>();
  readonly #definitions = new DefinitionStore();
  /** Tasks that wait for their definition, by its ARN. */
  readonly #awaiting = new Map<string, Set<TaskRecord>>();
  readonly #attention = new Set<TaskRecord>();
  readonly #wakes = new Deadlines<TaskRecord>();
  readonly #lanes: Readonly<Record<LaneName, Lane<TaskRecord>>>;
  readonly #inFlight = new Map<number, StepInFlight>();
  #lastStepId = 0;
  /** Tasks that ended here and were cleaned up, oldest first. */
  readonly #ended = new Set<string>();
  readonly #kept: KeptTasks<TaskRecord>;
  readonly #onReportable: (taskId: string) => void;
  #inventoried = false;

  constructor(options: TaskBoardOptions, onReportable: (taskId: string) => void) {
    this.#options = options;
    this.#onReportable = onReportable;
    this.#kept = new KeptTasks(options.stoppedTasksKeptMax);
    this.#lanes = {
      pull: new Lane(options.pullsInFlightMax),
      start: new Lane(options.startsInFlightMax),
      other: new Lane(options.othersInFlightMax),
    };
  }

  record(taskId: string): TaskRecord | undefined {
    return this.#records.get(taskId);
  }

  records(): IterableIterator<TaskRecord> {
    return this.#records.values();
  }

  /** Whether the host was listed: what stands on it is known. */
  get isInventoried(): boolean {
    return this.#inventoried;
  }

  /** How many tasks run here, or have ended and the log does not have it yet. */
  get unsettledTasks(): number {
    let count = 0;
    for (const { known } of this.#records.values()) if (!isSettled(known)) count += 1;
    return count;
  }

  /** The task definitions that tasks wait for. */
  get missingDefinitions(): Iterable<string> {
    return this.#awaiting.keys();
  }

  get lacksDefinitions(): boolean {
    return this.#awaiting.size > 0;
  }

  get nextWake(): number | null {
    return this.#wakes.next;
  }

  /** The whole wanted set: what is not in it must go. */
  replaceWanted(tasks: readonly WantedTask[]): void {
    const taskIds = new Set(tasks.map(({ taskId }) => taskId));
    for (const record of this.#records.values()) {
      if (taskIds.has(record.known.taskId)) continue;
      this.#stopAwaiting(record);
      record.wanted = undefined;
      record.known.unwanted = true;
      this.#attention.add(record);
    }
    this.want(tasks);
  }

  /** Some tasks as they are wanted now. */
  want(tasks: readonly WantedTask[]): void {
    for (const task of tasks) {
      const record = this.#records.get(task.taskId) ?? this.#newRecord(task.taskId);
      // One that ended here before is only reported once more.
      record.wanted = this.#ended.has(task.taskId)
        ? { ...task, lastStatus: 'RUNNING' }
        : mergeWanted(record.wanted, task);
      record.known.unwanted = false;
      if (record.definition === undefined) this.#define(record, task);
      this.#attention.add(record);
    }
  }

  /** A definition that tasks may be waiting for. */
  define(taskDefinitionArn: string, definition: TaskDefinition): void {
    this.#definitions.put(taskDefinitionArn, definition);
    for (const record of this.#takeAwaiting(taskDefinitionArn)) {
      if (record.wanted !== undefined) this.#define(record, record.wanted);
    }
  }

  /** The control plane does not have it: its tasks cannot run. */
  lackDefinition(taskDefinitionArn: string): void {
    for (const { known } of this.#takeAwaiting(taskDefinitionArn)) {
      known.ending ??= {
        reason: `ResourceInitializationError: the control plane did not send the task definition ${taskDefinitionArn}`,
        stopCode: 'TaskFailedToStart',
      };
    }
  }

  /** The host cannot let a task run on that does not keep to what it was given. */
  end(taskId: string, reason: string): void {
    const record = this.#records.get(taskId);
    if (record === undefined || isStopping(record.wanted, record.known)) return;
    record.known.ending = { reason, stopCode: 'EssentialContainerExited' };
    this.#attention.add(record);
  }

  /**
   * What stands on the host. The first list opens the board: nothing is done before.
   *
   * @returns there are containers of tasks that the wanted set, as we have it, does not know. They run on until a whole
   *   set says so, too: ours may be the old one, and another process of this instance may have made them.
   */
  inventory(items: readonly InventoryItem[]): boolean {
    let hasStrangers = false;
    const found = compareInventory(items, (taskId) => this.#records.get(taskId));
    for (const { taskId, container } of found.strangers) {
      const record = this.#records.get(taskId) ?? this.#newRecord(taskId);
      // Somebody copied our labels: the container that was found first is the one.
      if (containerOf(record.known, container.name) !== undefined) continue;
      adopt(record.known, container);
      hasStrangers ||= record.wanted === undefined && !record.known.unwanted;
      this.#attention.add(record);
    }
    const listed = new Set(items.map(({ runtimeId }) => runtimeId));
    for (const record of this.#records.values()) {
      for (const container of record.known.containers) this.#compare(record, container, listed);
      if (record.known.pause !== null) this.#compare(record, record.known.pause, listed);
    }
    for (const { taskId, containerName } of found.changed) this.hint({ taskId, containerName });
    if (!this.#inventoried) {
      this.#inventoried = true;
      for (const record of this.#records.values()) this.#attention.add(record);
    }
    return hasStrangers;
  }

  /** One that should stand and was not listed may be gone. */
  #compare(record: TaskRecord, { name, phase, runtimeId }: KnownContainer, listed: ReadonlySet<string>): void {
    const stands = phase === 'CREATED' || phase === 'RUNNING' || phase === 'RESTARTING';
    if (stands && runtimeId !== null && !listed.has(runtimeId)) this.#suspect(record, name);
  }

  hint({ taskId, containerName }: ContainerHint): void {
    const record = this.#records.get(taskId);
    if (record !== undefined) this.#suspect(record, containerName);
  }

  stepDone(stepId: number, result: CallResult, now: number): void {
    const done = this.#inFlight.get(stepId);
    // Answered twice, or by a shell of before.
    if (done === undefined) return;
    this.#inFlight.delete(stepId);
    this.#lanes[done.lane].leave();
    const { record, step } = done;
    // A pull that was given up because the task must stop.
    if (record.stepId !== stepId) return;
    record.stepId = 0;
    applyResult(record.known, step, result, now);
    const { hints } = record;
    record.hints = null;
    for (const name of hints ?? []) this.#suspect(record, name);
    this.#attention.add(record);
  }

  /** The log has the task's state up to that revision. */
  durable(taskId: string, revision: number): void {
    const record = this.#records.get(taskId);
    if (record === undefined) return;
    record.known.durableRevision = Math.max(record.known.durableRevision, revision);
    this.#attention.add(record);
  }

  /** Looks at every task that something happened to or whose time has come, and gives out the steps there is room for. */
  pump(now: number, give: (order: StepOrder) => void): void {
    for (let due = this.#wakes.takeDue(now); due !== undefined; due = this.#wakes.takeDue(now)) {
      if (due.key.wakeAt === due.at) this.#attention.add(due.key);
    }
    if (!this.#inventoried) return;
    for (const record of this.#attention) {
      this.#attention.delete(record);
      this.#consider(record, now, give);
    }
    for (const lane of Object.values(this.#lanes)) {
      for (let next = lane.next(); next !== undefined; next = lane.next()) this.#consider(next, now, give);
    }
  }

  #consider(record: TaskRecord, now: number, give: (order: StepOrder) => void): void {
    const { known, wanted, definition } = record;
    if (this.#records.get(known.taskId) !== record || record.awaitsDefinition) return;
    if (record.stepId !== 0 && !this.#mayAbandon(record)) return;
    record.stepId = 0;
    advance(wanted, definition, known, now);
    if (isWorthReporting(known)) this.#onReportable(known.taskId);
    const cleanupDelayMs = record.keeping === 'surplus' ? 0 : this.#options.cleanupDelayMs;
    const step = nextStep(wanted, definition, known, now, cleanupDelayMs);
    if (step.kind === 'forget') return this.#forget(record);
    if (step.kind === 'wait' && known.status === 'STOPPED' && isSettled(known)) this.#keep(record);
    const wakeAt = step.kind === 'wait' ? step.until : null;
    if (wakeAt !== null && wakeAt !== record.wakeAt) this.#wakes.add(wakeAt, record);
    record.wakeAt = wakeAt;
    if (step.kind === 'wait') return;
    const lane = laneOf(step.kind);
    if (this.#lanes[lane].enter(record, step.kind === 'start' || step.kind === 'restart'))
      this.#issue(record, step, lane, now, give);
  }

  /** Its containers stand until their time is up, or until too many others have ended after it. */
  #keep(record: TaskRecord): void {
    if (record.keeping !== 'none') return;
    record.keeping = 'kept';
    const surplus = this.#kept.add(record);
    if (surplus === undefined) return;
    surplus.keeping = 'surplus';
    this.#attention.add(surplus);
  }

  /** A pull makes nothing that would have to be undone: a task that must stop does not wait for it. */
  #mayAbandon({ stepId, wanted, known }: TaskRecord): boolean {
    return this.#inFlight.get(stepId)?.step.kind === 'pull' && isStopping(wanted, known);
  }

  #issue(record: TaskRecord, step: PerformedStep, lane: LaneName, now: number, give: (order: StepOrder) => void): void {
    this.#lastStepId += 1;
    record.stepId = this.#lastStepId;
    this.#inFlight.set(record.stepId, { record, step, lane });
    if (step.kind === 'pull') record.known.pullStartedAt ??= now;
    give({ stepId: record.stepId, taskId: record.known.taskId, call: this.#callOf(record, step) });
  }

  #callOf({ known, wanted, definition }: TaskRecord, { kind, containerName }: PerformedStep): RuntimeCall {
    if (kind === 'pull') {
      const own = definitionOf(definition, containerName);
      assert(own !== undefined, 'only containers of the definition are pulled');
      return { call: kind, image: wanted === undefined ? { reference: own.image } : imageSpec(wanted, own) };
    }
    if (kind === 'create') {
      assert(wanted !== undefined && definition !== undefined, 'only a wanted task is made');
      const spec =
        containerName === PAUSE_CONTAINER_NAME
          ? pauseSpec(this.#options, wanted, definition)
          : containerSpec(this.#options, wanted, definition, containerName, containerOf(known, containerName)?.imageId);
      return { call: kind, spec };
    }
    return { call: kind, ref: this.#refOf(known, definition, containerName) };
  }

  /** A creation whose answer was lost leaves no id, but the name is known. */
  #refOf(known: KnownTask, definition: TaskDefinition | undefined, containerName: string): string {
    const runtimeId = containerOf(known, containerName)?.runtimeId ?? null;
    if (runtimeId !== null) return runtimeId;
    assert(definition !== undefined, 'a container without an id was made by us, from a definition');
    return runtimeNameOf(known.taskId, definition, containerName);
  }

  #suspect(record: TaskRecord, containerName: string): void {
    if (record.stepId !== 0) {
      (record.hints ??= new Set()).add(containerName);
      return;
    }
    const container = containerOf(record.known, containerName);
    if (container === undefined || container.runtimeId === null || container.removed) return;
    container.uncertain = true;
    this.#attention.add(record);
  }

  #newRecord(taskId: string): TaskRecord {
    const record: TaskRecord = {
      known: newTask(taskId),
      wanted: undefined,
      definition: undefined,
      awaitsDefinition: false,
      stepId: 0,
      hints: null,
      wakeAt: null,
      keeping: 'none',
    };
    this.#records.set(taskId, record);
    return record;
  }

  #define(record: TaskRecord, { taskArn, taskDefinitionArn }: WantedTask): void {
    record.definition = this.#definitions.acquire(taskDefinitionArn);
    if (record.definition !== undefined) {
      alignContainers(record.known, record.definition);
      if (!this.#definitions.isCircular(taskDefinitionArn)) return;
      const reason = `TaskDependencyError: Task dependencies cannot be resolved, taskArn: ${taskArn}`;
      record.known.ending ??= { reason, stopCode: 'TaskFailedToStart' };
      return;
    }
    record.awaitsDefinition = true;
    const waiting = this.#awaiting.get(taskDefinitionArn);
    if (waiting === undefined) this.#awaiting.set(taskDefinitionArn, new Set([record]));
    else waiting.add(record);
  }

  /** The tasks that wait for this definition; they wait no longer, and are looked at again. */
  #takeAwaiting(taskDefinitionArn: string): Iterable<TaskRecord> {
    const records = this.#awaiting.get(taskDefinitionArn) ?? [];
    this.#awaiting.delete(taskDefinitionArn);
    for (const record of records) {
      record.awaitsDefinition = false;
      this.#attention.add(record);
    }
    return records;
  }

  #stopAwaiting(record: TaskRecord): void {
    if (!record.awaitsDefinition || record.wanted === undefined) return;
    const { taskDefinitionArn } = record.wanted;
    record.awaitsDefinition = false;
    const waiting = this.#awaiting.get(taskDefinitionArn);
    waiting?.delete(record);
    if (waiting?.size === 0) this.#awaiting.delete(taskDefinitionArn);
  }

  #forget(record: TaskRecord): void {
    const { taskId } = record.known;
    this.#records.delete(taskId);
    this.#attention.delete(record);
    this.#kept.delete(record);
    this.#stopAwaiting(record);
    if (record.definition !== undefined) this.#definitions.release(record.definition.taskDefinitionArn);
    this.#ended.add(taskId);
    if (this.#ended.size <= REMEMBERED_TASKS_MAX) return;
    for (const oldest of this.#ended) {
      this.#ended.delete(oldest);
      break;
    }
  }
}
