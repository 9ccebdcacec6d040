/** What a person is told about the graphics adapter that WebGPU offers. */
export interface AdapterReport {
  readonly vendor: string;
  readonly architecture: string;
  readonly description: string;
  /** Whether the adapter is a program that runs on the processor (SwiftShader, llvmpipe, WARP). */
  readonly software: boolean;
}

/** The fields of GPUAdapterInfo that tell a real adapter from a software one. */
export interface AdapterFacts {
  readonly vendor?: string;
  readonly architecture?: string;
  readonly device?: string;
  readonly description?: string;
  readonly isFallbackAdapter?: boolean;
}

const softwareNames = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|\bwarp\b|software/i;

/** Describes an adapter; `fallback` is what the adapter itself says about being a fallback. */
export function describeAdapter(facts: AdapterFacts, fallback = false): AdapterReport {
  const names = [facts.vendor, facts.architecture, facts.device, facts.description].join(' ');
  return {
    vendor: facts.vendor ?? '',
    architecture: facts.architecture ?? '',
    description: facts.description || facts.device || '',
    software: fallback || facts.isFallbackAdapter === true || softwareNames.test(names),
  };
}

/** "nvidia ampere", or "unnamed" where the browser withholds the names. */
export function adapterName(adapter: AdapterReport): string {
  const name = [adapter.vendor, adapter.architecture, adapter.description].filter(Boolean).join(' ');
  return name || 'unnamed';
}

/** The adapter that WebGPU would use in this thread, or the reason why there is none. */
export type AdapterProbe =
  { readonly adapter: AdapterReport } | { readonly adapter: null; readonly reason: string };

/**
 * Times that an adapter is asked for. Chromium answers null, once, where the browser has just started and its process
 * for graphics begins anew with another driver, as seen on Linux with an NVIDIA card; the next answer is the card.
 */
const asks = 3;

async function requestAdapter(gpu: GPU): Promise<GPUAdapter | null> {
  for (let ask = 0; ask < asks; ask++) {
    const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
    if (adapter) return adapter;
  }
  return null;
}

/** Asks WebGPU for an adapter without starting anything. tfjs itself crashes where there is none. */
export async function probeAdapter(): Promise<AdapterProbe> {
  const gpu = typeof navigator === 'undefined' ? undefined : (navigator.gpu as GPU | undefined);
  if (!gpu) return { adapter: null, reason: 'this browser has no WebGPU' };
  try {
    const adapter = await requestAdapter(gpu);
    if (!adapter) return { adapter: null, reason: 'WebGPU offers no graphics adapter here' };
    const legacy = adapter as unknown as { isFallbackAdapter?: boolean };
    return { adapter: describeAdapter(adapter.info, legacy.isFallbackAdapter) };
  } catch (error) {
    return { adapter: null, reason: `asking WebGPU for an adapter failed (${String(error)})` };
  }
}
