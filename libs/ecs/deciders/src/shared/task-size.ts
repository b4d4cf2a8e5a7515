/** Task-level CPU on container instances. */
export const TASK_CPU_UNITS_MIN = 128;
export const TASK_CPU_UNITS_MAX = 196_608;
const CPU_UNITS_PER_CORE = 1_024;
const MEBIBYTES_PER_GIBIBYTE = 1_024;

const WHOLE = /^\d{1,9}$/;
const VCPU = /^(\d{0,6}\.?\d{1,6})\s*v?cpus?$/i;
const GIGABYTES = /^(\d{0,6}\.?\d{1,6})\s*gb$/i;

/** CPU units from `256`, `.25 vCPU` or `1 vcpu`; null when the text is neither or out of range. */
export function cpuUnits(text: string): number | null {
  const units = sizeOf(text, VCPU, CPU_UNITS_PER_CORE);
  return units !== null && units >= TASK_CPU_UNITS_MIN && units <= TASK_CPU_UNITS_MAX ? units : null;
}

/** MiB from `512`, `1GB` or `0.5 GB`; null when the text is neither. */
export function memoryMebibytes(text: string): number | null {
  const mebibytes = sizeOf(text, GIGABYTES, MEBIBYTES_PER_GIBIBYTE);
  return mebibytes !== null && mebibytes > 0 ? mebibytes : null;
}

function sizeOf(text: string, scaled: RegExp, scale: number): number | null {
  const trimmed = text.trim();
  if (WHOLE.test(trimmed)) return Number(trimmed);
  const match = scaled.exec(trimmed);
  if (match === null) return null;
  const size = Number(match[1]) * scale;
  return Number.isInteger(size) ? size : null;
}
