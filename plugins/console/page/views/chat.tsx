import { useEffect, useState } from 'preact/hooks';
import type { ChatRow } from '../../wire.ts';
import { type ChatPicture, followChat } from '../live.ts';
import { Pill } from '../parts/pill.tsx';
import { session } from '../session.ts';
import { ChatActions } from './chat-actions.tsx';
import { Composer } from './composer.tsx';
import { Timeline } from './timeline.tsx';
import { Transcript } from './transcript.tsx';

/** One chat: what was said, and beside it everything that happened. */
export function Chat({ row }: { readonly row: ChatRow }) {
  const [picture, show] = useState<ChatPicture>();
  const { agent, id } = row;
  useEffect(() => followChat({ agent, id }, show), [agent, id]);
  const mayAct = session.value?.authority === 'act';
  return (
    <>
      <section class="chat" aria-label="Conversation">
        <header class="chat-head">
          <a class="back" href="#/chats">
            ‹ All chats
          </a>
          <div class="chat-who">
            <h2>{row.customer}</h2>
            <p class="chat-facts">
              <span>{row.id}</span>
              <span>{row.agent}</span>
              {row.bot !== undefined && <span>{row.bot}</span>}
              <span>{row.state}</span>
            </p>
          </div>
          <Word row={row} />
          {mayAct && <ChatActions row={row} />}
        </header>
        <Transcript lines={picture?.lines ?? []} typing={row.typing} />
        {mayAct && row.ended === undefined && <Composer row={row} />}
      </section>
      <section class="happened" aria-label="What happened">
        <Timeline rows={picture?.timeline ?? []} />
        <Facts picture={picture} />
      </section>
    </>
  );
}

function Word({ row: { owner, ended } }: { readonly row: ChatRow }) {
  if (ended !== undefined) return <Pill tone="plain">{ended}</Pill>;
  if (owner.kind === 'human') return <Pill tone="human">{owner.name} has the word</Pill>;
  return owner.kind === 'nobody' ? (
    <Pill tone="held">on its way to somebody</Pill>
  ) : (
    <Pill tone="good">the bot has the word</Pill>
  );
}

function Facts({ picture }: { readonly picture: ChatPicture | undefined }) {
  const participants = picture?.participants ?? [];
  const userData = Object.entries(picture?.userData ?? {});
  return (
    <div class="facts">
      <details>
        <summary>Participants ({participants.length})</summary>
        <ul>
          {participants.map(({ name, role }) => (
            <li key={`${name} ${role}`}>
              {name} <span class="faint">{role}</span>
            </li>
          ))}
        </ul>
      </details>
      <details>
        <summary>User data ({userData.length})</summary>
        <dl class="data">
          {userData.map(([key, value]) => (
            <div key={key}>
              <dt>{key}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </details>
    </div>
  );
}
