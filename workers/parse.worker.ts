import { expose } from 'comlink';
import { InThreadParser } from './service/parsing';

expose(new InThreadParser());
