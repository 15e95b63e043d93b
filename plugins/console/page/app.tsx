import { computed } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { agents, chats, connected, followBoard, host, plugins } from './live.ts';
import { Notice } from './parts/notice.tsx';
import { Pill } from './parts/pill.tsx';
import { Shortcuts } from './parts/shortcuts.tsx';
import { addressOf, route, type ViewName } from './route.ts';
import { logOut, session } from './session.ts';
import { Agents } from './views/agents.tsx';
import { AuditView } from './views/audit.tsx';
import { Chats } from './views/chats.tsx';
import { Drain } from './views/drain.tsx';
import { Experiments } from './views/experiments.tsx';
import { Fleet } from './views/fleet.tsx';
import { LogIn } from './views/log-in.tsx';
import { Operations } from './views/operations.tsx';
import { Playground } from './views/playground.tsx';
import { Plugins } from './views/plugins.tsx';

const views: Readonly<Record<ViewName, { readonly title: string; readonly View: ComponentType }>> = {
  chats: { title: 'Chats', View: Chats },
  agents: { title: 'Agents', View: Agents },
  fleet: { title: 'Fleet', View: Fleet },
  plugins: { title: 'Plugins', View: Plugins },
  operations: { title: 'Operations', View: Operations },
  experiments: { title: 'Experiments', View: Experiments },
  playground: { title: 'Playground', View: Playground },
  audit: { title: 'Audit', View: AuditView },
};

const badges = computed<Partial<Record<ViewName, { readonly count: number; readonly of: string }>>>(() => ({
  chats: { count: [...chats.value.values()].filter(({ ended }) => ended === undefined).length, of: 'open' },
  agents: { count: agents.value.size, of: 'in all' },
  plugins: {
    count: plugins.value.filter(({ quarantined }) => quarantined > 0).length,
    of: 'in quarantine',
  },
}));

export function App() {
  const who = session.value;
  const isIn = who !== undefined && who.authority !== 'none';
  useEffect(() => (isIn ? followBoard() : undefined), [isIn]);
  if (who === undefined) return <p class="waiting">Connecting …</p>;
  if (!isIn) return <LogIn />;
  const { title, View } = views[route.value.view];
  return (
    <>
      <a class="skip" href="#content">
        Skip to the content
      </a>
      <Header />
      <main id="content" class={`view view-${route.value.view}`} tabIndex={-1}>
        <h1 class="unseen">{title}</h1>
        <View />
      </main>
      <Notice />
      <Shortcuts />
    </>
  );
}

function Header() {
  const who = session.value;
  return (
    <header class="top">
      <span class="brand">
        <img src="./usher.svg" alt="" width="26" height="26" />
        Usher
      </span>
      <nav aria-label="Views">
        {(Object.keys(views) as ViewName[])
          .filter((name) => name !== 'experiments' || (host.value?.experiments ?? 0) > 0)
          .filter((name) => name !== 'fleet' || host.value?.fleet === true)
          .filter((name) => name !== 'playground' || who?.playground)
          .filter((name) => name !== 'audit' || who?.authority === 'act')
          .map((name) => (
            <NavLink key={name} name={name} />
          ))}
      </nav>
      <HostState />
      {who?.authority === 'act' && <Drain />}
      {who?.canLogIn && (
        <button type="button" class="quiet" onClick={() => void logOut()}>
          Log out {who.who}
        </button>
      )}
    </header>
  );
}

function NavLink({ name }: { readonly name: ViewName }) {
  const badge = badges.value[name];
  const isHere = route.value.view === name;
  return (
    <a href={addressOf(name)} aria-current={isHere ? 'page' : undefined}>
      {views[name].title}
      {badge !== undefined && badge.count > 0 && (
        <span class={`badge badge-${name}`}>
          {badge.count}
          <span class="unseen"> {badge.of}</span>
        </span>
      )}
    </a>
  );
}

function HostState() {
  const state = host.value;
  if (!connected.value) return <Pill tone="bad">No connection to the process</Pill>;
  if (state === undefined) return <Pill tone="plain">…</Pill>;
  const tone = state.stopping ? 'held' : state.ready ? 'good' : 'bad';
  return (
    <span class="host">
      <Pill tone={tone}>{state.stopping ? 'Draining' : state.ready ? 'Ready' : 'Not ready'}</Pill>
      <span class="server">{state.dialect}</span>
    </span>
  );
}
