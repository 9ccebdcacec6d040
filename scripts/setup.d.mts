export const root: string;
export function ensureDependencies(): void;
export function installedChromium(): string | null;
export function ensureChromium(): string | null;
