import { FailureError } from '../network/failure';

/**
 * WebGPU never throws: shader and validation errors reach only `uncapturederror`, a lost device only `lost`,
 * and what is read back afterwards is stale or zero. The first fault is kept here until it is cleared, and
 * every readback asks for it.
 */
let fault: FailureError | null = null;
let watched: GPUDevice | null = null;

/** The first fault since the backend started, or null. */
export function backendFault(): FailureError | null {
  return fault;
}

/** Throws the fault, if there is one. */
export function assertNoFault(): void {
  if (fault) throw fault;
}

/** Listens to a device until another one is watched. */
export function watchDevice(device: GPUDevice): void {
  if (watched === device) return;
  watched = device;
  fault = null;
  device.addEventListener('uncapturederror', (event) => {
    if (watched === device) fault ??= failureOf((event as GPUUncapturedErrorEvent).error);
  });
  void device.lost.then((info) => {
    if (watched === device) fault = deviceLost(info.message);
  });
}

/** Listens to no device any more: none computes. */
export function unwatchDevice(): void {
  watched = null;
  fault = null;
}

/** Whether a device is watched, that is, whether WebGPU runs. */
export function watchesDevice(): boolean {
  return watched !== null;
}

/** The failure that says the device is gone. */
export function deviceLost(detail: string): FailureError {
  const cause = detail ? ` (${detail})` : '';
  return new FailureError(
    'device-lost',
    `The graphics device was lost${cause}; start the step again to go on with a new device.`,
  );
}

function failureOf(error: GPUError): FailureError {
  const outOfMemory = error.constructor.name === 'GPUOutOfMemoryError';
  return outOfMemory
    ? new FailureError(
        'out-of-memory',
        `The graphics device ran out of memory (${firstLine(error.message)}); use smaller batches.`,
      )
    : new FailureError(
        'device-error',
        `The graphics device reported an error, so its results cannot be trusted (${firstLine(error.message)}); start the step again.`,
      );
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? text;
}
