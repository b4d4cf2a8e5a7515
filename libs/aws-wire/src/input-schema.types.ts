/** The part of JSON Schema that the generated document uses. */
export interface InputSchema {
  /** Set on the wire's own number types only: Integer, Long, Double, Timestamp. */
  readonly title?: string;
  readonly $ref?: string;
  readonly type?: 'array' | 'boolean' | 'integer' | 'number' | 'object' | 'string';
  readonly properties?: Readonly<Record<string, InputSchema>>;
  readonly additionalProperties?: InputSchema | boolean;
  readonly items?: InputSchema;
  readonly required?: readonly string[];
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minProperties?: number;
  readonly maxProperties?: number;
}

/** One JSON Schema document for all inputs; `inputs` names the shape in `$defs` that each operation takes. */
export interface InputSchemaDocument {
  readonly $id: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly $defs: Readonly<Record<string, InputSchema>>;
}
