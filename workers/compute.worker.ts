import { expose } from 'comlink';
import { bundledWasmPaths } from '../src/engine/wasmAssets';
import { bundledCodecs } from '../src/formats/pictures/bundledCodecs';
import { InThreadCompute } from './service/computeService';

expose(new InThreadCompute(bundledWasmPaths, bundledCodecs));
