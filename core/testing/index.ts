export * from './expected-operations.ts';
export { type ChatScript, type MarbleChat, type ScriptedLine, says } from './marble-chat.ts';
export { type MarbleKit, type MarbleOptions, marbles } from './marbles.ts';
export { type Fault, faultKinds } from './server/faults.ts';
export { people, testAgent } from './server/people.ts';
export { type StoreCheck, storeContract } from './store-contract.ts';
export { VirtualTime } from './virtual-time.ts';
