/**
 * What RunTask and StartTask answer (`Decider.answer`): computed from the recorded events alone, so that a repeated command
 * id gets the same again. The operation turns ids into the ECS response with the view.
 */
export interface TasksAnswer {
  readonly taskIds: readonly string[];
  readonly failures: readonly {
    readonly instanceId: string | null;
    readonly reason: string;
    readonly detail?: string;
  }[];
}
