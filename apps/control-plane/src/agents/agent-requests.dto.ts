import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsDefined,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { DEFINITIONS_PER_REQUEST_MAX } from '#libs/agents/protocol';

/* A nested member is checked only if it is there, hence IsDefined. */

/** ECS: at most 100 reserved ports an instance; one more list for UDP. */
const RESERVED_PORTS_MAX = 100;
const ATTRIBUTES_MAX = 200;
const TAGS_MAX = 50;
const GPUS_MAX = 128;
const GPU_ID_CHARACTERS_MAX = 128;
const TASK_DEFINITION_ARN_CHARACTERS_MAX = 512;

class ResourcesDto {
  @IsInt() @Min(0) cpu!: number;
  @IsInt() @Min(0) memory!: number;

  @IsArray()
  @ArrayMaxSize(RESERVED_PORTS_MAX)
  @IsInt({ each: true })
  @Min(1, { each: true })
  @Max(65_535, { each: true })
  reservedTcpPorts!: number[];

  @IsArray()
  @ArrayMaxSize(RESERVED_PORTS_MAX)
  @IsInt({ each: true })
  @Min(1, { each: true })
  @Max(65_535, { each: true })
  reservedUdpPorts!: number[];

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(GPUS_MAX)
  @IsString({ each: true })
  @MaxLength(GPU_ID_CHARACTERS_MAX, { each: true })
  gpuIds?: string[];
}

class AttributeDto {
  @IsString() @Length(1, 128) name!: string;
  @IsOptional() @IsString() @MaxLength(128) value?: string;
}

class VersionInfoDto {
  @IsString() @MaxLength(64) agentVersion!: string;
  @IsOptional() @IsString() @MaxLength(64) agentHash?: string;
  @IsString() @MaxLength(64) dockerVersion!: string;
}

class TagDto {
  @IsString() @Length(1, 128) key!: string;
  @IsOptional() @IsString() @MaxLength(256) value?: string;
}

class WantedSumDto {
  @IsInt() @Min(0) version!: number;
  @IsInt() @Min(0) tasks!: number;
  @IsInt() @Min(0) progress!: number;
}

/** The wire form of contracts' WantedRequest. */
export class WantedRequestDto {
  @ValidateIf((request: WantedRequestDto) => request.after !== null) @Matches(/^[0-9a-f]{32}$/) after!: string | null;
}

/** The wire form of contracts' DefinitionsRequest. */
export class DefinitionsRequestDto {
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(DEFINITIONS_PER_REQUEST_MAX)
  @IsString({ each: true })
  @MaxLength(TASK_DEFINITION_ARN_CHARACTERS_MAX, { each: true })
  taskDefinitionArns!: string[];
}

/** The wire form of contracts' SessionRequest. */
export class SessionRequestDto {
  @IsString() @Matches(/^[0-9a-zA-Z-]{8,64}$/) sessionId!: string;
  @IsDefined() @ValidateNested() @Type(() => ResourcesDto) resources!: ResourcesDto;

  @IsArray()
  @ArrayMaxSize(ATTRIBUTES_MAX)
  @ValidateNested({ each: true })
  @Type(() => AttributeDto)
  attributes!: AttributeDto[];

  @IsDefined() @ValidateNested() @Type(() => VersionInfoDto) versionInfo!: VersionInfoDto;
  @IsString() @MaxLength(255) hostname!: string;
  @IsDefined() @ValidateNested() @Type(() => WantedSumDto) wanted!: WantedSumDto;

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(TAGS_MAX)
  @ValidateNested({ each: true })
  @Type(() => TagDto)
  tags?: TagDto[];
}
