import { expose } from 'comlink';
import { bundledCodecs } from '../src/formats/pictures/bundledCodecs';
import { holdLifeline } from './service/lifeline';
import { InThreadParser } from './service/parsing';

const lifeline = holdLifeline();
expose(Object.assign(new InThreadParser(bundledCodecs), { lifeline: () => lifeline }));
