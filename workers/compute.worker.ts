import { expose } from 'comlink';
import { bundledWasmPaths } from '../src/engine/wasmAssets';
import { loadBundledLiteRt } from './bundledLiteRt';
import { InThreadCompute } from './service/computeService';
import { holdLifeline } from './service/lifeline';

const lifeline = holdLifeline();
expose(Object.assign(new InThreadCompute(bundledWasmPaths, loadBundledLiteRt), { lifeline: () => lifeline }));
