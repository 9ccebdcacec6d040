import { expose } from 'comlink';
import { bundledWasmPaths } from '../src/engine/wasmAssets';
import { loadBundledLiteRt } from './bundledLiteRt';
import { InThreadCompute } from './service/computeService';
import { holdLifeline } from './service/lifeline';
import { movingCompute } from './service/movingCompute';

const lifeline = holdLifeline();
const service = movingCompute(new InThreadCompute(bundledWasmPaths, loadBundledLiteRt));
expose(Object.assign(service, { lifeline: () => lifeline }));
