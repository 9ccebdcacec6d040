export function builtCommandLine(): Promise<URL>;
