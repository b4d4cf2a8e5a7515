import type { ShapeDocument } from '#libs/kernel';

export function shapesOf(service: {
  readonly id: string;
  readonly operations: readonly (readonly unknown[])[];
  readonly errors?: readonly (readonly unknown[])[];
  readonly facts?: Readonly<Record<string, object>>;
  readonly enumOf?: ReadonlyMap<string, string>;
  readonly enumValues?: ReadonlyMap<string, readonly string[]>;
}): ShapeDocument;
