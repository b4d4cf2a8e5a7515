import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';

/** ECS: at most 100 reserved ports an instance; one more list for UDP. */
const RESERVED_PORTS_MAX = 100;
const ATTRIBUTES_MAX = 200;
const TAGS_MAX = 50;

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

  @IsOptional() @IsArray() @IsString({ each: true }) gpuIds?: string[];
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

/** The wire form of contracts' SessionRequest. */
export class SessionRequestDto {
  @IsString() @Matches(/^[0-9a-zA-Z-]{8,64}$/) sessionId!: string;
  @ValidateNested() @Type(() => ResourcesDto) resources!: ResourcesDto;

  @IsArray()
  @ArrayMaxSize(ATTRIBUTES_MAX)
  @ValidateNested({ each: true })
  @Type(() => AttributeDto)
  attributes!: AttributeDto[];

  @ValidateNested() @Type(() => VersionInfoDto) versionInfo!: VersionInfoDto;
  @IsString() @MaxLength(255) hostname!: string;

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(TAGS_MAX)
  @ValidateNested({ each: true })
  @Type(() => TagDto)
  tags?: TagDto[];
}
