import { createRandom, shuffle } from '../linalg/random';
