import type { DrainReport } from '../../session/draining.ts';

/** What became of the chats that were open at a stop. */
export function drainText({ finished, handedOver, passedOn, left }: DrainReport): string {
  if (finished + handedOver + passedOn + left === 0) return 'no chat was open';
  const parts = [
    finished > 0 ? `${count(finished)} finished` : '',
    handedOver > 0 ? `${count(handedOver)} handed over` : '',
    passedOn > 0 ? `${count(passedOn)} passed on to another worker` : '',
    left > 0 ? `${count(left)} left open on the server` : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}

function count(chats: number): string {
  return `${chats} ${chats === 1 ? 'chat' : 'chats'}`;
}
