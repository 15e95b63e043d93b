import type { Interaction } from '../ports.ts';

/**
 * Fills the places of a template: `{FirstName}` with the user data of that key, `{agent.nickname}` (or
 * `firstName`, `lastName`) with the agent's. `{FirstName|there}` says `there` where the value is missing;
 * without a stand-in the place is left out, with the blank before it.
 */
export function fillTemplate(template: string, interaction: Interaction): string {
  return template
    .replace(/([ \t]*)\{([^{}|]+)(?:\|([^{}]*))?\}/g, (_place, blank: string, name: string, standIn = '') => {
      const value = placeValue(name.trim(), interaction) || standIn;
      return value === '' ? '' : blank + value;
    })
    .trim();
}

function placeValue(name: string, { agent, now }: Interaction): string {
  switch (name) {
    case 'agent.nickname':
      return agent.nickname;
    case 'agent.firstName':
      return agent.firstName;
    case 'agent.lastName':
      return agent.lastName;
    default:
      return Object.hasOwn(now.userData, name) ? String(now.userData[name] ?? '').trim() : '';
  }
}
