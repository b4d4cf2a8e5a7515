/**
 * The program of a pause container, written in machine instructions so that no image has to come from a registry and no
 * compiler is needed on a host. In C it would be
 *
 *     sigaction(SIGCHLD, SIG_IGN);         as PID 1 of a shared namespace it inherits orphans; the kernel reaps them then
 *     sigprocmask(SIG_BLOCK, {INT, TERM}); a first process is never ended by a signal that it has not asked for
 *     while (sigtimedwait({INT, TERM}, forever) < 0) continue;
 *     exit(0);
 *
 * Sources: System V ABI (ELF-64), Linux syscall tables, Intel SDM volume 2, Arm Architecture Reference Manual (A64).
 */

/** ECS's words for the processors that the program is written for. */
export type PauseArchitecture = 'x86_64' | 'arm64';

const ARCHITECTURES: readonly string[] = ['x86_64', 'arm64'] satisfies PauseArchitecture[];

export function isPauseArchitecture(architecture: string): architecture is PauseArchitecture {
  return ARCHITECTURES.includes(architecture);
}

/** Where the file is mapped as a whole; a multiple of every page size. */
const BASE_ADDRESS = 0x40_0000;
const PAGE_BYTES_MAX = 0x1_0000;
const FILE_HEADER_BYTES = 64;
const PROGRAM_HEADER_BYTES = 56;
const CODE_OFFSET = FILE_HEADER_BYTES + PROGRAM_HEADER_BYTES;

const SIGINT = 2;
const SIGTERM = 15;
const SIGCHLD = 17;
const SIG_IGN = 1;
const SIG_BLOCK = 0;
const SIGSET_BYTES = 8;
/** handler, flags, restorer, mask: all of them zero but the first. */
const SIGACTION_BYTES = 32;

/** `e_machine` of the ELF header. */
const MACHINES: Readonly<Record<PauseArchitecture, number>> = { x86_64: 62, arm64: 183 };

/** A static ELF program of the processor that pauses until it is asked to end. */
export function pauseProgram(architecture: PauseArchitecture): Buffer {
  const code = architecture === 'x86_64' ? codeOfX86 : codeOfArm;
  // Instructions are as long for one address as for another, so the data's place is known after a first round.
  const dataOffset = CODE_OFFSET + roundUp(code(0, 0).length, SIGSET_BYTES);
  const actionAddress = BASE_ADDRESS + dataOffset;
  const instructions = code(actionAddress, actionAddress + SIGACTION_BYTES);
  const file = Buffer.alloc(dataOffset + SIGACTION_BYTES + SIGSET_BYTES);
  writeHeaders(file, MACHINES[architecture]);
  instructions.copy(file, CODE_OFFSET);
  file.writeBigUInt64LE(BigInt(SIG_IGN), dataOffset);
  file.writeBigUInt64LE(signalSet(SIGINT, SIGTERM), dataOffset + SIGACTION_BYTES);
  return file;
}

/** One loadable segment, readable and executable: the whole file. */
function writeHeaders(file: Buffer, machine: number): void {
  // Magic, 64 bits, little endian, version 1.
  file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1], 0);
  // An executable file; section headers are none.
  file.writeUInt16LE(2, 16);
  file.writeUInt16LE(machine, 18);
  file.writeUInt32LE(1, 20);
  file.writeBigUInt64LE(BigInt(BASE_ADDRESS + CODE_OFFSET), 24);
  file.writeBigUInt64LE(BigInt(FILE_HEADER_BYTES), 32);
  file.writeUInt16LE(FILE_HEADER_BYTES, 52);
  file.writeUInt16LE(PROGRAM_HEADER_BYTES, 54);
  file.writeUInt16LE(1, 56);
  const segment = FILE_HEADER_BYTES;
  file.writeUInt32LE(1, segment);
  file.writeUInt32LE(0b101, segment + 4);
  file.writeBigUInt64LE(BigInt(BASE_ADDRESS), segment + 16);
  file.writeBigUInt64LE(BigInt(BASE_ADDRESS), segment + 24);
  file.writeBigUInt64LE(BigInt(file.length), segment + 32);
  file.writeBigUInt64LE(BigInt(file.length), segment + 40);
  file.writeBigUInt64LE(BigInt(PAGE_BYTES_MAX), segment + 48);
}

/** Arguments of a call in edi, esi, edx and r10d, its number in eax. */
function codeOfX86(actionAddress: number, setAddress: number): Buffer {
  const load = (opcode: readonly number[], value: number): readonly number[] => [
    ...opcode,
    ...[0, 8, 16, 24].map((shift) => (value >>> shift) & 0xff),
  ];
  const call = (number: number, first: number, second: number, third: number, fourth: number): readonly number[] => [
    ...load([0xbf], first),
    ...load([0xbe], second),
    ...load([0xba], third),
    ...load([0x41, 0xba], fourth),
    ...load([0xb8], number),
    0x0f,
    0x05,
  ];
  const waitCall = call(128, setAddress, 0, 0, SIGSET_BYTES);
  // test eax, eax; js: back to the wait while its result is negative, e.g. after SIGSTOP and SIGCONT.
  const checkBytes = 4;
  const check = [0x85, 0xc0, 0x78, 0x100 - (waitCall.length + checkBytes)];
  return Buffer.from([
    ...call(13, SIGCHLD, actionAddress, 0, SIGSET_BYTES),
    ...call(14, SIG_BLOCK, setAddress, 0, SIGSET_BYTES),
    ...waitCall,
    ...check,
    ...call(231, 0, 0, 0, 0),
  ]);
}

/** Arguments of a call in x0 to x3, its number in x8. */
function codeOfArm(actionAddress: number, setAddress: number): Buffer {
  const load = (register: number, value: number): readonly number[] => [
    // movz and movk: the lower and the upper 16 bits.
    0xd280_0000 | ((value & 0xffff) << 5) | register,
    0xf2a0_0000 | ((value >>> 16) << 5) | register,
  ];
  const call = (number: number, first: number, second: number, third: number, fourth: number): readonly number[] => [
    ...load(0, first),
    ...load(1, second),
    ...load(2, third),
    ...load(3, fourth),
    ...load(8, number),
    0xd400_0001,
  ];
  const wait = call(137, setAddress, 0, 0, SIGSET_BYTES);
  const words = [
    ...call(134, SIGCHLD, actionAddress, 0, SIGSET_BYTES),
    ...call(135, SIG_BLOCK, setAddress, 0, SIGSET_BYTES),
    ...wait,
    // tbnz x0, #63: back to the wait while its result is negative.
    0xb7f8_0000 | ((-wait.length & 0x3fff) << 5),
    ...call(94, 0, 0, 0, 0),
  ];
  const code = Buffer.alloc(words.length * 4);
  words.forEach((instruction, index) => code.writeUInt32LE(instruction >>> 0, index * 4));
  return code;
}

function signalSet(...signals: readonly number[]): bigint {
  return signals.reduce((set, signal) => set | (1n << BigInt(signal - 1)), 0n);
}

function roundUp(bytes: number, unit: number): number {
  return Math.ceil(bytes / unit) * unit;
}
