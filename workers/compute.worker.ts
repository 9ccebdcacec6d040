import { expose } from 'comlink';
import { bundledWasmPaths } from '../src/engine/wasmAssets';
import { InThreadCompute } from './service/computeService';

expose(new InThreadCompute(bundledWasmPaths));
