/**
 * Who has the word with the customer: the bot, a human, or nobody while the chat is on its way to somebody else.
 * A human has it by having spoken to the customer, by having joined before the customer's eyes, or by having taken the
 * chat over through Usher.
 */
export type Owner =
  | { readonly kind: 'bot' }
  | { readonly kind: 'human'; readonly name: string; readonly by: 'speaking' | 'joining' | 'take-over' }
  | { readonly kind: 'nobody' };

/** How it begins: the bots of the agent have the word. */
export const botOwner: Owner = { kind: 'bot' };
