import { definePlugin } from 'usher-bots';

/** Answers each line of the customer by its own words. */
export const echo = definePlugin({
  name: 'echo',
  message:
    () =>
    ({ text }, { operations }) =>
      operations.sendMessage(`re: ${text}`),
});
