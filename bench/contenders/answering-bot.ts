import { defineBot, definePlugin } from 'usher-bots';
import { autoAccept } from 'usher-bots/plugins/auto-accept';

const answering = definePlugin({
  name: 'answering',
  operationsPerSecond: 1_000_000,
  message:
    () =>
    ({ text }, { operations }) =>
      operations.sendMessage(`re: ${text}`),
});

/** Takes every chat, and answers each line at once. */
export const answeringBot = defineBot({ name: 'bench', plugins: [autoAccept(), answering()] });
