export { decodeMessage } from './decode';
export { encodeMessage } from './encode';
export { MalformedMessage, type Message, type MessageInput, type Schema } from './schema';
