/**
 * One of Amazon's services as its clients speak to it: a value, from which every protocol, check and route follows. The
 * shapes are generated from the SDK's own schemas; the rules are what the service does and its model does not tell.
 */
export interface ServiceModel {
  /** What SDKs call it, e.g. `Secrets Manager`; the endpoint variable of its clients follows from it. */
  readonly serviceId: string;
  /** What its requests are signed for: the service in a credential scope, e.g. `ecs`. */
  readonly signingName: string;
  /** Whether its requests may be signed for any region, because it has none of its own. */
  readonly isGlobal: boolean;
  /** A service may be served in several; the first is for responses to requests that tell none. */
  readonly protocols: readonly [ServiceProtocol, ...ServiceProtocol[]];
  readonly shapes: ShapeDocument;
  readonly rules: ServiceRules;
  /** Operations whose requests carry no signature, because their callers have no key yet. */
  readonly unsignedOperations?: readonly string[];
}

export type ServiceProtocol = AwsJson | AwsQuery;

/** `X-Amz-Target: <targetPrefix>.<Operation>` and JSON in both directions. */
export interface AwsJson {
  readonly name: 'json-1.0' | 'json-1.1';
  readonly targetPrefix: string;
}

/** A form with `Action` and `Version` in, XML out. */
export interface AwsQuery {
  readonly name: 'query';
  readonly version: string;
  readonly xmlNamespace: string;
}

/** The part of JSON Schema that the generated documents use, and what the XML of AWS Query adds to it. */
export interface Shape {
  /** A type of the wire that JSON has not: Integer, Long, Double, Timestamp (epoch seconds), Blob (base64). */
  readonly title?: string;
  readonly $ref?: string;
  readonly type?: 'array' | 'boolean' | 'integer' | 'number' | 'object' | 'string';
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly additionalProperties?: Shape | boolean;
  readonly items?: Shape;
  readonly required?: readonly string[];
  readonly enum?: readonly string[];
  readonly pattern?: string;
  /** A text that no error and no log may repeat. */
  readonly isSensitive?: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  /** What forms and XML call a member, an item or a map's value instead of its own name, `member` or `value`. */
  readonly xmlName?: string;
  /** What forms and XML call a map's key instead of `key`. */
  readonly xmlKeyName?: string;
  /** Items follow each other without an element around them. */
  readonly xmlFlattened?: boolean;
  /** How a time is written where it is not ISO 8601. */
  readonly timestampFormat?: 'http-date' | 'epoch-seconds';
}

/** One JSON Schema document for a service: every shape of its inputs, outputs and errors by name under `$defs`. */
export interface ShapeDocument {
  readonly $id: string;
  readonly operations: Readonly<Record<string, OperationShapes>>;
  readonly errors: Readonly<Record<string, ErrorShape>>;
  readonly $defs: Readonly<Record<string, Shape>>;
}

/** Names under `$defs`; without one the operation takes, or returns, nothing. */
export interface OperationShapes {
  readonly input?: string;
  readonly output?: string;
}

/** A modelled error: how it is written where that is not its own name and 400 (500 for a fault of the server). */
export interface ErrorShape {
  /** `NoSuchEntity` of `NoSuchEntityException`, in AWS Query. */
  readonly queryCode?: string;
  /** In the protocols that tell by it: Query and REST. AWS JSON sends 400 or 500. */
  readonly httpStatus?: number;
  readonly isServerFault?: boolean;
}

/** What a service does and its model does not tell. What is absent is as in most services. */
export interface ServiceRules {
  /**
   * Set where an optional member that is an empty string means "not given"; `except` names members, by shape, whose empty
   * string is a value. Elsewhere an empty string is one.
   */
  readonly emptyMeansAbsent?: { readonly except: Readonly<Record<string, readonly string[]>> };
  /** Members, by shape, that the service returns and its model does not have; SDKs drop them. */
  readonly unmodelledOutput?: Readonly<Record<string, readonly string[]>>;
  /** The error for a value that the model does not allow; else `ValidationException`. */
  invalidInputType?(operation: string): string;
  /** The service's own text for such a value, where its words are not those of Amazon's framework. */
  faultText?(fault: InputFault): string;
}

/** A value that the model does not allow, and where it was found. */
export interface InputFault {
  readonly operation: string;
  /** As queries of the AWS CLI have it: `containerDefinitions[0].memory`. */
  readonly path: string;
  /** Cut where it is long; undefined where there is none, or where it is a secret. */
  readonly value: string | undefined;
  readonly constraint: InputConstraint;
  /** The whole input, of which no more than the types has been checked. */
  readonly input: unknown;
}

/** What the model asks for. */
export type InputConstraint =
  | { readonly kind: 'required' | 'one-member' }
  | { readonly kind: 'enum'; readonly values: readonly string[] }
  | { readonly kind: 'pattern'; readonly pattern: string }
  | {
      readonly kind: 'minimum' | 'maximum' | 'minLength' | 'maxLength' | 'minItems' | 'maxItems';
      readonly limit: number;
    };
