import { expose } from 'comlink';
import { bundledCodecs } from '../src/formats/pictures/bundledCodecs';
import { InThreadParser } from './service/parsing';

expose(new InThreadParser(bundledCodecs));
