export * from './expected-operations.ts';
export { type MarbleKit, marbles } from './marbles.ts';
export {
  type ChatScript,
  people,
  type ScriptedChat,
  type ScriptedLine,
  says,
  testAgent,
} from './scripted-chat.ts';
export { type StoreCheck, storeContract } from './store-contract.ts';
